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

import java.util.Map;
import java.util.concurrent.CountDownLatch;

import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/** Events that are routed when their session is gone already. */
class ClosedSessionEventsTest {

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    private final Received received = new Received();

    @Test
    @DisplayName("Audio of a dynamic session that is closed and forgotten still says that it is G.711")
    void audioFormat() throws Exception {
        CountDownLatch open = new CountDownLatch(1);
        camel.start(
                route -> route.from("openai-realtime:call-*?eventTypes=audio").process(exchange -> open.await()).process(received),
                route -> route.from("direct:ask")
                        .to("openai-realtime:desk?operation=send-text&connectOn=manual&outputAudioFormat=pcmu"));
        assertThat(send("send-text").getException()).isNull();
        assertThat(send("close-session").getException()).isNull();
        assertThat(camel.session("call-1")).isNull();

        open.countDown();

        received.await("response.output_audio.done");
        assertThat(received.headers(OpenAIRealtimeConstants.AUDIO_FORMAT)).hasSameSizeAs(received.events())
                .allSatisfy(format -> assertThat(format).asString().startsWith("pcmu"));
        assertThat(received.headers(OpenAIRealtimeConstants.SAMPLE_RATE)).containsOnly(8_000);
    }

    private Exchange send(String operation) throws Exception {
        return RealtimeCamel.done(camel.send("direct:ask", ExchangePattern.InOut, "Hello", Map.of(
                OpenAIRealtimeConstants.OVERRIDE_SESSION_NAME, "call-1", OpenAIRealtimeConstants.OPERATION, operation)));
    }
}
