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
package io.github.camelrealtime;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.camelrealtime.session.RealtimeSession;
import org.apache.camel.Component;
import org.apache.camel.Route;
import org.apache.camel.spi.annotations.DevConsole;
import org.apache.camel.support.console.AbstractDevConsole;
import org.apache.camel.util.json.JsonArray;
import org.apache.camel.util.json.JsonObject;

/**
 * Sessions, consumers and pools, for the developer console. Names, numbers and states; no secret and nothing that was said.
 */
@DevConsole(name = "openai-realtime", displayName = "OpenAI Realtime",
            description = "Sessions of the OpenAI Realtime API, their consumers and pools")
public class OpenAIRealtimeDevConsole extends AbstractDevConsole {

    public OpenAIRealtimeDevConsole() {
        super("camel", "openai-realtime", "OpenAI Realtime", "Sessions of the OpenAI Realtime API, their consumers and pools");
    }

    @Override
    protected Map<String, Object> doCallJson(Map<String, Object> options) {
        JsonObject root = new JsonObject();
        root.put("sessions", json(sessions()));
        root.put("consumers", json(consumers()));
        root.put("pools", json(pools()));
        return root;
    }

    private static JsonArray json(List<Map<String, Object>> rows) {
        JsonArray array = new JsonArray();
        rows.forEach(row -> array.add(new JsonObject(row)));
        return array;
    }

    @Override
    protected String doCallText(Map<String, Object> options) {
        StringBuilder text = new StringBuilder();
        table(text, "Sessions", sessions());
        table(text, "Consumers", consumers());
        table(text, "Pools", pools());
        return text.toString();
    }

    private static void table(StringBuilder text, String title, List<Map<String, Object>> rows) {
        text.append(title).append(": ").append(rows.size()).append('\n');
        for (Map<String, Object> row : rows) {
            text.append("   ");
            row.forEach((name, value) -> text.append(' ').append(name).append('=').append(value));
            text.append('\n');
        }
    }

    private List<OpenAIRealtimeComponent> components() {
        List<OpenAIRealtimeComponent> components = new ArrayList<>();
        for (String name : getCamelContext().getComponentNames()) {
            Component component = getCamelContext().hasComponent(name);
            if (component instanceof OpenAIRealtimeComponent ours && ours.registry() != null) {
                components.add(ours);
            }
        }
        return components;
    }

    private List<Map<String, Object>> sessions() {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (OpenAIRealtimeComponent component : components()) {
            for (RealtimeSession session : component.registry().sessions()) {
                rows.add(SessionReport.of(session, component.timersInUse().millis()));
            }
        }
        return rows;
    }

    private List<Map<String, Object>> consumers() {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Route route : getCamelContext().getRoutes()) {
            if (route.getConsumer() instanceof SessionConsumer consumer) {
                Map<String, Object> row = new LinkedHashMap<>();
                row.put("routeId", route.getId());
                row.put("name", consumer.getEndpoint().getName());
                row.put("status", consumer.getStatus().name());
                row.put("queuedEvents", consumer.getQueuedEvents());
                row.put("droppedEvents", consumer.getDroppedEvents());
                row.put("routedEvents", consumer.getRoutedEvents());
                row.put("overrun", consumer.isOverrun());
                row.put("sessions", consumer.getSessionNames().size());
                rows.add(row);
            }
        }
        return rows;
    }

    private List<Map<String, Object>> pools() {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (OpenAIRealtimeComponent component : components()) {
            component.pools().pools().forEach((name, pool) -> {
                Map<String, Object> row = new LinkedHashMap<>();
                row.put("name", name);
                row.put("size", pool.size());
                row.put("members", pool.members().size());
                row.put("free", pool.free());
                row.put("waiting", pool.waiting());
                rows.add(row);
            });
        }
        return rows;
    }
}
