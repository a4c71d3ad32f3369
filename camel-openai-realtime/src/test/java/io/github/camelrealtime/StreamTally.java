/*
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      http://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */
package io.github.camelrealtime;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import io.github.camelrealtime.simulator.SampleRange;

/**
 * What became of a stream of audio, exact to the sample.
 *
 * @param lost    wanted and not heard
 * @param doubled heard, and heard again
 * @param early   heard before what comes before it in the stream
 */
record StreamTally(List<SampleRange> lost, List<SampleRange> doubled, List<SampleRange> early) {

    /**
     * @param wanted stretches of the stream, in its order
     * @param heard  in the order of hearing
     */
    static StreamTally of(List<SampleRange> wanted, List<SampleRange> heard) {
        List<SampleRange> sorted = heard.stream().sorted(Comparator.comparingLong(SampleRange::first)).toList();
        List<SampleRange> doubled = new ArrayList<>();
        List<SampleRange> once = new ArrayList<>();
        long end = 0;
        for (SampleRange range : sorted) {
            if (range.first() < end) {
                add(doubled, range.first(), Math.min(end, range.end()));
            }
            if (range.end() > end) {
                add(once, Math.max(end, range.first()), range.end());
                end = range.end();
            }
        }
        return new StreamTally(without(wanted, once), doubled, early(heard));
    }

    private static List<SampleRange> early(List<SampleRange> heard) {
        List<SampleRange> early = new ArrayList<>();
        for (int i = 1; i < heard.size(); i++) {
            if (heard.get(i).first() < heard.get(i - 1).first()) {
                early.add(heard.get(i - 1));
            }
        }
        return early;
    }

    /** What of these stretches, each list in order, is not in those. */
    static List<SampleRange> without(List<SampleRange> these, List<SampleRange> those) {
        List<SampleRange> left = new ArrayList<>();
        int at = 0;
        for (SampleRange wanted : these) {
            long from = wanted.first();
            while (at < those.size() && those.get(at).end() <= from) {
                at++;
            }
            for (int i = at; i < those.size() && those.get(i).first() < wanted.end(); i++) {
                add(left, from, Math.max(from, those.get(i).first()));
                from = Math.max(from, Math.min(wanted.end(), those.get(i).end()));
            }
            add(left, from, wanted.end());
        }
        return left;
    }

    private static void add(List<SampleRange> to, long first, long end) {
        if (first < end) {
            int last = to.size() - 1;
            if (last >= 0 && to.get(last).end() == first) {
                to.set(last, new SampleRange(to.get(last).first(), end));
            } else {
                to.add(new SampleRange(first, end));
            }
        }
    }
}
