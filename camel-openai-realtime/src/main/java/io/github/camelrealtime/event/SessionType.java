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
package io.github.camelrealtime.event;

/** The three kinds of session the service offers, by the value of {@code session.type} on the wire. */
public enum SessionType {

    /** A conversation: speech or text in, speech or text out. */
    REALTIME("realtime"),
    /** Speech to text only. */
    TRANSCRIPTION("transcription"),
    /** A continuous interpreter with a vocabulary of its own: no items, no responses. */
    TRANSLATION("translation");

    private final String wireName;

    SessionType(String wireName) {
        this.wireName = wireName;
    }

    /** The name the service uses, such as {@code realtime}. */
    public String wireName() {
        return wireName;
    }

    /**
     * The session type of that wire name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static SessionType ofWireName(String wireName) {
        for (SessionType type : values()) {
            if (type.wireName.equals(wireName)) {
                return type;
            }
        }
        throw new IllegalArgumentException(
                "Unknown session type '" + wireName + "': use realtime, transcription or translation");
    }
}
