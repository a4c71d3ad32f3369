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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelrealtime.event.ServerEvent;
import io.github.camelrealtime.session.RealtimeException;
import io.github.camelrealtime.session.RequestRefusedException;
import io.github.camelrealtime.session.SessionClosedException;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.Reply;
import io.github.camelrealtime.simulator.Scenario;
import io.github.camelrealtime.simulator.SimulatedSession;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.github.camelrealtime.RealtimeCamel.await;
import static io.github.camelrealtime.RealtimeCamel.done;
import static org.assertj.core.api.Assertions.assertThat;

/** Items of the conversation, made, deleted, retrieved and cut by operations. */
class ItemOperationsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, Object> NOTE = Map.of("type", "message", "role", "system",
            "content", List.of(Map.of("type", "input_text", "text", "The caller is a gold member.")));

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    private final Received received = new Received();
    private String options = "";

    // ---- create-item

    @Test
    @DisplayName("CTX-2 an item is added in the middle of a conversation, and no response is asked for")
    void noResponse() throws Exception {
        start("");
        assertThat(camel.template().requestBody("direct:ask", "Hello", String.class)).contains("Hello");
        Exchange created = run("create-item", NOTE, Map.of());

        assertThat(created.getException()).isNull();
        String id = created.getMessage().getHeader(OpenAIRealtimeConstants.ITEM_ID, String.class);
        await().until(() -> server().sent("conversation.item.added").stream()
                .anyMatch(added -> added.path("item").path("id").asText().equals(id)));
        assertThat(created.getMessage().getBody()).isEqualTo(NOTE);
        // what comes after it has been dealt with, so a request would have been, too
        assertThat(camel.template().requestBody("direct:ask", "Still there?", String.class)).contains("Still there?");
        assertThat(server().received("response.create")).hasSize(2);
        assertThat(server().sent("response.created")).hasSize(2);
    }

    @Test
    @DisplayName("CTX-4 an item without an id gets one of at most 32 characters (T-27), another one each time")
    void ids() throws Exception {
        start("await=committed");
        for (int i = 0; i < 50; i++) {
            Exchange created = run("create-item", NOTE, Map.of());
            assertThat(created.getException()).isNull();
            assertThat(created.getMessage().getHeader(OpenAIRealtimeConstants.ITEM_ID, String.class)).hasSizeBetween(8, 32);
        }
        assertThat(server().received("conversation.item.create")).extracting(event -> event.path("item").path("id").asText())
                .doesNotHaveDuplicates().hasSize(50);
    }

    @Test
    @DisplayName("CTX-4 an id of more than 32 characters (T-27) is refused before it is sent, wherever it stands")
    void longIds() throws Exception {
        start("");
        String long33 = "x".repeat(33);
        Map<String, Object> item = new HashMap<>(NOTE);
        item.put("id", long33);
        for (Exchange refused : List.of(
                run("create-item", item, Map.of()),
                run("create-item", NOTE, Map.of(OpenAIRealtimeConstants.OVERRIDE_ITEM_ID, long33)),
                run("delete-item", long33, Map.of()))) {
            assertThat(refused.getException()).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("32");
            assertThat(refused.getException().getMessage()).doesNotContain(long33);
        }
        item.put("id", "x".repeat(32));
        assertThat(run("create-item", item, Map.of()).getException()).isNull();
        await().until(() -> server().received("conversation.item.create").size() == 1);
        assertThat(received.types()).isEmpty();
    }

    @Test
    @DisplayName("CTX-2 an item comes as Map, JSON text or the whole event, and headers win over what that says")
    void shapes() throws Exception {
        start("await=committed");
        run("create-item", NOTE, Map.of(OpenAIRealtimeConstants.OVERRIDE_ITEM_ID, "first"));
        run("create-item", JSON.writeValueAsString(NOTE), Map.of(OpenAIRealtimeConstants.OVERRIDE_ITEM_ID, "second"));
        run("create-item", Map.of("item", NOTE, "previous_item_id", "first"),
                Map.of(OpenAIRealtimeConstants.OVERRIDE_ITEM_ID, "third"));
        Exchange last = run("create-item",
                JSON.valueToTree(Map.of("type", "conversation.item.create", "event_id", "mine", "item", NOTE,
                        "previous_item_id", "second")),
                Map.of(OpenAIRealtimeConstants.OVERRIDE_ITEM_ID, "fourth",
                        OpenAIRealtimeConstants.OVERRIDE_PREVIOUS_ITEM_ID, "root"));

        assertThat(last.getException()).isNull();
        assertThat(last.getMessage().getHeaders()).doesNotContainKeys(
                OpenAIRealtimeConstants.OVERRIDE_ITEM_ID, OpenAIRealtimeConstants.OVERRIDE_PREVIOUS_ITEM_ID)
                .containsEntry(OpenAIRealtimeConstants.ITEM_ID, "fourth");
        List<JsonNode> events = server().received("conversation.item.create");
        assertThat(events).extracting(event -> event.path("item").path("id").asText())
                .containsExactly("first", "second", "third", "fourth");
        assertThat(events).extracting(event -> event.path("previous_item_id").textValue())
                .containsExactly(null, null, "first", "root");
        assertThat(events.get(3).path("event_id").asText()).isEqualTo("mine");
    }

    @Test
    @DisplayName("CTX-2 what is no item is refused without repeating it, and nothing is sent")
    void noItem() throws Exception {
        start("");
        for (Object body : new Object[] { "private words", "{\"no\":\"type\"}", Map.of("type", 3), 17, "" }) {
            Exchange refused = run("create-item", body, Map.of());
            assertThat(refused.getException()).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("type");
            assertThat(refused.getException().getMessage()).doesNotContain("private words");
        }
        assertThat(server().received("conversation.item.create")).isEmpty();
    }

    // ---- waiting

    @Test
    @DisplayName("CTX-3 await=committed: the exchange goes on when the service has acknowledged the item, not before")
    void acknowledged() throws Exception {
        CountDownLatch mayAnswer = new CountDownLatch(1);
        camel.scenario(Scenario.builder().on("conversation.item.create", 1, session -> hold(mayAnswer)).build());
        start("await=committed");
        CompletableFuture<Exchange> created = begin("create-item", NOTE, Map.of());
        await().until(() -> !server().received("conversation.item.create").isEmpty());
        assertThat(created).isNotDone();
        mayAnswer.countDown();
        assertThat(done(created).getException()).isNull();
        assertThat(server().sent("conversation.item.added")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = { true, false })
    @DisplayName("CTX-3 a refused edit fails its own exchange only, whether or not the error names the event (T-44)")
    void refusedAlone(boolean eventIds) throws Exception {
        CountDownLatch allSent = new CountDownLatch(1);
        camel.scenario(Scenario.builder().errorEventIds(eventIds)
                .on("conversation.item.delete", 1, session -> hold(allSent)).build());
        start("await=committed");
        run("create-item", NOTE, Map.of(OpenAIRealtimeConstants.OVERRIDE_ITEM_ID, "one"));
        run("create-item", NOTE, Map.of(OpenAIRealtimeConstants.OVERRIDE_ITEM_ID, "two"));
        CompletableFuture<Exchange> first = begin("delete-item", "one", Map.of());
        CompletableFuture<Exchange> refused = begin("delete-item", "nobody", Map.of());
        CompletableFuture<Exchange> third = begin("delete-item", Map.of("item_id", "two"), Map.of());
        allSent.countDown();

        assertThat(done(refused).getException(RequestRefusedException.class)).isNotNull()
                .satisfies(refusal -> assertThat(refusal.getParam()).isEqualTo("item_id"));
        for (CompletableFuture<Exchange> fine : List.of(first, third)) {
            assertThat(done(fine).getException()).isNull();
        }
        assertThat(server().sent("conversation.item.deleted")).extracting(event -> event.path("item_id").asText())
                .containsExactly("one", "two");
        assertThat(received.types()).as("who was told, was told once").isEmpty();
        assertThat(camel.session("support").state()).isEqualTo(SessionState.READY);
    }

    @Test
    @DisplayName("CTX-3 where nobody waits, a refusal goes out as an error event, and the exchange has gone on")
    void refusedLater() throws Exception {
        start("");
        assertThat(run("create-item", Map.of("item", NOTE, "previous_item_id", "nobody"), Map.of()).getException()).isNull();
        assertThat(received.await("error").header(OpenAIRealtimeConstants.ERROR_CODE)).isEqualTo("invalid_value");
        assertThat(camel.session("support").state()).isEqualTo(SessionState.READY);
    }

    @Test
    @DisplayName("CTX-3 an item of await=committed that nobody acknowledges fails after itemAckTimeout, which the error names")
    void notAcknowledged() throws Exception {
        camel.scenario(Scenario.builder().on("conversation.item.delete", 1, session -> hold(new CountDownLatch(1))).build());
        start("await=committed", "&itemAckTimeout=300");
        Exchange late = run("delete-item", "one", Map.of());
        assertThat(late.getException()).hasMessageContainingAll("conversation.item.delete", "300 ms", "itemAckTimeout");
    }

    @Test
    @DisplayName("CTX-3 while a response runs the service confirms no items: that time does not count")
    void afterTheResponse() throws Exception {
        camel.scenario(Scenario.builder().onText("long", Reply.text("It takes its time."))
                .thinkTime(Duration.ofMillis(900)).build());
        start("await=committed", "&itemAckTimeout=200");
        done(camel.send("direct:ask", ExchangePattern.InOnly, "A long answer", Map.of()));
        await().until(() -> !server().sent("response.created").isEmpty());
        Exchange created = run("create-item", NOTE, Map.of());
        assertThat(created.getException()).isNull();
        assertThat(server().sent("response.done")).as("the confirmation comes after it").hasSize(1);
    }

    @Test
    @DisplayName("CTX-3 who waits for an acknowledgement is told when the session is lost")
    void lost() throws Exception {
        camel.scenario(Scenario.builder().on("conversation.item.retrieve", 1, SimulatedSession::abort).build());
        start("");
        Exchange lost = run("retrieve-item", "one", Map.of());
        // the simulator has answered that there is no such item, or the line was cut before
        assertThat(lost.getException()).isInstanceOfAny(SessionClosedException.class, RequestRefusedException.class);
    }

    @ParameterizedTest
    @CsvSource({
            "create-item,response,create-response", "delete-item,response,create-response", "retrieve-item,response,create-response",
            "truncate-item,response,create-response", "append-image,response,create-response",
            "update-session,response,create-response", "delete-item,completed,await=committed" })
    @DisplayName("CTX-3 await=response and await=completed are refused with what to do instead")
    void awaitRefused(String operation, String await, String remedy) throws Exception {
        start("await=" + await);
        int before = server().frames().size();
        Exchange refused = run(operation, "one", Map.of());
        assertThat(refused.getException()).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("await=" + await, operation, remedy);
        assertThat(server().frames()).hasSize(before);
    }

    // ---- delete, retrieve, truncate

    @ParameterizedTest
    @ValueSource(strings = { "one", " one\n", "{\"item_id\":\"one\"}" })
    @DisplayName("CTX-3 delete-item takes the item id from text and JSON text")
    void delete(String body) throws Exception {
        start("await=committed");
        run("create-item", NOTE, Map.of(OpenAIRealtimeConstants.OVERRIDE_ITEM_ID, "one"));
        Exchange deleted = run("delete-item", body, Map.of());
        assertThat(deleted.getException()).isNull();
        assertThat(deleted.getMessage().getHeader(OpenAIRealtimeConstants.ITEM_ID)).isEqualTo("one");
        assertThat(server().sent("conversation.item.deleted")).hasSize(1);
    }

    @Test
    @DisplayName("T-48 retrieve-item waits for the item without being told to, and the body becomes the item as the wire has it")
    void retrieve() throws Exception {
        start("");
        run("create-item", NOTE, Map.of(OpenAIRealtimeConstants.OVERRIDE_ITEM_ID, "one"));
        Exchange retrieved = run("retrieve-item", "ignored, as the header wins",
                Map.of(OpenAIRealtimeConstants.OVERRIDE_ITEM_ID, "one"));
        assertThat(retrieved.getException()).isNull();
        assertThat(retrieved.getMessage().getBody(Map.class)).containsEntry("id", "one").containsEntry("role", "system")
                .containsEntry("content", NOTE.get("content"));

        assertThat(run("retrieve-item?dataFormat=event", "one", Map.of()).getMessage().getBody())
                .isInstanceOfSatisfying(ServerEvent.class,
                        event -> assertThat(event.getType()).isEqualTo("conversation.item.retrieved"));
        assertThat(run("retrieve-item?dataFormat=raw", "one", Map.of()).getMessage().getBody(String.class))
                .startsWith("{").contains("conversation.item.retrieved", "gold member");
        assertThat(run("retrieve-item?await=none", "one", Map.of()).getMessage().getBody()).isEqualTo("one");
    }

    @Test
    @DisplayName("T-48 an item with minutes of audio comes whole, and retrieveAudio gives its samples and their format")
    void retrieveAudio() throws Exception {
        camel.scenario(Scenario.builder().onText("story", Reply.text("Once upon a time ".repeat(80))).build());
        start("");
        assertThat(camel.template().requestBody("direct:ask", "Tell me a story", String.class)).contains("Once");
        String answer = server().sent("response.output_item.done").get(0).path("item").path("id").asText();

        Exchange whole = run("retrieve-item", answer, Map.of());
        assertThat(whole.getException()).isNull();
        JsonNode item = JSON.valueToTree(whole.getMessage().getBody());
        byte[] samples = item.at("/content/0/audio").binaryValue();
        assertThat(samples).hasSizeGreaterThan(60 * 48_000);
        Exchange audio = run("retrieve-item?retrieveAudio=true", answer, Map.of());
        assertThat(audio.getMessage().getBody(byte[].class)).isEqualTo(samples);
        assertThat(audio.getMessage().getHeaders()).containsEntry(OpenAIRealtimeConstants.AUDIO_FORMAT, "pcm16;rate=24000")
                .containsEntry(OpenAIRealtimeConstants.SAMPLE_RATE, 24_000).containsEntry(OpenAIRealtimeConstants.ITEM_ID, answer);

        run("create-item", NOTE, Map.of(OpenAIRealtimeConstants.OVERRIDE_ITEM_ID, "silent"));
        assertThat(run("retrieve-item?retrieveAudio=true", "silent", Map.of()).getException())
                .isInstanceOf(RealtimeException.class).hasMessageContainingAll("silent", "no audio", "retrieveAudio");
        assertThat(run("retrieve-item?retrieveAudio=true", Map.of("item_id", answer, "content_index", 1), Map.of()).getException())
                .hasMessageContaining("part 1");
    }

    @Test
    @DisplayName("truncate-item cuts what the assistant said; body and headers say where, and what cannot be cut is refused (CTX-3)")
    void truncate() throws Exception {
        camel.scenario(Scenario.builder().onText("story", Reply.text("Once upon a time there was a long sentence to cut.")).build());
        start("await=committed");
        assertThat(camel.template().requestBody("direct:ask", "Tell me a story", String.class)).contains("Once");
        String answer = server().sent("response.output_item.done").get(0).path("item").path("id").asText();

        assertThat(run("truncate-item", Map.of("item_id", answer, "audio_end_ms", 1_480), Map.of()).getException()).isNull();
        JsonNode first = server().received("conversation.item.truncate").get(0);
        assertThat(first.path("item_id").asText()).isEqualTo(answer);
        assertThat(first.path("content_index").asInt(-1)).isZero();
        assertThat(first.path("audio_end_ms").asInt()).isEqualTo(1_480);

        Map<String, Object> headers = Map.of(OpenAIRealtimeConstants.OVERRIDE_ITEM_ID, answer,
                OpenAIRealtimeConstants.OVERRIDE_AUDIO_END_MS, "700", OpenAIRealtimeConstants.OVERRIDE_CONTENT_INDEX, 0);
        Exchange second = run("truncate-item", Map.of("audio_end_ms", 1_000, "content_index", 3), headers);
        assertThat(second.getException()).isNull();
        assertThat(second.getMessage().getHeaders()).doesNotContainKeys(headers.keySet().toArray(String[]::new));
        assertThat(server().sent("conversation.item.truncated").get(1).path("audio_end_ms").asInt()).isEqualTo(700);

        Exchange beyond = run("truncate-item", Map.of("item_id", answer, "audio_end_ms", 2_000), Map.of());
        assertThat(beyond.getException()).isInstanceOf(RequestRefusedException.class);
        assertThat(received.types()).isEmpty();
    }

    @Test
    @DisplayName("truncate-item, delete-item: what is not said, or not as a number, is refused with where to say it")
    void badTargets() throws Exception {
        start("");
        assertRefused("delete-item", null, Map.of(), "CamelOpenAIRealtimeOverrideItemId", "item_id");
        assertRefused("delete-item", "{broken", Map.of(), "item_id");
        assertRefused("truncate-item", Map.of("item_id", "one"), Map.of(), "CamelOpenAIRealtimeOverrideAudioEndMs", "audio_end_ms");
        assertRefused("truncate-item", Map.of("item_id", "one", "audio_end_ms", "soon"), Map.of(), "audio_end_ms", "number");
        assertRefused("truncate-item", Map.of("item_id", "one", "audio_end_ms", -1), Map.of(), "negative");
        assertRefused("truncate-item", Map.of("item_id", "one", "audio_end_ms", 1, "content_index", 1.5), Map.of(), "content_index");
        assertRefused("truncate-item", "one", Map.of(OpenAIRealtimeConstants.OVERRIDE_AUDIO_END_MS, "soon"),
                "CamelOpenAIRealtimeOverrideAudioEndMs");
    }

    @ParameterizedTest
    @ValueSource(strings = { "create-item", "delete-item", "retrieve-item", "truncate-item", "append-image", "send-text",
            "create-response" })
    @DisplayName("CFG-12 in a transcription session there are no items: refused before sending, naming operation and session type")
    void transcriptionSession(String operation) throws Exception {
        start("", "&sessionType=transcription");
        int before = server().frames().size();
        Exchange refused = run(operation, "one", Map.of());
        assertThat(refused.getException()).isInstanceOf(RealtimeException.class)
                .hasMessageContainingAll("support", operation, "transcription session");
        assertThat(server().frames()).hasSize(before);
    }

    private void assertRefused(String operation, Object body, Map<String, Object> headers, String... words) throws Exception {
        int before = server().frames().size();
        assertThat(run(operation, body, headers).getException()).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(words).hasMessageNotContaining("soon");
        assertThat(server().frames()).hasSize(before);
    }

    private static void hold(CountDownLatch until) {
        try {
            until.await(2, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void start(String producerOptions) throws Exception {
        start(producerOptions, "");
    }

    private void start(String producerOptions, String sessionOptions) throws Exception {
        options = producerOptions;
        camel.start(
                route -> route.from("openai-realtime:support?eventTypes=error" + sessionOptions).process(received),
                route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text"));
        camel.awaitState("support", SessionState.READY);
    }

    private SimulatedSession server() {
        return camel.server(0);
    }

    private Exchange run(String operation, Object body, Map<String, Object> headers) throws Exception {
        return done(begin(operation, body, headers));
    }

    /** @param operation its name, and further options behind a question mark */
    private CompletableFuture<Exchange> begin(String operation, Object body, Map<String, Object> headers) throws Exception {
        String uri = "openai-realtime:support?operation=" + operation.replace('?', '&')
                     + (options.isEmpty() ? "" : "&" + options);
        return camel.send(uri, ExchangePattern.InOnly, body, headers);
    }
}
