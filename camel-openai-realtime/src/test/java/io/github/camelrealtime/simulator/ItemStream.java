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
        if (context.scenario().itemObjects()) {
            item.json().put("object", "realtime.item");
        }
        send(itemEvent("response.output_item.added"));
        if (run.settings().inConversation()) {
            previousItemId = context.conversation().lastId();
            context.conversation().append(item);
            context.downlink().send(Conversation.itemEvent(context.downlink(), "conversation.item.added", previousItemId, item));
        }
        begin();
    }

    /** Ends it, whatever has been sent so far. @param status {@code completed} or {@code incomplete} */
    void close(String status) {
        finish();
        item.json().put("status", status);
        if (run.settings().inConversation()) {
            context.downlink().send(Conversation.itemEvent(context.downlink(), "conversation.item.done",
                    namesPreviousWhenDone() ? previousItemId : null, item));
        }
        send(itemEvent("response.output_item.done"));
    }

    abstract boolean hasMore();

    /** Sends the next delta. */
    abstract void next();

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

    /** An event about this item. */
    ObjectNode event(String type) {
        return context.downlink().event(type).put("response_id", run.id()).put("item_id", item.id())
                .put("output_index", outputIndex);
    }

    void send(ObjectNode event) {
        context.downlink().send(event);
    }

    private ObjectNode itemEvent(String type) {
        ObjectNode event = context.downlink().event(type).put("response_id", run.id()).put("output_index", outputIndex);
        event.set("item", item.snapshot());
        return event;
    }
}
