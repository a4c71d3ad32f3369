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

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.event.ServerEvent;

/**
 * Watches how full the model's context is (CTX-10). When it is full the service leaves out what was said first, and no event
 * announces that (wire reference §3.2): so ours says beforehand that it will, once, and again only after there was more room
 * in between.
 *
 * <p>What the last response took in and gave out is in the conversation of the next. Thread-safe.
 */
final class ContextWatch {

    private final SessionConfig config;
    private final Consumer<ObjectNode> announce;
    private final AtomicBoolean announced = new AtomicBoolean();
    private volatile long usedTokens;

    /** @param announce gets the members of {@link LocalEvents#CONTEXT_NEARING_LIMIT} */
    ContextWatch(SessionConfig config, Consumer<ObjectNode> announce) {
        this.config = config;
        this.announce = announce;
    }

    void onEvent(ServerEvent event) {
        if (!EventTypes.RESPONSE_DONE.equals(event.getType()) || ResponseEvents.isOutOfBand(event)) {
            return;
        }
        JsonNode usage = event.getJson().path("response").path("usage");
        long used = usage.path("input_tokens").asLong() + usage.path("output_tokens").asLong();
        if (used <= 0) {
            return;
        }
        usedTokens = used;
        long window = config.history().windowTokens();
        double threshold = config.history().warningThreshold();
        boolean near = window > 0 && threshold > 0 && used >= window * threshold;
        if (!announced.getAndSet(near) && near) {
            ObjectNode members = JsonNodeFactory.instance.objectNode();
            members.put("used_tokens", used);
            members.put("window_tokens", window);
            members.put("threshold", threshold);
            members.put("response_id", event.getResponseId());
            announce.accept(members);
        }
    }

    /** Tokens of the conversation as of the last response, 0 if there was none. */
    long usedTokens() {
        return usedTokens;
    }
}
