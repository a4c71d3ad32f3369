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

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelrealtime.event.EventTypes;

/** Outputs of tools that routes have given and that wait to be sent. There is nobody else who would know of any. */
record QueuedOutputs(Outbox outbox) implements ToolOutputs {

    @Override
    public String of(String callId) {
        return null;
    }

    @Override
    public boolean isWaiting(String callId) {
        return outbox.holds(event -> {
            if (!EventTypes.CONVERSATION_ITEM_CREATE.equals(event.getType())) {
                return false;
            }
            JsonNode item = event.getJson().path("item");
            return MirrorItem.OUTPUT.equals(item.path("type").asText()) && callId.equals(item.path("call_id").asText());
        });
    }
}
