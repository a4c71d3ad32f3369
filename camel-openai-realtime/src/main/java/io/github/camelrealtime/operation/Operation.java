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

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a producer can be asked to do with a session. */
public enum Operation {
    AUTO,
    APPEND_AUDIO,
    APPEND_IMAGE,
    COMMIT_AUDIO,
    CLEAR_AUDIO,
    END_TURN,
    SEND_TEXT,
    CREATE_ITEM,
    CREATE_RESPONSE,
    CANCEL_RESPONSE,
    INTERRUPT,
    PLAYBACK_POSITION,
    PLAYBACK_MARK,
    TRUNCATE_ITEM,
    DELETE_ITEM,
    RETRIEVE_ITEM,
    UPDATE_SESSION,
    SEND_EVENT,
    TRANSCRIBE,
    MUTE,
    UNMUTE,
    OPEN_SESSION,
    CLOSE_SESSION,
    RESTART;

    /** The name in URIs and headers: {@code append-audio}. */
    public String value() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Finds an operation by {@code append-audio}, {@code appendAudio} or {@code APPEND_AUDIO}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Operation fromValue(String text) {
        String plain = plain(text);
        for (Operation operation : values()) {
            if (plain(operation.name()).equals(plain)) {
                return operation;
            }
        }
        throw new IllegalArgumentException("Unknown operation; possible are "
                                           + Arrays.stream(values()).map(Operation::value).collect(Collectors.joining(", ")));
    }

    private static String plain(String text) {
        return text.replace("-", "").replace("_", "").toLowerCase(Locale.ROOT);
    }
}
