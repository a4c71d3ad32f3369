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

import com.fasterxml.jackson.databind.node.ObjectNode;

/** One item of a response on its way out: opened, sent delta by delta, closed early or late. On the session's lane. */
abstract class ItemStream {

    private final SessionContext context;
    private final ResponseRun run;
    private final int outputIndex;
    private final Item item;
    private String previousItemId;

    ItemStream(SessionContext context, ResponseRun run, int outputIndex, Item item) {
        this.context = context;
        this.run = run;
        this.outputIndex = outputIndex;
        this.item = item;
    }

    /** Announces the item. */
    void open() {
        if (context.behaviour().itemObjects) {
            item.json().put("object", "realtime.item");
        }
        send(itemEvent("response.output_item.added"));
        if (joins()) {
            previousItemId = context.conversation().lastId();
            context.conversation().append(item);
        }
        if (isTold()) {
            context.downlink().send(Conversation.itemEvent(context.downlink(), "conversation.item.added", previousItemId, item));
        }
        begin();
    }

    /** Ends it, whatever has been sent so far. @param status {@code completed} or {@code incomplete} */
    void close(String status) {
        finish();
        mark(status);
        if (isTold()) {
            context.downlink().send(Conversation.itemEvent(context.downlink(), "conversation.item.done",
                    namesPreviousWhenDone() ? previousItemId : null, item));
        }
        send(itemEvent("response.output_item.done"));
    }

    /** Whether there is a next step. */
    abstract boolean hasMore();

    /** Sends the next delta. */
    abstract void next();

    /** True while it cannot go on before the client has had its say; the run is told when it can. */
    boolean isWaiting() {
        return false;
    }

    /** Milliseconds of sound the last step sent. */
    long lastMillis() {
        return 0;
    }

    /** Tokens sent so far. */
    abstract long tokens();

    /** Tells the outcome in the item, where items of this kind have a status. */
    void mark(String status) {
        item.json().put("status", status);
    }

    /** Gives up the second half of what is left. */
    abstract void halve();

    Item item() {
        return item;
    }

    /** Sends what comes between the item and its first delta. */
    abstract void begin();

    /** Sends the {@code .done} events of what has been sent, and puts it into the item. */
    abstract void finish();

    /** Live, the done event of text items names the item before; that of audio and function calls says null. */
    abstract boolean namesPreviousWhenDone();

    SessionContext context() {
        return context;
    }

    ResponseRun run() {
        return run;
    }

    int outputIndex() {
        return outputIndex;
    }

    /** An event about a part of this item, with the part. */
    void sendPart(String type, String kind, String member, String content) {
        ObjectNode event = event(type).put("content_index", 0);
        event.putObject("part").put("type", kind).put(member, content);
        if (context.behaviour().duplicateContent) {
            event.set("content", event.path("part").deepCopy());
        }
        send(event);
    }

    /** An event about this item. */
    ObjectNode event(String type) {
        return context.downlink().event(type).put("response_id", run.id()).put("item_id", item.id())
                .put("output_index", outputIndex);
    }

    void send(ObjectNode event) {
        context.downlink().send(event);
    }

    private boolean joins() {
        return run.settings().inConversation();
    }

    private boolean isTold() {
        return joins() || context.behaviour().assumes(Assumption.OUT_OF_BAND_ITEMS_TOLD);
    }

    private ObjectNode itemEvent(String type) {
        ObjectNode event = context.downlink().event(type).put("response_id", run.id()).put("output_index", outputIndex);
        event.set("item", item.snapshot());
        return event;
    }
}
