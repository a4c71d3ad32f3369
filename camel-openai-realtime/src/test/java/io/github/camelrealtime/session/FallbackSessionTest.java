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

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelrealtime.transport.TransportException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** A session is dialled elsewhere when its own place fails; the test is every service. */
class FallbackSessionTest {

    private static final long MINUTE = 60_000;
    private static final String OWN = "api.example";

    private final ManualTimers timers = new ManualTimers();
    private final FakeTransports transports = new FakeTransports();
    private final List<SessionEvent> events = new ArrayList<>();
    private RealtimeSession session;
    private CompletableFuture<Void> opened;

    private void open(Configs configs) {
        session = new RealtimeSession("s", configs.reconnects(50).build(), transports, timers);
        session.subscribe(events::add);
        opened = session.open();
    }

    private static void breaks(FakeTransport transport) {
        transport.open = false;
        transport.listener.onFailure(new TransportException("reset", new IOException("reset")));
    }

    private static void refused(FakeTransport transport, int status, String body) {
        transport.listener.onFailure(new TransportException("HTTP " + status, status, body, "req", 0, null));
    }

    private List<String> dialled() {
        return transports.all.stream().map(transport -> transport.request.uri().getHost().replace(".example", "")).toList();
    }

    private List<JsonNode> moves() {
        return events.stream().filter(event -> event.event().getType().equals(LocalEvents.SESSION_FALLBACK))
                .map(event -> event.event().getJson()).toList();
    }

    @Test
    @DisplayName("ROLL-21 after two failed attempts the fallback is dialled at once, with its model, key and configuration")
    void afterTwo() {
        open(Configs.manual().fallback("backup"));
        breaks(transports.last());
        timers.advance(1_000);
        breaks(transports.last());
        timers.advance(0);
        assertThat(dialled()).containsExactly("api", "api", "backup");
        FakeTransport there = transports.last();
        assertThat(there.request.headers()).containsEntry("Authorization", "Bearer sk-backup");
        there.ready();
        assertThat(opened).isCompleted();
        assertThat(there.frames("session.update").get(0).at("/session/instructions").asText()).isEqualTo("as backup");
        assertThat(session.status().fallback()).isEqualTo("backup");
        assertThat(session.status().model()).isEqualTo("model-of-backup");
        assertThat(moves()).hasSize(1);
        assertThat(moves().get(0).path("fallback").asText()).isEqualTo("backup");
        assertThat(moves().get(0).path("model").asText()).isEqualTo("model-of-backup");
        assertThat(moves().get(0).path("old_model").asText()).isEqualTo("a-model");
        assertThat(moves().get(0).path("old_fallback").isNull()).isTrue();
    }

    @Test
    @DisplayName("ROLL-21 one failed attempt is repeated at the same place; when that is made nobody hears of the fallback")
    void afterOne() {
        open(Configs.manual().fallback("backup"));
        breaks(transports.last());
        timers.advance(1_000);
        transports.last().ready();
        assertThat(dialled()).containsExactly("api", "api");
        assertThat(session.status().fallback()).isNull();
        assertThat(session.status().model()).isEqualTo("a-model");
        assertThat(moves()).isEmpty();
    }

    @Test
    @DisplayName("ROLL-21 ROLL-8 what no repetition helps at one place (401, model_not_found, close 3000) leads to the next at once")
    void fatalAtOnePlace() {
        open(Configs.manual().fallback("first", "second", "third"));
        refused(transports.last(), 401, "");
        timers.advance(0);
        refused(transports.last(), 400, "{\"error\":{\"code\":\"model_not_found\"}}");
        timers.advance(0);
        FakeTransport second = transports.last();
        second.open();
        second.created();
        second.error(Map.of("type", "invalid_request_error", "code", "model_not_found", "message", "no"));
        timers.advance(0);
        assertThat(dialled()).containsExactly("api", "first", "second");
        assertThat(opened).as("three attempts are all that there are").isCompletedExceptionally();
        assertThat(session.state()).isEqualTo(SessionState.FAILED);
    }

    @Test
    @DisplayName("ROLL-8 ROLL-21 fatal at all places is fatal")
    void fatalEverywhere() {
        open(Configs.manual().fallback("backup"));
        refused(transports.last(), 401, "");
        timers.advance(0);
        refused(transports.last(), 403, "");
        assertThat(session.state()).isEqualTo(SessionState.FAILED);
        assertThat(session.status().failure().isFatal()).isTrue();
        timers.advance(60 * MINUTE);
        assertThat(transports.all).hasSize(2);
        session.open();
        assertThat(dialled()).endsWith("api");
    }

    @Test
    @DisplayName("ROLL-21 a session that is lost for what cannot be mended here goes on elsewhere, its history told there")
    void lostForGood() {
        open(Configs.manual().fallback("backup"));
        transports.last().ready();
        transports.last().listener.onClosed(3000, "invalid_key");
        assertThat(session.state()).isEqualTo(SessionState.CONNECTING);
        timers.advance(1_000);
        assertThat(dialled()).containsExactly("api", "backup");
        transports.last().ready();
        assertThat(session.status().fallback()).isEqualTo("backup");
        assertThat(moves()).hasSize(1);
    }

    @Test
    @DisplayName("ROLL-21 a connection that stands stays; after the cool-down the next dial tries the first choice, a failure opens it again")
    void backHome() {
        open(Configs.manual().rollover(5 * MINUTE, 2 * MINUTE).fallback("backup"));
        refused(transports.last(), 401, "");
        timers.advance(0);
        transports.last().ready("sess_1", timers.millis() + 60 * MINUTE);
        timers.advance(54 * MINUTE);
        assertThat(dialled()).as("it stands").containsExactly("api", "backup");
        timers.advance(MINUTE);
        assertThat(dialled()).containsExactly("api", "backup", "api");
        breaks(transports.last());
        timers.advance(0);
        assertThat(dialled()).as("one failure is enough").containsExactly("api", "backup", "api", "backup");
        transports.last().ready("sess_2", timers.millis() + 60 * MINUTE);
        assertThat(session.status().sessionId()).isEqualTo("sess_2");
        assertThat(session.status().fallback()).isEqualTo("backup");
        assertThat(moves()).hasSize(1);
        timers.advance(55 * MINUTE);
        assertThat(dialled()).endsWith("backup", "api");
        transports.last().ready("sess_3", timers.millis() + 60 * MINUTE);
        assertThat(session.status().fallback()).isNull();
        assertThat(moves()).hasSize(2);
        assertThat(moves().get(1).path("fallback").isNull()).isTrue();
        assertThat(moves().get(1).path("old_fallback").asText()).isEqualTo("backup");
        assertThat(session.status().reconnects()).isZero();
    }

    @Test
    @DisplayName("ROLL-21 during the cool-down the first choice is passed over; if all are in it, the one that has been so for longest is dialled")
    void coolDown() {
        Targets targets = new Targets(Configs.manual().fallback("backup").build(), timers);
        Target own = targets.next();
        assertThat(own.uri().getHost()).isEqualTo(OWN);
        assertThat(targets.failed(own, false)).isFalse();
        assertThat(targets.failed(own, false)).as("elsewhere").isTrue();
        Target backup = targets.next();
        assertThat(backup.name()).isEqualTo("backup");
        timers.advance(9_999);
        assertThat(targets.next()).isSameAs(backup);
        assertThat(targets.failed(backup, true)).as("the other is not to be tried yet").isFalse();
        assertThat(targets.next()).isSameAs(own);
        timers.advance(1);
        assertThat(targets.next()).isSameAs(own);
        assertThat(targets.failed(own, false)).isFalse();
        assertThat(targets.next()).as("open for longest").isSameAs(backup);
        targets.ready(backup);
        assertThat(targets.next()).isSameAs(backup);
        timers.advance(10_000);
        assertThat(targets.next()).isSameAs(own);
    }

    @Test
    @DisplayName("ROLL-21 no key in what is logged of a place")
    void secrets() {
        assertThat(Configs.manual().fallback("backup").build().fallback().targets().get(0).toString())
                .contains("backup").doesNotContain("sk-");
    }
}
