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

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.event.ClientEvent;

/** A wish for a response. */
final class ResponseRequest {

    static final String METADATA_KEY = "camel_request";
    private static final int MAX_METADATA = 16;
    private static final AtomicLong REQUESTS = new AtomicLong();

    /** Sent just before the request itself, so that no other request comes between; may be {@code null}. */
    final ClientEvent before;
    final ClientEvent create;
    final boolean outOfBand;
    /** Whether somebody waits for {@link #done}; if not, a refusal is left to those who consume errors. */
    final boolean awaited;
    final CompletableFuture<Void> sent = new CompletableFuture<>();
    final CompletableFuture<ResponseResult> done = new CompletableFuture<>();
    /** Echoed by the service on the response, {@code null} if there was no room for it. */
    final String key;
    /** Keeps the voice of the response, {@code null} if nobody wants it. */
    final ReplyAudio audio;
    /** Whether it leaves before audio that waits: what it is about has been committed already. */
    final boolean overtakes;
    /** Known once the service has created it. Guarded by the sequencer's lock. */
    String responseId;
    /** Ends the request when the service does not go on with it. Guarded by the sequencer's lock. */
    Timers.Cancellable watchdog = Timers.Cancellable.NOTHING;
    /** Said once, however often the response has to be asked for. Only whoever has the turn to send touches it. */
    boolean beforeSent;
    /** Whether the response is to be cancelled as soon as its id is known (trap T-5). Guarded by the sequencer's lock. */
    boolean cancelWished;
    /** Event id wanted for that cancel, {@code null} for a new one. Guarded by the sequencer's lock. */
    String cancelId;

    /**
     * @param  response                 the {@code response} member of {@code response.create}, {@code null} for the session's
     *                                  defaults
     * @throws IllegalArgumentException if its metadata are no object
     */
    ResponseRequest(ClientEvent before, ObjectNode response, boolean awaited) {
        this(before, response, awaited, null, null, false);
    }

    /**
     * @param eventId   of the {@code response.create}, {@code null} for a new one
     * @param audio     keeps the voice of the response, {@code null} if nobody wants it
     * @param overtakes whether it leaves before audio that waits
     */
    ResponseRequest(
            ClientEvent before, ObjectNode response, boolean awaited, String eventId, ReplyAudio audio, boolean overtakes) {
        this.before = before;
        this.awaited = awaited;
        this.audio = audio;
        this.overtakes = overtakes;
        ObjectNode body = response == null ? JsonNodeFactory.instance.objectNode() : response.deepCopy();
        this.outOfBand = "none".equals(body.path("conversation").asText());
        if (body.hasNonNull("metadata") && !body.get("metadata").isObject()) {
            throw new IllegalArgumentException("Member 'metadata' of the response is no object; names with texts are expected");
        }
        ObjectNode metadata = body.withObject("/metadata");
        if (metadata.size() < MAX_METADATA) {
            key = Long.toString(REQUESTS.incrementAndGet());
            metadata.put(METADATA_KEY, key);
        } else {
            key = null;
        }
        ClientEvent asking = ClientEvent.responseCreate(body);
        this.create = eventId == null ? asking : asking.with("event_id", eventId);
    }

    /** Ids of the events that it is made of. */
    List<String> eventIds() {
        return before == null ? List.of(create.getEventId()) : List.of(before.getEventId(), create.getEventId());
    }

    void fail(Exception reason) {
        sent.completeExceptionally(reason);
        done.completeExceptionally(reason);
    }
}
