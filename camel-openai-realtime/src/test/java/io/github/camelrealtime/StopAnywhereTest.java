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

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.audio.AudioFormat;
import io.github.camelrealtime.event.ClientEvent;
import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.session.Question;
import io.github.camelrealtime.session.RealtimeSession;
import io.github.camelrealtime.session.SessionConfig;
import io.github.camelrealtime.session.SessionEvent;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.Reply;
import io.github.camelrealtime.simulator.Scenario;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

/**
 * A session is closed at every moment of a busy life: while it is dialled, configured, spoken to, answers, waits for a tool, makes
 * its next connection, tells that of the conversation, hands over, drains the old one, is cut off, and dials again in vain.
 */
@Tag("hours")
class StopAnywhereTest {

    private static final Duration LIFE = Duration.ofSeconds(75);
    private static final Duration CUT = Duration.ofSeconds(85);
    private static final Duration END = Duration.ofSeconds(95);
    private static final Duration STEP = Duration.ofMillis(100);
    private static final Duration DRAIN = Duration.ofSeconds(3);
    private static final Duration MARGIN = Duration.ofSeconds(2);
    private static final int CHUNK = 800;

    /** What of the life has been seen, so that the test cannot miss its moments unnoticed. */
    private static final class Seen {
        int dialling;
        int standby;
        int tool;
        int outage;
        int closed;
        Duration longest = Duration.ZERO;
    }

    @Test
    @DisplayName("CONN-14 ROLL-14 closed at any second of its life a session is gone within drainTimeout and two seconds, and nobody waits "
                 + "any more")
    void everySecond() {
        Seen seen = closeEvery(Duration.ofMillis(900));
        assertThat(seen.closed).isGreaterThan(100);
        assertThat(seen.standby).isPositive();
        assertThat(seen.tool).isPositive();
        assertThat(seen.outage).isPositive();
    }

    @Test
    @Tag("soak")
    @DisplayName("CONN-14 ROLL-14 closed at any 100 ms of its life a session is gone within drainTimeout and two seconds")
    void everyTenth() {
        Seen seen = closeEvery(STEP);
        assertThat(seen.dialling).isPositive();
        assertThat(seen.standby).isGreaterThan(10);
    }

    private static Seen closeEvery(Duration step) {
        Seen seen = new Seen();
        for (Duration at = Duration.ZERO; at.compareTo(END) < 0; at = at.plus(step)) {
            Duration moment = at;
            assertThatCode(() -> new Life().closeAfter(moment, seen)).as("closed after " + moment).doesNotThrowAnyException();
        }
        return seen;
    }

    /** One life of a session, up to its end. */
    private static final class Life {

        private final VirtualWorld world = VirtualWorld.onOneThread(builder -> builder.sessionLifetime(LIFE)
                .scenario(Scenario.builder().slowHandshake(Duration.ofMillis(350)).delaySessionUpdated(Duration.ofMillis(250))
                        .thinkTime(Duration.ofMillis(700)).latency(Duration.ofMillis(20), Duration.ofMillis(80))
                        .onText("tool", Reply.functionCall("find_train", "{\"to\":\"Ghent\"}")).build()));
        private final List<CompletableFuture<?>> promised = new ArrayList<>();
        private final byte[] chunk = new byte[CHUNK];
        private final RealtimeSession session;
        private boolean toolRuns;
        private boolean closing;

        Life() {
            SessionConfig config = LongRun.config(options -> {
                options.setTurnDetection("none");
                options.setTranscriptionModel("gpt-4o-transcribe");
                options.setSegmentation(false);
                options.setDrainTimeout(DRAIN.toMillis());
                options.setRolloverBefore(40_000L);
                options.setRolloverDeadline(20_000L);
                options.setRolloverJitter(0L);
            });
            session = new RealtimeSession("busy", config, world.transports(), world.timers());
            session.subscribe(this::told);
        }

        private void told(SessionEvent event) {
            JsonNode item = event.event().getJson().at("/response/output/0");
            if (EventTypes.RESPONSE_DONE.equals(event.event().getType()) && "function_call".equals(item.path("type").asText())) {
                toolRuns = true;
                ObjectNode output = JsonNodeFactory.instance.objectNode().put("type", "function_call_output")
                        .put("call_id", item.path("call_id").asText()).put("output", "{\"platform\":7}");
                world.clock().schedule(2_500, () -> {
                    toolRuns = false;
                    ask(ClientEvent.itemCreate(output, null));
                });
            }
        }

        private void ask(ClientEvent before) {
            promise(session.conversation().ask(Question.awaited(before, null, null, 0)).answer());
        }

        private void promise(CompletableFuture<?> future) {
            promised.add(future);
        }

        void closeAfter(Duration moment, Seen seen) {
            promise(session.open());
            world.settle();
            for (long millis = 0; millis < moment.toMillis(); millis += STEP.toMillis()) {
                act(millis);
                world.pass(STEP);
            }
            note(seen);
            long began = world.clock().millis();
            CompletableFuture<Void> closed = session.close();
            closing = true;
            world.settle();
            while (!closed.isDone() && world.clock().millis() - began < 60_000) {
                world.pass(STEP);
            }
            Duration took = Duration.ofMillis(world.clock().millis() - began);
            seen.longest = took.compareTo(seen.longest) > 0 ? took : seen.longest;
            assertThat(took).as("time to close").isLessThanOrEqualTo(DRAIN.plus(MARGIN));
            assertThat(session.state()).isEqualTo(SessionState.IDLE);
            world.pass(Duration.ofSeconds(5));
            assertThat(world.simulator().openSockets()).as("connections").isZero();
            assertThat(promised).as("those who wait").allMatch(CompletableFuture::isDone);
            world.pass(Duration.ofMinutes(10));
            assertThat(world.simulator().openSockets()).as("connections later").isZero();
            assertThat(session.state()).isEqualTo(SessionState.IDLE);
            assertThat(world.clock().pending()).as("timers left").isZero();
            world.close();
        }

        /** What happens at this time of the life. */
        private void act(long millis) {
            if (millis == CUT.toMillis()) {
                world.unreachable(3);
                world.link().cut();
            }
            if (millis % 9_000 == 3_000) {
                ask(ClientEvent.userText("Use the tool, please"));
            } else if (millis % 3_000 < 1_500) {
                promise(session.audio().piece(AudioFormat.PCMU_8K, CHUNK).append(chunk, 0, CHUNK));
            } else if (millis % 9_000 == 4_600) {
                promise(session.conversation().endTurn(Question.awaited(null, null, null, 0)).answer());
            } else if (millis % 9_000 == 7_600) {
                promise(session.commitAndTranscribe(null));
            }
        }

        private void note(Seen seen) {
            seen.closed++;
            seen.dialling += session.state() == SessionState.CONNECTING ? 1 : 0;
            seen.standby += session.status().sockets() == 2 ? 1 : 0;
            seen.tool += toolRuns ? 1 : 0;
            seen.outage += session.state() != SessionState.READY && !world.links().isEmpty() ? 1 : 0;
        }
    }
}
