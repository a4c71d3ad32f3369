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
    private final Reply reply;
    private final List<Item> input;
    private final TokenMeter meter;
    private final Consumer<ResponseRun> whenDone;
    private final String id;
    private final List<Item> output = new ArrayList<>();
    private ItemStream stream;
    private int nextPart;
    private Cancellable pending;
    private boolean done;

    ResponseRun(SessionContext context, ResponseSettings settings, Reply reply, List<Item> input, TokenMeter meter,
            Consumer<ResponseRun> whenDone) {
        this.context = context;
        this.settings = settings;
        this.reply = reply;
        this.input = List.copyOf(input);
        this.meter = meter;
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

    void start() {
        // scheduled first: a client that has seen the event may move virtual time at once
        pending = context.timer().schedule(reply.thinkTime(context.scenario().thinkTime()), this::step);
        send("response.created", "in_progress", null, null);
    }

    /** @param reason {@code turn_detected} or {@code client_cancelled} */
    void cancel(String reason) {
        if (done) {
            return;
        }
        pending.cancel();
        if (stream != null) {
            if (context.scenario().deltasAfterCancel() && stream.hasMore()) {
                stream.next();
            }
            stream.close("incomplete");
        }
        end("cancelled", details("cancelled").put("reason", reason));
    }

    private void step() {
        boolean last = nextPart == reply.parts().size();
        boolean sent = stream == null || !stream.hasMore();
        if (last && sent && reply.isEndless()) {
            return;
        }
        if (last && stream == null) {
            endAsScripted();
            return;
        }
        if (stream == null) {
            openNext();
        } else if (stream.hasMore()) {
            stream.next();
        } else {
            stream.close(last && reply.ending() == Reply.Ending.INCOMPLETE ? "incomplete" : "completed");
            stream = null;
        }
        pending = context.timer().schedule(reply.stepDelay(context.scenario().stepDelay()), this::step);
    }

    private void openNext() {
        Reply.Part part = reply.parts().get(nextPart);
        stream = part instanceof Reply.Call call ? new CallStream(context, this, nextPart, call)
                : messageStream((Reply.Message) part);
        nextPart++;
        if (nextPart == reply.parts().size() && reply.ending() == Reply.Ending.INCOMPLETE) {
            stream.halve();
        }
        output.add(stream.item());
        stream.open();
    }

    private ItemStream messageStream(Reply.Message message) {
        Item item = Item.message(context.ids().item(), "assistant", "in_progress");
        if (context.config().model().reasoning()) {
            item.json().put("phase", message.commentary() ? "commentary" : "final_answer");
        }
        return settings.spoken() ? new SpeechStream(context, this, nextPart, item, message.text())
                : new TextStream(context, this, nextPart, item, message.text());
    }

    private void endAsScripted() {
        switch (reply.ending()) {
            case COMPLETED -> end("completed", null);
            case INCOMPLETE -> end("incomplete", details("incomplete").put("reason", reply.code()));
            case FAILED -> {
                ObjectNode details = details("failed");
                details.putObject("error").put("type", "server_error").put("code", reply.code())
                        .put("message", reply.message());
                end("failed", details);
            }
        }
    }

    private void end(String status, ObjectNode details) {
        done = true;
        stream = null;
        boolean free = status.equals("failed") && output.isEmpty();
        send("response.done", status, details,
                free ? null : meter.response(settings.instructions().length(), input, output));
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

    private static ObjectNode details(String type) {
        return JsonNodeFactory.instance.objectNode().put("type", type);
    }
}
