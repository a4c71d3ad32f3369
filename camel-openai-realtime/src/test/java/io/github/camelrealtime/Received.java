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

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.awaitility.core.ThrowingRunnable;

import static org.assertj.core.api.Assertions.assertThat;

/** The end of a route: keeps what came, in order. */
final class Received implements Processor {

    /** Headers and body as they were; the exchange itself may be gone. */
    record Event(Map<String, Object> headers, Object body) {

        String type() {
            return (String) headers.get(OpenAIRealtimeConstants.EVENT_TYPE);
        }

        Object header(String name) {
            return headers.get(name);
        }
    }

    private final List<Event> events = new CopyOnWriteArrayList<>();

    @Override
    public void process(Exchange exchange) {
        events.add(new Event(new HashMap<>(exchange.getMessage().getHeaders()), exchange.getMessage().getBody()));
    }

    List<Event> events() {
        return List.copyOf(events);
    }

    List<String> types() {
        return events.stream().map(Event::type).toList();
    }

    List<Event> ofType(String type) {
        return events.stream().filter(event -> type.equals(event.type())).toList();
    }

    /** Values of a header, without the events that have none. */
    List<Object> headers(String name) {
        return events.stream().map(event -> event.header(name)).filter(Objects::nonNull).toList();
    }

    /** Waits for so many events at least. */
    List<Event> await(int count) {
        awaitAsserted(() -> assertThat(types()).hasSizeGreaterThanOrEqualTo(count));
        return events();
    }

    /** Waits for an event of this type, and returns the first. */
    Event await(String type) {
        return await(type, 1);
    }

    /** Waits for the nth event of this type, from 1. */
    Event await(String type, int nth) {
        awaitAsserted(() -> assertThat(ofType(type)).as(type + " among " + types()).hasSizeGreaterThanOrEqualTo(nth));
        return ofType(type).get(nth - 1);
    }

    private static void awaitAsserted(ThrowingRunnable condition) {
        RealtimeCamel.await().untilAsserted(condition);
    }
}
