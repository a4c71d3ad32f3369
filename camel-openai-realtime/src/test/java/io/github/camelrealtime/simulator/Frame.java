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

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One text frame as it crossed the wire.
 *
 * @param direction who sent it, seen from the simulator
 * @param type      the event's {@code type}, empty if it had none
 * @param json      the event; a JSON string holding the raw text if it was not JSON. Not to be changed
 * @param atMillis  the simulator's clock, milliseconds since the epoch
 * @param scripted  made up by a test or a fault: no part of the conversation whose laws {@link TraceCheck} knows
 */
public record Frame(Direction direction, String type, JsonNode json, long atMillis, boolean scripted) {

    /** A frame of the conversation. */
    public Frame(Direction direction, String type, JsonNode json, long atMillis) {
        this(direction, type, json, atMillis, false);
    }

    /** Who sent a frame. */
    public enum Direction {
        /** By the client, received here. */
        RECEIVED,
        /** By the simulator. */
        SENT
    }
}
