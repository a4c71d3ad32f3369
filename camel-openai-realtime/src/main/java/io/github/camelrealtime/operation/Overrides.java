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
 * What a route says about one operation in headers; {@code null} where it says nothing.
 *
 * @param eventId        event id for the event sent
 * @param responseId     the response that is meant
 * @param itemId         the item that is meant, or the id that a new one is to have
 * @param previousItemId the item behind which a new one is put, {@code root} for the first place
 * @param contentIndex   the content part that is meant, from 0
 * @param audioEndMillis how much of an item's audio is to be left, in ms
 * @param playedMillis   how far a sink has played, in ms
 * @param playbackMark   a mark that a sink has come to
 * @param imageText      text that goes with an image
 * @param endOfStream    whether the end of a stream body ends the turn
 * @param timestamp      when the first sample of audio was by the clock of its source, in ms since 1970
 */
public record Overrides(
        String eventId,
        String responseId,
        String itemId,
        String previousItemId,
        Integer contentIndex,
        Long audioEndMillis,
        Long playedMillis,
        String playbackMark,
        String imageText,
        Boolean endOfStream,
        Long timestamp) {

    /** Nothing is said. */
    public static final Overrides NONE = new Overrides(null, null, null, null, null, null, null, null, null, null, null);
}
