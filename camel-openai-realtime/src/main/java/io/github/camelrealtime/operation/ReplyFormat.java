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
package io.github.camelrealtime.operation;

/** What an exchange that waits for an answer gets as its body. */
public enum ReplyFormat {
    /** The words. */
    TEXT,
    /** The voice as a WAV file: 16 bit mono at 24 kHz, or G.711 under its own tag, as the session has it. */
    WAV,
    /** The voice without a header, in the session's output format. */
    PCM
}
