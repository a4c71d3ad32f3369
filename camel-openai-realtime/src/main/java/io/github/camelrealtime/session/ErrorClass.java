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

/** What an error means for those who hear of it. */
public enum ErrorClass {
    /** Lost a harmless race; nobody needs to know. */
    BENIGN,
    /** A response was asked for while one was running: the sequencer sends it again. */
    SEQUENCE,
    /** That request was wrong; it fails alone and the session lives. */
    REQUEST,
    /** Worth another try later. */
    TRANSIENT,
    /** The session reached its greatest age. */
    EXPIRED,
    /** The call behind a sideband is over. */
    CALL_GONE,
    /** Dialling again is pointless until somebody changes the key, the model or the account. */
    FATAL
}
