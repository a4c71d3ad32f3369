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

import java.time.Instant;
import java.util.List;
import java.util.Map;

import ch.qos.logback.classic.Level;
import io.github.camelrealtime.simulator.VirtualClock;
import org.apache.camel.ExchangePattern;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.WritableHealthCheckRepository;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What works today, but not as somebody may think, or not for long. */
class StartWarningsTest {

    private static final String SHUTDOWN = "shut";
    private static final String TRANSCRIPTS = "consumes transcripts";

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    private final Received received = new Received();
    private LogCapture log;

    @BeforeEach
    void capture() {
        log = LogCapture.of("io.github.camelrealtime", Level.WARN);
    }

    @AfterEach
    void release() {
        log.close();
    }

    private List<String> warnings(String about) {
        return log.messages().stream().filter(message -> message.contains(about)).toList();
    }

    // ---- models that retire

    private void today(String date) {
        VirtualClock clock = new VirtualClock(Instant.parse(date + "T12:00:00Z").toEpochMilli());
        camel.component().setTimers(new VirtualTimers(clock));
    }

    @ParameterizedTest(name = "{0} at {1} with {2}")
    @CsvSource({
            "model=gpt-realtime, 2026-11-21, model gpt-realtime shuts down on 2027-01-20",
            "model=gpt-realtime, 2027-06-01, model gpt-realtime has been shut down on 2027-01-20",
            "model=gpt-4o-realtime-preview, 2026-11-21, has been shut down on 2026-05-07",
            "transcriptionModel=whisper-1, 2026-12-24, transcription model whisper-1 shuts down on 2027-02-26",
            "sessionProperties.prompt.id=pmpt_1, 2026-11-21, stored prompt",
            "model=gpt-realtime&modelRetirementWarning=365d, 2026-02-01, shuts down on 2027-01-20" })
    @DisplayName("CFG-2 a model near its end is warned of when the route starts, with the endpoint, and is a detail of its health")
    void retiring(String options, String date, String said) throws Exception {
        today(date);
        HealthCheckHelper.getHealthCheckRegistry(camel.context());
        camel.start(route -> route.from("openai-realtime:support?eventTypes=error&connectOn=manual&" + options)
                .routeId("events").process(received));

        assertThat(warnings(SHUTDOWN).isEmpty() ? warnings("stored prompt") : warnings(SHUTDOWN))
                .singleElement().asString().contains(said, "openai-realtime://support");
        SessionConsumer consumer = (SessionConsumer) camel.context().getRoute("events").getConsumer();
        assertThat(consumer.getHealthCheck().call().getDetails().get("session.retirement")).asString().contains(said);
    }

    @ParameterizedTest(name = "{0} at {1}")
    @CsvSource({
            "model=gpt-realtime, 2026-10-01",
            "model=gpt-realtime&modelRetirementWarning=0, 2027-06-01",
            "model=gpt-realtime-2.1, 2030-01-01",
            "model=nobody-knows-it, 2030-01-01" })
    @DisplayName("CFG-2 no warning long before, none for models nobody knows, none with 0")
    void notRetiring(String options, String date) throws Exception {
        today(date);
        HealthCheckHelper.getHealthCheckRegistry(camel.context());
        camel.start(route -> route.from("openai-realtime:support?eventTypes=error&connectOn=manual&" + options)
                .routeId("events").process(received));

        assertThat(log.messages()).isEmpty();
        SessionConsumer consumer = (SessionConsumer) camel.context().getRoute("events").getConsumer();
        assertThat(consumer.getHealthCheck().call().getDetails()).doesNotContainKey("session.retirement");
    }

    @Test
    @DisplayName("CFG-2 producers and pools are warned of too")
    void retiringProducers() throws Exception {
        today("2026-12-24");
        WritableHealthCheckRepository checks
                = HealthCheckHelper.getHealthCheckRepository(camel.context(), "producers", WritableHealthCheckRepository.class);
        checks.setEnabled(true);
        camel.start(
                route -> route.from("direct:ask").to("openai-realtime:support?model=gpt-realtime"),
                route -> route.from("direct:scribe").routeId("scribes")
                        .to("openai-realtime:scribe?operation=transcribe&model=gpt-4o-transcribe"));

        assertThat(warnings(SHUTDOWN)).hasSize(2).anyMatch(warning -> warning.contains("gpt-realtime shuts"))
                .anyMatch(warning -> warning.contains("gpt-4o-transcribe shuts"));
        assertThat(checks.getCheck("producer:openai-realtime-scribes").orElseThrow().call().getDetails().get("session.retirement"))
                .asString().contains("gpt-4o-transcribe");
    }

    // ---- transcripts that will not come

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = { "?queueSize=100", "?eventTypes=transcript", "?eventTypes=error,transcript-partial", "?eventTypes=all", "?eventTypes=*",
            "?eventTypes=conversation.*", "?eventTypes=conversation.item.input_audio_transcription.completed",
            "?eventTypes=transcript&transcriptionModel=none" })
    @DisplayName("TRX-10 whoever consumes transcripts, by default, by a group or by a wildcard, is warned that there will be none")
    void noTranscription(String options) throws Exception {
        camel.start(route -> route.from("openai-realtime:support" + options).process(received));

        assertThat(warnings(TRANSCRIPTS)).singleElement().asString().contains("transcriptionModel", "support");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = { "?transcriptionModel=gpt-4o-mini-transcribe", "?eventTypes=transcript&transcriptionModel=whisper-1",
            "?sessionType=transcription", "?transcriptionModel=none", "?eventTypes=audio", "?eventTypes=error,response.*", "?eventTypes=text" })
    @DisplayName("TRX-10 no warning if transcription is on, or switched off on purpose, or nobody asks for it")
    void noWarning(String options) throws Exception {
        camel.start(route -> route.from("openai-realtime:support" + options).process(received));

        assertThat(warnings(TRANSCRIPTS)).isEmpty();
    }

    @Test
    @DisplayName("TRX-10 a consumer of many sessions is warned once, when the first that does not transcribe speaks")
    void wildcard() throws Exception {
        camel.start(
                route -> route.from("openai-realtime:call-*?eventTypes=transcript").process(received),
                route -> route.from("direct:ask").to("openai-realtime:desk?operation=send-text&connectOn=manual"),
                route -> route.from("direct:scribe")
                        .to("openai-realtime:note?operation=send-text&connectOn=manual&transcriptionModel=gpt-4o-transcribe"));
        assertThat(warnings(TRANSCRIPTS)).isEmpty();

        ask("direct:scribe", "call-0");
        received.await(1);
        assertThat(warnings(TRANSCRIPTS)).isEmpty();
        ask("direct:ask", "call-1");
        ask("direct:ask", "call-2");
        received.await(3);

        assertThat(warnings(TRANSCRIPTS)).singleElement().asString().contains("call-1", "transcriptionModel");
    }

    private void ask(String uri, String name) throws Exception {
        assertThat(RealtimeCamel.done(camel.send(uri, ExchangePattern.InOut, "Hello",
                Map.of(OpenAIRealtimeConstants.OVERRIDE_SESSION_NAME, name))).getException()).isNull();
    }
}
