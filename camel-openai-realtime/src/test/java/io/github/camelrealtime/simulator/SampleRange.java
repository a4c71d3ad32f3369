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
package io.github.camelrealtime.simulator;

/**
 * A stretch of the audio a session was given, counted in samples since its first append.
 *
 * @param first inclusive
 * @param end   exclusive
 */
public record SampleRange(long first, long end) {

    public SampleRange {
        if (first < 0 || end < first) {
            throw new IllegalArgumentException("Not a range of samples: " + first + ".." + end);
        }
    }

    /** How many samples it holds. */
    public long length() {
        return end - first;
    }
}
