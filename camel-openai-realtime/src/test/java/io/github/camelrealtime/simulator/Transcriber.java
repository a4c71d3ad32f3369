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

/** What stands in for the speech recogniser. */
@FunctionalInterface
public interface Transcriber {

    /**
     * Hears a clip. Called on a worker thread, for several sessions and items at once; it may take its time. An exception
     * becomes a failed transcription with code {@code transcription_error}.
     */
    Transcription transcribe(AudioClip clip);
}
