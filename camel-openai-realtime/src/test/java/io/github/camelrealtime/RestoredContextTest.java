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
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelrealtime.session.ConversationItem;
import io.github.camelrealtime.session.RealtimeException;
import io.github.camelrealtime.session.SessionConfig;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.Reply;
import io.github.camelrealtime.simulator.Scenario;
import io.github.camelrealtime.simulator.SimulatedSession;
import io.github.camelrealtime.simulator.SyntheticSpeech;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.camelrealtime.RealtimeCamel.await;
import static io.github.camelrealtime.RealtimeCamel.done;
import static org.assertj.core.api.Assertions.assertThat;

/** What the next connection knows of the conversation, compared with what was said on the one before. */
class RestoredContextTest {

    private static final String ANCHOR = "system: " + SessionConfig.History.REANCHOR;
    private static final String CALL = "function_call: lookup";

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    private final Received received = new Received();

    @BeforeEach
    void quick() {
        camel.options().setReconnectInterval(1L);
    }

    private void start(String sessionOptions) throws Exception {
        camel.start(route -> route.from("openai-realtime:support?eventTypes=lifecycle,camel.*,response.done" + sessionOptions)
                .process(received));
        camel.awaitState("support", SessionState.READY);
    }

    private CompletableFuture<Exchange> begin(String operation, Object body) throws Exception {
        return camel.send("openai-realtime:support?operation=" + operation, ExchangePattern.InOnly, body, Map.of());
    }

    private Exchange run(String operation, Object body) throws Exception {
        return done(begin(operation, body));
    }

    private String ask(String text) throws Exception {
        Exchange answered = run("send-text&await=response", text);
        assertThat(answered.getException()).isNull();
        return answered.getMessage().getBody(String.class);
    }

    /** Breaks the connection, and waits until the next one stands. */
    private Map<?, ?> drop(int index) throws Exception {
        camel.server(index).abort();
        return reconnected(index + 1);
    }

    private Map<?, ?> reconnected(int nth) {
        return (Map<?, ?>) received.await("camel.session.reconnected", nth).body();
    }

    /** The items that a connection was told of, or added itself, in order. */
    private static List<String> conversation(SimulatedSession server) {
        return server.sent("conversation.item.done").stream().map(done -> line(done.path("item"))).toList();
    }

    private static String line(JsonNode item) {
        List<String> words = new ArrayList<>();
        item.path("content").forEach(part -> words.add(part.path("text").asText(part.path("transcript").asText(part.path("type").asText()))));
        return switch (item.path("type").asText()) {
            case "message" -> item.path("role").asText() + ": " + String.join(" + ", words);
            case "function_call" -> "function_call: " + item.path("name").asText();
            default -> item.path("type").asText() + ": " + item.path("output").asText();
        };
    }

    private static List<JsonNode> told(SimulatedSession server) {
        return server.received("conversation.item.create").stream().map(event -> event.path("item")).toList();
    }

    // ---- ROLL-10

    @Test
    @DisplayName("ROLL-10 ROLL-11 ROLL-17 a conversation of texts and a tool is told to the next connection as it was, and it goes on")
    void texts() throws Exception {
        camel.scenario(Scenario.builder().onText("order", Reply.functionCall("lookup", "{}", "call_1"))
                .onToolOutput("shipped", Reply.text("It is on its way.")).build());
        start("&outputModalities=text&greeting=Say hello");
        received.await("response.done");
        ask("Good morning");
        begin("send-text", "Where is my order?");
        await().until(() -> !camel.server(0).sent("response.function_call_arguments.done").isEmpty());
        received.await("response.done", 3);
        run("create-item", Map.of("type", "function_call_output", "call_id", "call_1", "output", "shipped"));
        assertThat(run("create-response&await=response", null).getMessage().getBody(String.class)).isEqualTo("It is on its way.");
        run("create-item&await=committed", Map.of("type", "message", "role", "system", "content",
                List.of(Map.of("type", "input_text", "text", "The caller is in a hurry."))));
        run("create-item&await=committed", Map.of("type", "message", "role", "assistant", "content",
                List.of(Map.of("type", "output_text", "text", "Noted."))));
        List<String> before = conversation(camel.server(0));
        assertThat(before).hasSize(9).contains(CALL, "function_call_output: shipped", "system: The caller is in a hurry.");

        Map<?, ?> reconnected = drop(0);
        List<String> expected = new ArrayList<>(before);
        expected.add(ANCHOR);
        assertThat(conversation(camel.server(1))).isEqualTo(expected);
        assertThat(reconnected.get("context_restored")).isEqualTo("true");
        assertThat(reconnected.get("expected_items")).isEqualTo(9);
        assertThat(reconnected.get("replayed_items")).isEqualTo(9);
        assertThat(ask("Are you still there?")).contains("Are you still there?");
        assertThat(camel.server(1).received("response.create")).as("no greeting again").hasSize(1);
        assertThat(camel.session("support").conversationItems()).extracting(ConversationItem::restored)
                .containsExactly(true, true, true, true, true, true, true, true, true, false, false);

        for (int i = 1; i <= 3; i++) {
            List<String> last = new ArrayList<>(conversation(camel.server(i)));
            assertThat(last.remove(ANCHOR)).isTrue();
            last.add(ANCHOR);
            drop(i);
            assertThat(conversation(camel.server(i + 1))).as("drop " + i).isEqualTo(last);
        }
        assertThat(camel.session("support").status().history().items()).isEqualTo(11);
    }

    @Test
    @DisplayName("ROLL-10 what was spoken is told as text on both sides, never as audio; what was interrupted as far as it was heard")
    void speech() throws Exception {
        camel.scenario(Scenario.builder().onTurn(1, Reply.tone(Duration.ofSeconds(2), "A short answer."))
                .onTurn(2, Reply.tone(Duration.ofSeconds(40), "one two three four five six seven eight nine ten")).build());
        start("&turnDetection=none&transcriptionModel=gpt-4o-transcribe");
        for (int turn = 1; turn <= 2; turn++) {
            run("append-audio&audioFormat=pcm16", SyntheticSpeech.pcm(700 * turn));
            run("end-turn&await=response", null);
        }
        await().until(() -> camel.server(0).sent("conversation.item.input_audio_transcription.completed").size() == 2);
        String spoken = camel.server(0).sent("response.output_audio_transcript.done").get(1).path("item_id").asText();
        done(camel.send("openai-realtime:support?operation=truncate-item&await=committed", ExchangePattern.InOnly,
                Map.of("item_id", spoken, "audio_end_ms", 12_000), Map.of()));
        List<String> users = camel.server(0).sent("conversation.item.input_audio_transcription.completed").stream()
                .map(completed -> "user: " + completed.path("transcript").asText()).toList();

        Map<?, ?> reconnected = drop(0);
        assertThat(conversation(camel.server(1))).containsExactly(
                users.get(0), "assistant: A short answer.", users.get(1), "assistant: one two three four", ANCHOR);
        assertThat(reconnected.get("context_restored")).isEqualTo("true");
        assertThat(told(camel.server(1))).allSatisfy(item -> {
            assertThat(item.toString()).doesNotContain("audio");
            assertThat(item.path("id").asText()).hasSizeBetween(1, 32);
        });
    }

    @Test
    @DisplayName("ROLL-10 CTX-2 CTX-7 a picture is told again; what is given while the conversation is told waits and follows in order")
    void meanwhile() throws Exception {
        byte[] png = { (byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n', 0 };
        start("&outputModalities=text");
        run("append-image&await=committed", png);
        CompletableFuture<Boolean> released = new CompletableFuture<>();
        List<CompletableFuture<Exchange>> given = new ArrayList<>();
        camel.scenario(Scenario.builder().on("conversation.item.create", 1, server -> {
            for (int i = 0; i < 5; i++) {
                try {
                    given.add(begin("create-item&await=committed", Map.of("type", "message", "role", "user", "content",
                            List.of(Map.of("type", "input_text", "text", "number " + i)))));
                } catch (Exception e) {
                    released.completeExceptionally(e);
                }
            }
            released.complete(true);
        }).build());
        drop(0);
        assertThat(released.join()).isTrue();
        for (CompletableFuture<Exchange> one : given) {
            assertThat(done(one).getException()).isNull();
        }
        assertThat(conversation(camel.server(1))).containsExactly(
                "user: input_image", ANCHOR, "user: number 0", "user: number 1", "user: number 2", "user: number 3",
                "user: number 4");
        assertThat(told(camel.server(1)).get(0).path("content").get(0).path("image_url").asText())
                .startsWith("data:image/png;base64,");
    }

    @Test
    @DisplayName("ROLL-10 CTX-4 an item is found by its first id on later connections: retrieved, deleted, and never truncated")
    void formerIds() throws Exception {
        start("&turnDetection=none&transcriptionModel=gpt-4o-transcribe");
        run("append-audio&audioFormat=pcm16", SyntheticSpeech.pcm(700));
        run("end-turn&await=response", null);
        await().until(() -> camel.server(0).sent("conversation.item.input_audio_transcription.completed").size() == 1);
        String answer = camel.server(0).sent("response.output_audio_transcript.done").get(0).path("item_id").asText();
        drop(0);
        drop(1);
        Exchange retrieved = run("retrieve-item", answer);
        assertThat(retrieved.getException()).isNull();
        assertThat(retrieved.getMessage().getBody(Map.class)).extracting("role").isEqualTo("assistant");
        Exchange cut = run("truncate-item", Map.of("item_id", answer, "audio_end_ms", 100));
        assertThat(cut.getException()).isInstanceOf(RealtimeException.class).hasMessageContaining("restored");
        assertThat(camel.server(2).received("conversation.item.truncate")).isEmpty();
        assertThat(run("delete-item&await=committed", answer).getException()).isNull();
        assertThat(camel.session("support").conversationItems()).extracting(ConversationItem::role).containsExactly("user");
        drop(2);
        assertThat(conversation(camel.server(3))).hasSize(2).last().isEqualTo(ANCHOR);
    }

    @Test
    @DisplayName("CTX-4 CTX-2 a route reads the whole conversation by retrieve-item of *, in order, and nothing is asked of the service")
    void whole() throws Exception {
        start("&outputModalities=text");
        String answer = ask("Hello");
        run("send-text&createResponse=false&await=sent", "By the way");
        await().until(() -> camel.session("support").conversationItems().size() == 3);
        drop(0);
        List<?> items = run("retrieve-item", "*").getMessage().getBody(List.class);
        assertThat(items).extracting(item -> ((Map<?, ?>) item).get("role") + ": " + ((Map<?, ?>) item).get("text"))
                .containsExactly("user: Hello", "assistant: " + answer, "user: By the way");
        assertThat(items).allSatisfy(item -> assertThat(((Map<?, ?>) item).get("restored")).isEqualTo(true));
        assertThat(camel.server(1).received("conversation.item.retrieve")).isEmpty();
        assertThat(camel.server(0).received("response.create")).as("not asked for an answer").hasSize(1);
    }

    // ---- ROLL-16

    @Test
    @DisplayName("ROLL-16 a call under way is told as unknown, once; its result takes the place of that when it comes")
    void lateResult() throws Exception {
        camel.scenario(Scenario.builder().onText("order", Reply.functionCall("lookup", "{}", "call_1")).build());
        start("&outputModalities=text");
        begin("send-text", "Where is my order?");
        received.await("response.done");
        Map<?, ?> reconnected = drop(0);
        List<String> told = conversation(camel.server(1));
        assertThat(told).hasSize(4).startsWith("user: Where is my order?", CALL).endsWith(ANCHOR);
        assertThat(told.get(2)).startsWith("function_call_output: ").contains("unknown");
        assertThat(reconnected.get("context_restored")).isEqualTo("true");

        Exchange late = run("create-item&await=committed",
                Map.of("type", "function_call_output", "call_id", "call_1", "output", "shipped"));
        assertThat(late.getException()).isNull();
        drop(1);
        assertThat(conversation(camel.server(2))).containsExactly(
                "user: Where is my order?", CALL, "function_call_output: shipped", ANCHOR);
        assertThat(camel.server(1).received("conversation.item.delete")).hasSize(1);
    }

    // ---- configuration

    @Test
    @DisplayName("ROLL-10 CFG-5 what was changed since the start is part of the next connection's configuration, and nothing else is")
    void changes() throws Exception {
        start("&outputModalities=text&instructions=Be brief.&turnDetection=none");
        assertThat(run("update-session&await=committed", Map.of("instructions", "Be long.",
                "audio", Map.of("input", Map.of("turn_detection", Map.of("type", "server_vad", "threshold", 0.7))))).getException())
                .isNull();
        assertThat(run("update-session&await=committed", Map.of("tool_choice", "no such thing")).getException()).isNotNull();
        Map<String, Object> tool = Map.of("type", "function", "name", "lookup", "description", "d", "parameters", Map.of());
        assertThat(run("update-session", Map.of("tools", List.of(tool))).getException()).isNull();
        drop(0);
        JsonNode first = camel.server(1).received("session.update").get(0).path("session");
        assertThat(first.path("instructions").asText()).isEqualTo("Be long.");
        assertThat(first.path("tools")).hasSize(1);
        assertThat(first.path("output_modalities").get(0).asText()).isEqualTo("text");
        assertThat(first.path("audio").path("input").path("turn_detection").path("threshold").asDouble()).isEqualTo(0.7);
        assertThat(first.has("tool_choice") || first.has("truncation") || first.path("audio").has("output")).isFalse();
        assertThat(camel.server(1).received("session.update")).hasSize(1);
        drop(1);
        assertThat(camel.server(2).received("session.update").get(0).path("session")).isEqualTo(first);
    }

    @Test
    @DisplayName("TRX-12 language and hints of the transcription are those of every connection, as changed since")
    void hints() throws Exception {
        camel.start(route -> route.from("openai-realtime:captions?sessionType=transcription&model=gpt-live-transcribe"
                                        + "&languages=en,de&keywords=Camel,Kamelet&eventTypes=lifecycle").process(received));
        camel.awaitState("captions", SessionState.READY);
        JsonNode first = transcription(0);
        assertThat(first.path("languages")).extracting(JsonNode::asText).containsExactly("en", "de");
        assertThat(first.path("keywords")).extracting(JsonNode::asText).containsExactly("Camel", "Kamelet");
        Exchange changed = done(camel.send("openai-realtime:captions?operation=update-session&await=committed", ExchangePattern.InOnly,
                Map.of("audio", Map.of("input", Map.of("transcription", Map.of("keywords", List.of("Dromedary"))))), Map.of()));
        assertThat(changed.getException()).isNull();

        drop(0);
        JsonNode second = transcription(1);
        assertThat(second.path("languages")).extracting(JsonNode::asText).containsExactly("en", "de");
        assertThat(second.path("keywords")).extracting(JsonNode::asText).containsExactly("Dromedary");
        assertThat(second.path("model")).isEqualTo(first.path("model"));

        assertThat(done(camel.operation("openai-realtime:captions", "restart")).getException()).isNull();
        assertThat(transcription(2)).as("a planned change of connections").isEqualTo(second);
    }

    private JsonNode transcription(int index) {
        List<JsonNode> updates = camel.server(index).received("session.update");
        return updates.get(updates.size() - 1).at("/session/audio/input/transcription");
    }

    // ---- CTX-1

    @Test
    @DisplayName("CTX-1 a conversation begins with its history, before the greeting, and keeps it; a reopened session begins anew")
    void seeded() throws Exception {
        start("&outputModalities=text&history=classpath:docs/conversation-so-far.json&greeting=Go on");
        received.await("response.done");
        List<String> seed = List.of("system: The caller has been identified as a customer.", "user: Where is my order 4711?",
                "function_call: lookupOrder", "function_call_output: {\"state\":\"shipped\"}",
                "assistant: It has been shipped and arrives tomorrow.");
        assertThat(conversation(camel.server(0)).subList(0, 5)).isEqualTo(seed);
        assertThat(told(camel.server(0))).as("nothing went before that it could go on from").hasSize(5);
        drop(0);
        assertThat(conversation(camel.server(1))).hasSize(7).startsWith(seed.toArray(String[]::new)).endsWith(ANCHOR);
        run("close-session", null);
        run("open-session", null);
        camel.awaitState("support", SessionState.READY);
        assertThat(conversation(camel.server(2))).isEqualTo(seed);
    }

    @Test
    @DisplayName("ROLL-17 the re-anchor message is the user's to choose, or to leave out; ROLL-11 without replay the model begins anew")
    void options() throws Exception {
        start("&outputModalities=text&reanchor=RAW(Weiter im Text.)");
        ask("Hello");
        drop(0);
        assertThat(conversation(camel.server(1))).hasSize(3).last().isEqualTo("system: Weiter im Text.");
    }

    @Test
    @DisplayName("ROLL-11 with replayHistory=false the model knows nothing, and the event says so")
    void switchedOff() throws Exception {
        start("&outputModalities=text&replayHistory=false");
        ask("Hello");
        Map<?, ?> reconnected = drop(0);
        assertThat(reconnected.get("context_restored")).isEqualTo("false");
        assertThat(reconnected.get("expected_items")).isEqualTo(2);
        assertThat(reconnected.get("replayed_items")).isEqualTo(0);
        assertThat(told(camel.server(1))).isEmpty();
    }

    // ---- CTX-10

    @Test
    @DisplayName("CTX-10 one event when the context is nearly full, not one for each answer; what was said stays known here")
    void nearlyFull() throws Exception {
        start("&outputModalities=text&contextWindow=20&contextWarning=0.5");
        for (int i = 0; i < 3; i++) {
            ask("Tell me something about the weather of today, please, number " + i);
        }
        Received.Event event = received.await("camel.context.nearing-limit");
        Map<?, ?> body = (Map<?, ?>) event.body();
        assertThat(((Number) body.get("used_tokens")).longValue()).isGreaterThanOrEqualTo(10);
        assertThat(((Number) body.get("window_tokens")).longValue()).isEqualTo(20);
        assertThat(body.get("response_id")).isNotNull();
        received.await("response.done", 3);
        assertThat(received.ofType("camel.context.nearing-limit")).hasSize(1);
        assertThat(camel.session("support").status().history().contextTokens()).isGreaterThanOrEqualTo(10);
        assertThat(camel.session("support").conversationItems()).hasSize(6)
                .allSatisfy(item -> assertThat(item.text()).isNotBlank());
    }
}
