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

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.event.ClientEvent;

/**
 * A wish for a response. It may be asked for several times, each an attempt with an event id of its own (RESP-17): after a
 * rejection, after a failure, on another connection.
 */
final class ResponseRequest {

    static final String METADATA_KEY = "camel_request";
    private static final int MAX_METADATA = 16;
    private static final AtomicLong REQUESTS = new AtomicLong();

    /** Sent just before the request itself, so that no other request comes between; may be {@code null}. */
    final ClientEvent before;
    final boolean outOfBand;
    /** Whether somebody waits for {@link #done}; if not, a refusal is left to those who consume errors. */
    final boolean awaited;
    /** Whether it is one that any answer of the model serves, so that several are as good as one (RESP-2). */
    final boolean automatic;
    final CompletableFuture<Void> sent = new CompletableFuture<>();
    final CompletableFuture<ResponseResult> done = new CompletableFuture<>();
    /** Echoed by the service on the response. */
    final String key;
    /** Keeps the voice of the response, {@code null} if nobody wants it. */
    final ReplyAudio audio;
    /** Whether it leaves before audio that waits: what it is about has been committed already. */
    final boolean overtakes;

    // All below is guarded by the sequencer's lock.

    /** Of the present attempt. */
    ClientEvent create;
    /** Tells what is heard of an earlier attempt from what is heard of the present one. */
    int attempt;
    /** Of the present attempt: done when it has been handed to the transport. */
    CompletableFuture<Void> handed;
    /** By which connection, as {@link Outbox#admissions} counts them; 0 while that is not known. */
    long connection;
    /** Whether the service has created the response. */
    boolean begun;
    /** Known once the service has created it, unless it left that out. */
    String responseId;
    /** Ends the request when the service does not go on with it. */
    Timers.Cancellable watchdog = Timers.Cancellable.NOTHING;
    /** Done when {@link #before} has left: said once, however often the response has to be asked for. */
    CompletableFuture<Void> said;
    /** Whether the response is to be cancelled as soon as its id is known (trap T-5). */
    boolean cancelWished;
    /** Event id wanted for that cancel, {@code null} for a new one. */
    String cancelId;
    /** Whether the service has had it, and refused it as a response ran. */
    boolean rejected;
    /** Whether the turn that it is to answer was lost with its connection, and the next has not got it yet. */
    boolean turnLost;
    /** How often its response has failed and was asked for again (RESP-13). */
    int retries;

    /**
     * @param  response                 the {@code response} member of {@code response.create}, {@code null} for the session's
     *                                  defaults
     * @throws IllegalArgumentException if its metadata are no object, or leave no room for our entry
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
        this(before, response, awaited, eventId, audio, overtakes, false);
    }

    private ResponseRequest(
            ClientEvent before, ObjectNode response, boolean awaited, String eventId, ReplyAudio audio, boolean overtakes,
            boolean automatic) {
        this.before = before;
        this.awaited = awaited;
        this.audio = audio;
        this.overtakes = overtakes;
        this.automatic = automatic;
        ObjectNode body = response == null ? JsonNodeFactory.instance.objectNode() : response.deepCopy();
        this.outOfBand = "none".equals(body.path("conversation").asText());
        if (body.hasNonNull("metadata") && !body.get("metadata").isObject()) {
            throw new IllegalArgumentException("Member 'metadata' of the response is no object; names with texts are expected");
        }
        ObjectNode metadata = body.withObject("/metadata");
        this.key = Long.toString(REQUESTS.incrementAndGet());
        metadata.put(METADATA_KEY, key);
        if (metadata.size() > MAX_METADATA) {
            // without an entry of ours nobody could tell whose answer it is that comes
            throw new IllegalArgumentException(
                    "Member 'metadata' of the response has " + (metadata.size() - 1) + " entries; at most " + (MAX_METADATA - 1)
                                               + " are possible: the service takes " + MAX_METADATA + ", and the entry '"
                                               + METADATA_KEY + "', by which the answer is found, is one of them");
        }
        ClientEvent asking = ClientEvent.responseCreate(body);
        this.create = eventId == null ? asking : asking.with("event_id", eventId);
    }

    /** One that the component makes itself, such as after the outputs of tools. Overtakes audio: what it is about is there. */
    static ResponseRequest automatic() {
        return new ResponseRequest(null, null, false, null, null, true, true);
    }

    /** It is going to be asked for once more: what is heard of the last attempt is not about it any more. */
    void again() {
        attempt++;
        create = ClientEvent.responseCreate((ObjectNode) create.getJson().get("response"));
        handed = null;
        connection = 0;
        begun = false;
        responseId = null;
        watchdog.cancel();
        if (!hasLeft(said)) {
            said = null;
        }
    }

    /** Whether the present attempt was handed to the transport. */
    boolean hasLeft() {
        return begun || hasLeft(handed);
    }

    private static boolean hasLeft(CompletableFuture<Void> event) {
        return event != null && event.isDone() && !event.isCompletedExceptionally();
    }

    /** What the response goes by while it runs: the service may leave out its id. */
    String name() {
        return responseId == null ? "request " + key : responseId;
    }

    /** Ids of the events of the present attempt that may still be waiting to leave. */
    List<String> eventIds() {
        List<String> ids = new ArrayList<>();
        if (before != null && !hasLeft(said)) {
            ids.add(before.getEventId());
        }
        ids.add(create.getEventId());
        return ids;
    }

    void fail(Exception reason) {
        sent.completeExceptionally(reason);
        done.completeExceptionally(reason);
    }
}
