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

/**
 * What the route says about one operation in headers.
 *
 * @param eventId      event id for the event sent, or {@code null}
 * @param responseId   the response that is meant, or {@code null}
 * @param itemId       the item that is meant, or {@code null}
 * @param playedMillis how far a sink has played, or {@code null}
 * @param endOfStream  whether the end of a stream body ends the turn
 */
public record Overrides(String eventId, String responseId, String itemId, Long playedMillis, boolean endOfStream) {

    /** Nothing is said. */
    public static final Overrides NONE = new Overrides(null, null, null, null, true);
}
