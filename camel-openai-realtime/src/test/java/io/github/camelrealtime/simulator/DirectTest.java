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

import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;

import static org.assertj.core.api.Assertions.assertThat;

/** A simulator without a socket, and all on one thread: what is asserted has happened. */
abstract class DirectTest {

    static final URI ADDRESS = URI.create("ws://nowhere/v1/realtime?model=gpt-realtime");
    static final String CLEAR = "{'type':'input_audio_buffer.clear'}".replace('\'', '"');

    final VirtualClock clock = new VirtualClock();
    final Queue<Runnable> work = new ArrayDeque<>();
    final List<String> heard = new ArrayList<>();
    final List<JsonNode> frames = new ArrayList<>();
    RealtimeSimulator simulator;
    DirectConnection connection;

    final class Client implements DirectClient {

        @Override
        public void opened() {
            heard.add("opened");
        }

        @Override
        public void refused(int status, String body, Duration retryAfter) {
            heard.add("refused " + status + " " + retryAfter);
        }

        @Override
        public void text(String frame) {
            try {
                frames.add(WireTest.JSON.readTree(frame));
                heard.add(WireTest.JSON.readTree(frame).path("type").asText());
            } catch (JsonProcessingException e) {
                heard.add("not json");
            }
        }

        @Override
        public void binary(byte[] bytes) {
            heard.add("binary " + bytes.length);
        }

        @Override
        public void closed(int code, String reason) {
            heard.add("closed " + code + " " + reason);
        }

        @Override
        public void dropped() {
            heard.add("dropped");
        }

        @Override
        public void reading(boolean reads) {
            heard.add(reads ? "reads" : "does not read");
        }
    }

    void start(Scenario.Builder scenario) {
        start(scenario.build());
    }

    void start(Scenario scenario) {
        simulator = RealtimeSimulator.builder().clock(clock).executor(work::add).scenario(scenario).build();
        clock.betweenTasks(this::settle);
    }

    void dial(String key) {
        connection = simulator.connect(ADDRESS, Map.of("Authorization", "Bearer " + key), new Client());
        settle();
    }

    void settle() {
        for (Runnable next = work.poll(); next != null; next = work.poll()) {
            next.run();
        }
    }

    void send(String frame) {
        connection.text(frame.replace('\'', '"'));
        settle();
    }

    void pass(int seconds) {
        clock.advance(Duration.ofSeconds(seconds));
    }

    @AfterEach
    void close() {
        assertThat(simulator.violations()).isEmpty();
        simulator.close();
    }
}
