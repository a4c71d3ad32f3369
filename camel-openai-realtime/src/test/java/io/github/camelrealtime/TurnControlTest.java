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

import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import javax.management.MBeanServer;
import javax.management.ObjectName;

import io.github.camelrealtime.session.RealtimeException;
import io.github.camelrealtime.session.ResponseFailedException;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.Reply;
import io.github.camelrealtime.simulator.Scenario;
import io.github.camelrealtime.simulator.SyntheticSpeech;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class TurnControlTest {

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    @ParameterizedTest
    @ValueSource(booleans = { true, false })
    @DisplayName("RESP-8 RESP-12 cancel-response ends the active answer or the one named; whoever waits is told so")
    void cancel(boolean named) throws Exception {
        endless();
        start("");
        CompletableFuture<Exchange> waiting = camel.ask("direct:ask", "Hello");
        String id = begun();
        Map<String, Object> headers = named
                ? Map.of(OpenAIRealtimeConstants.OPERATION, "cancel-response", OpenAIRealtimeConstants.OVERRIDE_RESPONSE_ID, id,
                        OpenAIRealtimeConstants.OVERRIDE_EVENT_ID, "mine")
                : Map.of(OpenAIRealtimeConstants.OPERATION, "cancel-response", OpenAIRealtimeConstants.OVERRIDE_EVENT_ID, "mine");
        Exchange cancelled = RealtimeCamel.done(camel.send("direct:in", ExchangePattern.InOut, "body", headers));
        assertThat(cancelled.getException()).isNull();
        assertThat(cancelled.getMessage().getBody()).isEqualTo("body");
        assertThat(cancelled.getMessage().getHeaders()).doesNotContainKeys(
                OpenAIRealtimeConstants.OVERRIDE_RESPONSE_ID, OpenAIRealtimeConstants.OVERRIDE_EVENT_ID);
        ResponseFailedException told = RealtimeCamel.done(waiting).getException(ResponseFailedException.class);
        assertThat(told.getStatus()).isEqualTo("cancelled");
        assertThat(told.getReason()).isEqualTo("client_cancelled");
        assertThat(camel.server(0).received("response.cancel")).singleElement().satisfies(cancel -> {
            assertThat(cancel.path("response_id").asText()).isEqualTo(id);
            assertThat(cancel.path("event_id").asText()).isEqualTo("mine");
        });
    }

    @Test
    @DisplayName("RESP-9 T-4 a cancel that comes too late, or with nothing to cancel, succeeds and makes no error event")
    void tooLate() throws Exception {
        Received errors = new Received();
        camel.route(route -> route.from("openai-realtime:talk?eventTypes=error").process(errors));
        start("");
        Exchange answered = RealtimeCamel.done(camel.ask("direct:ask", "Hello"));
        String id = answered.getMessage().getHeader(OpenAIRealtimeConstants.RESPONSE_ID, String.class);
        assertThat(operation("cancel-response", Map.of(OpenAIRealtimeConstants.OVERRIDE_RESPONSE_ID, id)).getException()).isNull();
        assertThat(operation("cancel-response", Map.of()).getException()).isNull();
        assertThat(camel.session("talk").status().lateCancels()).isEqualTo(1);
        assertThat(RealtimeCamel.done(camel.ask("direct:ask", "Still there?")).getException()).isNull();
        assertThat(camel.server(0).received("response.cancel")).as("what is known to be done is not cancelled").isEmpty();
        assertThat(errors.events()).isEmpty();
    }

    @Test
    @DisplayName("INT-1 INT-10 interrupt from two routes at once: one cancel, nothing twice, and the talk goes on")
    void interruptTwice() throws Exception {
        endless();
        start("");
        CompletableFuture<Exchange> waiting = camel.ask("direct:ask", "Hello");
        begun();
        CompletableFuture<Exchange> one = camel.operation("direct:in", "interrupt");
        CompletableFuture<Exchange> two = camel.operation("direct:in", "interrupt");
        assertThat(RealtimeCamel.done(one).getException()).isNull();
        assertThat(RealtimeCamel.done(two).getException()).isNull();
        assertThat(RealtimeCamel.done(waiting).getException()).isInstanceOf(ResponseFailedException.class);
        assertThat(camel.server(0).received("response.cancel")).hasSize(1);
        assertThat(camel.server(0).sent("error")).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = { "end-turn", "send-text", "create-response", "cancel-response", "interrupt", "playback-position" })
    @DisplayName("CFG-12 what needs a conversation is refused in a transcription session before anything is sent, naming both")
    void transcription(String operation) throws Exception {
        camel.start(route -> route.from("direct:in").to("openai-realtime:talk?sessionType=transcription"));
        camel.awaitState("talk", SessionState.READY);
        int frames = camel.server(0).frames().size();
        Exchange refused = operation(operation, Map.of());
        assertThat(refused.getException()).isInstanceOf(RealtimeException.class)
                .hasMessageContaining(operation).hasMessageContaining("transcription session");
        assertThat(camel.server(0).frames()).hasSize(frames);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({ "cancel-response, response", "interrupt, response", "mute, response", "unmute, response",
            "playback-position, response", "append-audio, response", "commit-audio, response", "clear-audio, response",
            "send-event, response", "open-session, response", "send-text, committed", "create-response, completed",
            "end-turn, completed" })
    @DisplayName("An await that would never end is refused, naming it and the operation")
    void meaninglessAwait(String operation, String await) throws Exception {
        start("turnDetection=none&await=" + await);
        int frames = camel.server(0).frames().size();
        Exchange refused = operation(operation, Map.of());
        assertThat(refused.getException()).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("await=" + await).hasMessageContaining(operation);
        assertThat(camel.server(0).frames()).hasSize(frames);
    }

    @Test
    @DisplayName("await=response with createResponse=false is refused: nothing would answer")
    void nothingAsked() throws Exception {
        start("await=response&createResponse=false");
        assertThat(operation("send-text", Map.of()).getException()).hasMessageContaining("createResponse=false");
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({ "'', , item", "item_1, , played_ms", "item_1, -5, cannot be negative" })
    @DisplayName("AOUT-2 a playback position without item or time, or of negative time, is refused, naming the header")
    void noPosition(String item, String played, String word) throws Exception {
        start("");
        Map<String, Object> headers = new HashMap<>();
        headers.put(OpenAIRealtimeConstants.OPERATION, "playback-position");
        headers.put(OpenAIRealtimeConstants.OVERRIDE_ITEM_ID, item);
        headers.put(OpenAIRealtimeConstants.OVERRIDE_PLAYED_MS, played);
        Exchange refused = RealtimeCamel.done(camel.send("direct:in", ExchangePattern.InOnly, null, headers));
        assertThat(refused.getException()).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(word);
    }

    @Test
    @DisplayName("INT-10 AOUT-2 positions by Map and by body text; of items that nobody knows any more they are taken and ignored")
    void positions() throws Exception {
        start("");
        for (Object body : new Object[] { Map.of("item_id", "old", "content_index", 0, "played_ms", 100), "old" }) {
            Exchange told = RealtimeCamel.done(camel.send("direct:in", ExchangePattern.InOnly, body, body instanceof Map
                    ? Map.of(OpenAIRealtimeConstants.OPERATION, "playback-position")
                    : Map.of(OpenAIRealtimeConstants.OPERATION, "playback-position", OpenAIRealtimeConstants.OVERRIDE_PLAYED_MS, 100L)));
            assertThat(told.getException()).isNull();
            assertThat(told.getMessage().getBody()).isEqualTo(body);
            assertThat(told.getMessage().getHeaders()).doesNotContainKey(OpenAIRealtimeConstants.OVERRIDE_PLAYED_MS);
        }
    }

    @Test
    @DisplayName("AIN-15 mute by default drops where the route ends the turns; JMX shows it")
    void muteShown() throws Exception {
        start("turnDetection=none");
        operation("mute", Map.of());
        assertThat(RealtimeCamel.done(camel.tell("direct:in", SyntheticSpeech.pcm(500))).getException()).isNull();
        assertThat(camel.server(0).received("input_audio_buffer.append")).isEmpty();
        assertThat(attribute("Muted")).contains(true);
        assertThat(attribute("MutedAudioMillis")).contains(500L);
        operation("unmute", Map.of());
        assertThat(attribute("Muted")).containsOnly(false);
    }

    @Test
    @DisplayName("AIN-15 muting before the session is open does not open it, and holds once it is")
    void muteBeforeOpen() throws Exception {
        start("turnDetection=none&connectOn=first-message", false);
        operation("mute", Map.of());
        operation("interrupt", Map.of());
        operation("cancel-response", Map.of());
        assertThat(camel.session("talk").state()).isEqualTo(SessionState.IDLE);
        RealtimeCamel.done(camel.tell("direct:in", SyntheticSpeech.pcm(500)));
        camel.awaitState("talk", SessionState.READY);
        RealtimeCamel.done(camel.ask("direct:ask", "Hello"));
        assertThat(camel.server(0).received("input_audio_buffer.append")).isEmpty();
    }

    @Test
    @DisplayName("CFG-14 the assistant speaks first, once, also when the session is closed and opened again")
    void greeting() throws Exception {
        Received answers = new Received();
        camel.route(route -> route.from("openai-realtime:talk?eventTypes=response.done").process(answers));
        start("greeting=RAW(Greet the caller)");
        answers.await(1);
        RealtimeCamel.done(camel.ask("direct:ask", "Hello"));
        assertThat(camel.server(0).received("response.create")).hasSize(2).first().satisfies(
                create -> assertThat(create.at("/response/instructions").asText()).isEqualTo("Greet the caller"));
        operation("close-session", Map.of());
        operation("open-session", Map.of());
        RealtimeCamel.done(camel.ask("direct:ask", "Hello again"));
        assertThat(camel.server(1).received("response.create")).hasSize(1);
    }

    @Test
    @DisplayName("CFG-14 a greeting in a transcription session fails at start-up, naming the option")
    void greetingWithoutModel() {
        assertThat(camel.startFailure("openai-realtime:talk?sessionType=transcription&greeting=Hello"))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("greeting");
    }

    private void endless() {
        camel.scenario(Scenario.builder().otherwise(Reply.text("This takes long").endless()).build());
    }

    private void start(String options) throws Exception {
        start(options, true);
    }

    private void start(String options, boolean opens) throws Exception {
        camel.start(route -> route.from("direct:in").to("openai-realtime:talk?" + options),
                route -> route.from("direct:ask").to("openai-realtime:talk?operation=send-text"));
        if (opens) {
            camel.awaitState("talk", SessionState.READY);
        }
    }

    private Exchange operation(String name, Map<String, Object> headers) throws Exception {
        Map<String, Object> all = new HashMap<>(headers);
        all.put(OpenAIRealtimeConstants.OPERATION, name);
        return RealtimeCamel.done(camel.send("direct:in", ExchangePattern.InOnly, null, all));
    }

    /** Waits until the answer has begun, and returns its id. */
    private String begun() {
        RealtimeCamel.await().until(() -> !camel.server(0).sent("response.output_audio.delta").isEmpty());
        return camel.server(0).sent("response.created").get(0).at("/response/id").asText();
    }

    private Set<Object> attribute(String name) throws Exception {
        MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
        Set<Object> values = new HashSet<>();
        for (ObjectName bean : beans.queryNames(
                new ObjectName("org.apache.camel:context=" + camel.context().getManagementName() + ",type=producers,*"), null)) {
            if (bean.getKeyProperty("name").contains("SessionProducer")) {
                values.add(beans.getAttribute(bean, name));
            }
        }
        return values;
    }
}
