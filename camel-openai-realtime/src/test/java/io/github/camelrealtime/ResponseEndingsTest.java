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

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelrealtime.session.RequestRefusedException;
import io.github.camelrealtime.session.ResponseFailedException;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.Reply;
import io.github.camelrealtime.simulator.Scenario;
import io.github.camelrealtime.simulator.SessionFaults;
import io.github.camelrealtime.simulator.Trigger;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/** What an exchange with {@code await=response} becomes, for each end that a response can have. */
class ResponseEndingsTest {

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    private final Received received = new Received();

    private void start() throws Exception {
        camel.options().setReconnectInterval(10L);
        camel.start(
                route -> route.from("openai-realtime:support?eventTypes=response.*,camel.response.failed").process(received),
                route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text&await=response"),
                route -> route.from("direct:create").to("openai-realtime:support?operation=create-response&await=response"),
                route -> route.from("direct:cancel").to("openai-realtime:support?operation=cancel-response"));
        camel.awaitState("support", SessionState.READY);
    }

    @Test
    @DisplayName("RESP-12 RESP-16 completed: the answer, with id and status of the response")
    void completed() throws Exception {
        start();
        Message answer = RealtimeCamel.done(camel.ask("direct:ask", "Hello")).getMessage();
        assertThat(answer.getBody(String.class)).contains("Hello");
        assertThat(answer.getHeader(OpenAIRealtimeConstants.RESPONSE_STATUS)).isEqualTo("completed");
        JsonNode done = camel.server(0).sent("response.done").get(0);
        assertThat(answer.getHeader(OpenAIRealtimeConstants.RESPONSE_ID)).isEqualTo(done.at("/response/id").asText());
    }

    @Test
    @DisplayName("RESP-12 incomplete is no success: typed failure, and headers that say why")
    void incomplete() throws Exception {
        camel.scenario(Scenario.builder().otherwise(Reply.text("So much to").thenIncomplete("max_output_tokens")).build());
        start();
        Exchange failed = RealtimeCamel.done(camel.ask("direct:ask", "Tell me all"));
        assertThat(failed.getException()).isInstanceOf(ResponseFailedException.class);
        assertThat(failed.getMessage().getHeader(OpenAIRealtimeConstants.RESPONSE_STATUS)).isEqualTo("incomplete");
        assertThat(failed.getMessage().getHeader(OpenAIRealtimeConstants.STATUS_REASON)).isEqualTo("max_output_tokens");
        assertThat(failed.getMessage().getHeader(OpenAIRealtimeConstants.RESPONSE_ID)).isNotNull();
    }

    @Test
    @DisplayName("RESP-13 failed by the service: asked again once, then a typed failure, and an event that says so")
    void failed() throws Exception {
        camel.scenario(Scenario.builder().otherwise(Reply.failed("server_error", "Sorry")).build());
        start();
        Exchange failed = RealtimeCamel.done(camel.ask("direct:ask", "Hello"));
        assertThat(failed.getException()).isInstanceOf(ResponseFailedException.class);
        assertThat(failed.getMessage().getHeader(OpenAIRealtimeConstants.ERROR_CODE)).isEqualTo("server_error");
        assertThat(camel.server(0).received("response.create")).hasSize(2)
                .extracting(create -> create.path("event_id").asText()).as("RESP-17").doesNotHaveDuplicates();
        assertThat(camel.server(0).received("conversation.item.create")).as("said once").hasSize(1);
        Received.Event told = received.await("camel.response.failed");
        assertThat(told.header(OpenAIRealtimeConstants.SESSION_ID)).isNotNull();
    }

    @Test
    @DisplayName("RESP-13 one failure that passes is not noticed by the route")
    void failedOnce() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        camel.scenario(Scenario.builder().otherwise(request -> asked.getAndIncrement() == 0
                ? Reply.failed("server_error", "Sorry") : Reply.text("Here I am")).build());
        start();
        assertThat(RealtimeCamel.done(camel.ask("direct:ask", "Hello")).getMessage().getBody()).isEqualTo("Here I am");
    }

    @Test
    @DisplayName("RESP-8 RESP-16 cancelled by the client: typed failure, and the next one is answered after its end")
    void cancelled() throws Exception {
        camel.scenario(Scenario.builder().onText("long", Reply.text("never").endless()).build());
        start();
        CompletableFuture<Exchange> asked = camel.ask("direct:ask", "long");
        received.await("response.created");
        CompletableFuture<Exchange> next = camel.ask("direct:ask", "Hello");
        assertThat(RealtimeCamel.done(camel.tell("direct:cancel", null)).getException()).isNull();
        assertThat(RealtimeCamel.done(asked).getException()).isInstanceOfSatisfying(ResponseFailedException.class,
                failure -> assertThat(failure.getStatus()).isEqualTo("cancelled"));
        assertThat(RealtimeCamel.done(next).getMessage().getBody(String.class)).contains("Hello");
        assertThat(camel.server(0).sent("error")).isEmpty();
    }

    @Test
    @DisplayName("RESP-15 RESP-16 out of band: two are answered, each its own, while one of the conversation runs")
    void outOfBand() throws Exception {
        camel.scenario(Scenario.builder().onText("long", Reply.text("never").endless()).build());
        start();
        CompletableFuture<Exchange> running = camel.ask("direct:ask", "long");
        received.await("response.created");
        CompletableFuture<Exchange> first = camel.ask("direct:create", beside("first"));
        CompletableFuture<Exchange> second = camel.ask("direct:create", beside("second"));
        for (Map.Entry<String, CompletableFuture<Exchange>> one : Map.of("first", first, "second", second).entrySet()) {
            Object id = RealtimeCamel.done(one.getValue()).getMessage().getHeader(OpenAIRealtimeConstants.RESPONSE_ID);
            assertThat(camel.server(0).sent("response.done")).filteredOn(done -> done.at("/response/id").asText().equals(id))
                    .singleElement().satisfies(done -> assertThat(done.at("/response/metadata/job").asText()).isEqualTo(one.getKey()));
        }
        assertThat(running).isNotDone();
        RealtimeCamel.done(camel.tell("direct:cancel", null));
        RealtimeCamel.done(running);
        assertThat(camel.server(0).sent("error")).isEmpty();
    }

    private static Map<String, Object> beside(String job) {
        return Map.of("conversation", "none", "output_modalities", List.of("text"), "metadata", Map.of("job", job),
                "input", List.of(Map.of("type", "message", "role", "user",
                        "content", List.of(Map.of("type", "input_text", "text", "Topic?")))));
    }

    @Test
    @DisplayName("RESP-6 RESP-16 refused: typed failure of that exchange alone")
    void refused() throws Exception {
        start();
        Exchange refused = RealtimeCamel.done(camel.ask("direct:create", Map.of("output_modalities", "nonsense")));
        assertThat(refused.getException()).isInstanceOf(RequestRefusedException.class);
        assertThat(RealtimeCamel.done(camel.ask("direct:ask", "Hello")).getException()).isNull();
    }

    /** Breaks the connections of this many sessions, from the first, at their first request, which is not processed. */
    private static Scenario breaking(int sessions) {
        Scenario.Builder scenario = Scenario.builder();
        for (int session = 1; session <= sessions; session++) {
            scenario.fault(Trigger.atClientEvent("response.create", 1).inSession(session), SessionFaults.drop());
        }
        return scenario.build();
    }

    @Test
    @DisplayName("ROLL-15 asked and not begun when the connection breaks: asked again on the next, and answered")
    void askedAgain() throws Exception {
        camel.scenario(breaking(1));
        start();
        assertThat(RealtimeCamel.done(camel.ask("direct:ask", "Hello")).getException()).isNull();
        assertThat(camel.server(1).received("response.create")).hasSize(1);
    }

    @Test
    @DisplayName("ROLL-15 the next connection breaks there too: asked a third time, and answered; said once")
    void askedOnceMore() throws Exception {
        camel.scenario(breaking(2));
        start();
        Exchange answered = RealtimeCamel.done(camel.ask("direct:ask", "Hello"));
        assertThat(answered.getException()).isNull();
        assertThat(answered.getMessage().getBody(String.class)).contains("Hello");
        assertThat(camel.server(2).received("response.create")).hasSize(1);
        assertThat(camel.server(2).conversationOutline()).filteredOn(line -> line.startsWith("user")).containsExactly("user: Hello");
    }
}
