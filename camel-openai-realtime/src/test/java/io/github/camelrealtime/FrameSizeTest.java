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

import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.fault.Faults;
import io.github.camelrealtime.simulator.fault.RawWebSocketServer;
import io.github.camelrealtime.transport.TransportException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

class FrameSizeTest {

    private static final int MIB = 1024 * 1024;

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    private final Received received = new Received();

    @Test
    @DisplayName("CONN-11 a frame of 20 MiB, such as an item read back, comes through the route with default options")
    void hugeFrame() throws Exception {
        try (RawWebSocketServer server = RawWebSocketServer.start(Faults.hugeFrame(20 * MIB))) {
            camel.connectTo(server.baseUrl());
            start("turnDetection=none");

            String raw = (String) received.await("conversation.item.retrieved").body();
            assertThat(raw.length()).isBetween(20 * MIB - 8, 20 * MIB);
            assertThat(raw).endsWith("AAAA\"}]}}");
            assertThat(camel.session("support").state()).isEqualTo(SessionState.READY);
            camel.context().stop();
        }
    }

    @Test
    @DisplayName("CONN-11 a frame above maxMessageSize ends the session, with an error that names the option")
    void aboveTheCap() throws Exception {
        try (RawWebSocketServer server = RawWebSocketServer.start(Faults.hugeFrame(2 * MIB))) {
            camel.connectTo(server.baseUrl());
            start("turnDetection=none&reconnect=false&maxMessageSize=" + MIB);

            Received.Event failed = received.await("camel.session.failed");
            assertThat((String) failed.body()).contains("maxMessageSize", Integer.toString(MIB));
            assertThat(received.ofType("conversation.item.retrieved")).isEmpty();
            assertThat(camel.session("support").status().failure()).hasCauseInstanceOf(TransportException.class);
            camel.context().stop();
        }
    }

    private void start(String options) throws Exception {
        camel.start(route -> route.from("openai-realtime:support?eventTypes=conversation.item.*,error&dataFormat=raw&" + options)
                .process(received));
    }
}
