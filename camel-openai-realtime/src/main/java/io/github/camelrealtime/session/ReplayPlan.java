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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.event.ClientEvent;

/**
 * What a connection has to be told of the conversation so far (ROLL-10): messages with something in them, in text and pictures;
 * calls of tools with their outputs. An output without its call is left out, and so is a call that the model did not come to
 * the end of. Calls that nobody had an output of yet come with the plan, to be settled at its end (ROLL-16).
 *
 * @param steps    in the order of the conversation
 * @param pending  the calls among them that have no output, by {@code call_id}
 * @param wanting  items of which nothing is known that could be told
 * @param begun    whether anything was said, beyond what the conversation began with
 * @param shorter  whether something of the conversation is not kept any more
 */
record ReplayPlan(List<Step> steps, Map<String, Step> pending, int wanting, boolean begun, boolean shorter) {

    static final ReplayPlan NOTHING = new ReplayPlan(List.of(), Map.of(), 0, false, false);

    /**
     * An item to be created.
     *
     * @param item what it repeats
     * @param id   by which the service will know it
     * @param json the item as it is created
     * @param told what is told of it, as a hash
     */
    record Step(MirrorItem item, String id, ObjectNode json, int told) {

        /** By which call and output find each other; {@code null} for a message. */
        String callId() {
            return json.path("call_id").textValue();
        }

        boolean isCall() {
            return MirrorItem.CALL.equals(json.path("type").textValue());
        }
    }

    /**
     * How a call has been settled that had no output.
     *
     * @param itemId  of the output
     * @param unknown whether it only says that nobody knows
     */
    record Settlement(String itemId, String callId, String output, boolean unknown) {
    }

    /** To be called with the lock of the mirror held, as it reads the items. */
    static ReplayPlan of(List<MirrorItem> items, boolean begun, boolean shorter) {
        List<MirrorItem> present = items.stream().filter(item -> item.removal == null).toList();
        Set<String> answered = new HashSet<>();
        present.stream().filter(MirrorItem::isOutput).forEach(item -> answered.add(item.callId()));
        List<Step> steps = new ArrayList<>();
        Map<String, Step> pending = new HashMap<>();
        Set<String> called = new HashSet<>();
        int wanting = 0;
        int trailing = 0;
        for (MirrorItem item : present) {
            int before = steps.size();
            if (item.isCompleteCall()) {
                Step call = step(item, item.call(id(item), item.callId()));
                steps.add(call);
                called.add(item.callId());
                if (!answered.contains(item.callId())) {
                    pending.put(item.callId(), call);
                }
            } else if (item.isOutput() && called.contains(item.callId())) {
                steps.add(step(item, item.output(id(item), item.callId())));
            } else if (item.isMcpRound()) {
                String callId = ClientEvent.nextItemId();
                steps.add(step(item, item.call(ClientEvent.nextItemId(), callId)));
                steps.add(step(item, item.output(ClientEvent.nextItemId(), callId)));
            } else if (MirrorItem.MESSAGE.equals(item.type)) {
                ObjectNode message = item.message(id(item));
                if (message != null) {
                    steps.add(step(item, message));
                }
            }
            // audio at the end whose words are still to come is given once more, as audio
            trailing = item.isUnspeakable() ? trailing + 1 : steps.size() > before ? 0 : trailing;
            wanting += item.isUnspeakable() ? 1 : 0;
        }
        return new ReplayPlan(steps, pending, wanting - trailing, begun, shorter);
    }

    private static Step step(MirrorItem item, ObjectNode json) {
        return new Step(item, json.path("id").textValue(), json, Objects.hashCode(item.words()));
    }

    /** Ids of our own choice stay; those of the service are not ours to give. */
    private static String id(MirrorItem item) {
        return item.named ? item.id : ClientEvent.nextItemId();
    }

    /** How many items the connection should know in the end. */
    int expected() {
        return steps.size() + pending.size() + wanting;
    }
}
