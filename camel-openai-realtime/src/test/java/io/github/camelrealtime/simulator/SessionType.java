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

/** Kinds of session the service knows on a WebSocket of its own. */
public enum SessionType {

    /** A conversation. */
    REALTIME("realtime", "realtime.session"),
    /** Speech to text only. */
    TRANSCRIPTION("transcription", "realtime.transcription_session");

    private final String wireName;
    private final String objectName;

    SessionType(String wireName, String objectName) {
        this.wireName = wireName;
        this.objectName = objectName;
    }

    /** The session object's {@code type}. */
    public String wireName() {
        return wireName;
    }

    /** The session object's {@code object}. */
    String objectName() {
        return objectName;
    }

    @Override
    public String toString() {
        return wireName;
    }
}
