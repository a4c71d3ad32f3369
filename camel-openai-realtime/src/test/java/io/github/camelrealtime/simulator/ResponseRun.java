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

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.simulator.SimulatorClock.Cancellable;

/** One response from {@code response.created} to its one {@code response.done}. On the session's lane. */
final class ResponseRun {

    private final SessionContext context;
    private final ResponseSettings settings;
    private final List<Item> input;
    private final TokenMeter meter;
    private final PartStreams streams;
    private final Consumer<ResponseRun> whenDone;
    private final String id;
    private final List<Item> output = new ArrayList<>();
    private final List<ItemStream> open = new ArrayList<>();
    private Reply reply;
    private int nextPart;
    private int turn;
    private long tokensBefore;
    private boolean begun;
    private Cancellable pending;
    private boolean done;

    ResponseRun(SessionContext context, ResponseSettings settings, List<Item> input, TokenMeter meter, PartStreams streams,
            Consumer<ResponseRun> whenDone) {
        this.context = context;
        this.settings = settings;
        this.input = List.copyOf(input);
        this.meter = meter;
        this.streams = streams;
        this.whenDone = whenDone;
        this.id = context.ids().response();
    }

    String id() {
        return id;
    }

    ResponseSettings settings() {
        return settings;
    }

    /** Length of what it has said so far, in milliseconds. */
    long audioMillis() {
        return output.stream().mapToLong(Item::audioMillis).sum();
    }

    /** Announces it; what it answers is told later. */
    void announce() {
        begun = true;
        send("response.created", "in_progress", null, null);
    }

    /** Answers, after announcing it if that has not been done. */
    void answer(Reply answer) {
        if (done) {
            return;
        }
        reply = answer;
        // scheduled first: a client that has seen the event may move virtual time at once
        pending = context.timer().schedule(reply.thinkTime(context.behaviour().thinkTime), this::step);
        if (!begun) {
            announce();
        }
    }

    /** @param reason {@code turn_detected} or {@code client_cancelled} */
    void cancel(String reason) {
        if (done) {
            return;
        }
        stopTimer();
        if (context.behaviour().deltasAfterCancel) {
            open.stream().filter(stream -> stream.hasMore() && !stream.isWaiting()).findFirst().ifPresent(ItemStream::next);
        }
        breakOff("cancelled", details("cancelled").put("reason", reason));
    }

    /** The client has answered a request for approval. @return whether it was asked in this response */
    boolean decide(String requestId, boolean approve) {
        for (ItemStream stream : open) {
            if (stream instanceof McpCallStream call && call.decide(requestId, approve)) {
                stopTimer();
                scheduleStep(0);
                return true;
            }
        }
        return false;
    }

    /** Nothing of the reply that is not open yet will be. */
    void endAfterOpen() {
        nextPart = reply.parts().size();
    }

    private void step() {
        boolean last = nextPart == reply.parts().size();
        boolean sent = open.stream().noneMatch(ItemStream::hasMore);
        if (last && sent && reply.isEndless()) {
            return;
        }
        if (last && open.isEmpty()) {
            endAsScripted();
            return;
        }
        long millis = 0;
        if (open.isEmpty() || reply.isInterleaved() && !last && turn > 0) {
            if (!openNext()) {
                return;
            }
        } else {
            ItemStream stream = nextOpen();
            if (stream == null) {
                // all of them wait for the client
                return;
            }
            if (stream.hasMore() && tokens() >= settings.mostTokens()) {
                breakOff("incomplete", details("incomplete").put("reason", "max_output_tokens"));
                return;
            }
            millis = advance(stream, last);
        }
        scheduleStep(millis);
    }

    private long advance(ItemStream stream, boolean last) {
        if (stream.hasMore()) {
            stream.next();
            turn++;
            return stream.lastMillis();
        }
        boolean broken = last && open.size() == 1 && reply.ending() == Reply.Ending.INCOMPLETE;
        close(stream, broken ? "incomplete" : "completed");
        return 0;
    }

    private ItemStream nextOpen() {
        for (int i = 0; i < open.size(); i++) {
            ItemStream stream = open.get((turn + i) % open.size());
            if (!stream.isWaiting()) {
                return stream;
            }
        }
        return null;
    }

    /** @return false if the voice has to speak first; then the next step is scheduled when it has */
    private boolean openNext() {
        int part = nextPart++;
        if (reply.parts().get(part) instanceof Reply.Message message && streams.isSlow(this, message)) {
            streams.speak(message.text(), sound -> {
                if (!done) {
                    open(streams.message(this, part, message, sound));
                    scheduleStep(0);
                }
            }, failure -> {
                if (!done) {
                    breakOff("failed", failed("voice_failed", failure));
                }
            });
            return false;
        }
        open(streams.make(this, part, reply));
        return true;
    }

    private void open(ItemStream stream) {
        if (nextPart == reply.parts().size() && reply.ending() == Reply.Ending.INCOMPLETE) {
            stream.halve();
        }
        turn = 0;
        open.add(stream);
        output.add(stream.item());
        stream.open();
    }

    private void close(ItemStream stream, String status) {
        open.remove(stream);
        tokensBefore += stream.tokens();
        stream.close(status);
    }

    private void breakOff(String status, ObjectNode details) {
        List.copyOf(open).forEach(stream -> close(stream, "incomplete"));
        end(status, details);
    }

    private long tokens() {
        return tokensBefore + open.stream().mapToLong(ItemStream::tokens).sum();
    }

    private void scheduleStep(long soundMillis) {
        double pace = context.behaviour().pace;
        Duration delay = reply.stepDelay(context.behaviour().stepDelay);
        pending = context.timer().schedule(pace > 0 ? delay.plusMillis((long) (soundMillis / pace)) : delay, this::step);
    }

    private void stopTimer() {
        if (pending != null) {
            pending.cancel();
        }
    }

    private void endAsScripted() {
        switch (reply.ending()) {
            case COMPLETED -> end("completed", null);
            case INCOMPLETE -> end("incomplete", details("incomplete").put("reason", reply.code()));
            case FAILED -> end("failed", failed(reply.code(), reply.message()));
        }
    }

    private void end(String status, ObjectNode details) {
        done = true;
        boolean free = status.equals("failed") && output.isEmpty();
        send("response.done", status, details, free ? null : meter.response(settings.preamble(), input, output));
        whenDone.accept(this);
    }

    private void send(String type, String status, ObjectNode details, ObjectNode usage) {
        ObjectNode event = context.downlink().event(type);
        ObjectNode response = event.putObject("response").put("object", "realtime.response").put("id", id)
                .put("status", status);
        response.set("status_details", details);
        ArrayNode items = response.putArray("output");
        output.forEach(item -> items.add(item.snapshot()));
        response.put("conversation_id", settings.inConversation() ? context.conversation().id() : null);
        response.set("output_modalities", settings.modalities().deepCopy());
        response.set("max_output_tokens", settings.maxTokens().deepCopy());
        response.set("audio", settings.audio());
        response.set("usage", usage);
        response.set("metadata", settings.metadata());
        context.downlink().send(event);
    }

    private static ObjectNode failed(String code, String message) {
        ObjectNode details = details("failed");
        details.putObject("error").put("type", "server_error").put("code", code).put("message", message);
        return details;
    }

    private static ObjectNode details(String type) {
        return JsonNodeFactory.instance.objectNode().put("type", type);
    }
}
