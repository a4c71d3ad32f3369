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

/** What the simulated model speaks with. */
@FunctionalInterface
public interface Voice {

    /** The rate of a voice's samples, in Hz. */
    int SAMPLE_RATE = 24_000;

    /**
     * Says a text. Called on a worker thread, for several sessions at once; it may take its time. An exception ends the
     * response with status {@code failed} and the code {@code voice_failed}.
     *
     * @param  text as it stands in the transcript
     * @return      mono samples at 24 kHz; empty for silence
     */
    short[] speak(String text);
}
