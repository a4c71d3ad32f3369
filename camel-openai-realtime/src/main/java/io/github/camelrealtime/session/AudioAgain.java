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
package io.github.camelrealtime.session;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

import io.github.camelrealtime.audio.AudioFormat;
import io.github.camelrealtime.session.SentBuffer.Stretch;

/**
 * Audio that is to be sent again, with its commits: taken out of {@link UnsettledAudio} when its connection is lost, or in the
 * middle of a turn that another is to get whole. Not thread-safe: whoever has it guards it.
 */
final class AudioAgain {

    /** In the order in which they are to leave. */
    final List<OutboxEntry> entries = new ArrayList<>();
    /** Commits among them, in order. */
    final List<Commit> commits = new ArrayList<>();
    /** Commits among them whose stretch has lost its beginning. */
    final List<Commit> torn = new ArrayList<>();
    /** Items that the service had made of it. */
    Set<String> items = Set.of();
    /** Samples that were wanted and are not there any more. */
    long lostSamples;
    /** Of these, how many are at the beginning of what is not committed. */
    long lostOpenSamples;

    /** Where in the stream the first of them lies, in samples; 0 if there is none. */
    long streamStart() {
        return entries.stream().filter(entry -> entry.isAudio() && entry.stream() != OutboxEntry.NOWHERE)
                .mapToLong(OutboxEntry::stream).min().orElse(0);
    }

    /** Samples of the stream among them. */
    long streamSamples(AudioFormat format) {
        return entries.stream().filter(entry -> entry.stream() != OutboxEntry.NOWHERE)
                .mapToLong(OutboxEntry::audioBytes).sum() / format.bytesPerFrame();
    }

    /**
     * Copies what there is of these stretches.
     *
     * @param kept      what the connection got and others did
     * @param stretches in order; what is not committed last
     * @param turnEnd   silence after which the service ends a turn: behind one that it had ended when other sound followed
     */
    void collect(
            Collection<OutboxEntry> kept, SentBuffer buffer, List<Stretch> stretches, byte[] turnEnd, AudioFormat format) {
        long end = -1;
        boolean service = false;
        for (Stretch stretch : stretches) {
            long found = copy(kept, buffer, stretch, service && stretch.from() > end ? turnEnd : new byte[0], format);
            long missing = stretch.to - stretch.from() - found;
            lostSamples += missing;
            lostOpenSamples = stretch == stretches.get(stretches.size() - 1) ? missing : 0;
            if (stretch.commit != null) {
                commit(stretch, found, missing);
            }
            service = stretch.byService && found > 0;
            end = stretch.to;
        }
        if (service) {
            entries.add(OutboxEntry.silenceAgain(turnEnd));
        }
    }

    private void commit(Stretch stretch, long found, long missing) {
        if (found == 0) {
            return;
        }
        Commit commit = stretch.commit.commit();
        entries.add(stretch.commit.again());
        if (commit != null) {
            commits.add(commit);
            if (missing > 0) {
                torn.add(commit);
            }
        }
    }

    /** Returns how many samples of the stretch are there. */
    private long copy(
            Collection<OutboxEntry> kept, SentBuffer buffer, Stretch stretch, byte[] before, AudioFormat format) {
        int width = format.bytesPerFrame();
        long found = 0;
        for (OutboxEntry entry : kept) {
            if (!entry.isAudio() || entry.epoch() != buffer.epoch) {
                continue;
            }
            long from = Math.max(entry.at(), stretch.from());
            long to = Math.min(entry.at() + entry.audioBytes() / width, stretch.to);
            if (from < to) {
                if (found == 0 && before.length > 0) {
                    entries.add(OutboxEntry.silenceAgain(before));
                }
                entries.add(entry.again((int) (from - entry.at()) * width, (int) (to - entry.at()) * width, width));
                found += to - from;
            }
        }
        return found;
    }
}
