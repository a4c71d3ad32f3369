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

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.event.ClientEvent;

/**
 * What is asked of the model.
 *
 * @param before         an event that belongs to the question and is sent just before it, such as the user's text;
 *                       {@code null} for none
 * @param response       the {@code response} member of {@code response.create}, {@code null} for what the session says
 * @param eventId        of the {@code response.create} (at the end of a turn, of the commit), {@code null} for a new one
 * @param awaited        whether somebody waits for the answer; if not, a later refusal goes out as an event
 * @param timeoutMillis  for the answer to be done, counted from when the question has been sent, which may take twice as
 *                       long itself while others have their turn; 0 = as long as the service may take (see
 *                       {@link ResponseSequencer})
 * @param maxAudioMillis most of the spoken answer that is kept for whoever waits, in ms; 0 = none of it is
 */
public record Question(
        ClientEvent before, ObjectNode response, String eventId, boolean awaited, long timeoutMillis, long maxAudioMillis) {

    /** One whose answer nobody here waits for. */
    public static Question unawaited(ClientEvent before, ObjectNode response, String eventId) {
        return new Question(before, response, eventId, false, 0, 0);
    }

    /** One whose answer is waited for so many ms, and wanted in words. */
    public static Question awaited(ClientEvent before, ObjectNode response, String eventId, long timeoutMillis) {
        return new Question(before, response, eventId, true, timeoutMillis, 0);
    }

    /** The same, with the answer wanted as audio too, so many ms at most. */
    public Question spoken(long millis) {
        return new Question(before, response, eventId, awaited, timeoutMillis, millis);
    }
}
