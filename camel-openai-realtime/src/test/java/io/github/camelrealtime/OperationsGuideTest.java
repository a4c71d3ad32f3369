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

import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import io.github.camelrealtime.docs.AnyComponent;
import io.github.camelrealtime.docs.Snippet;
import io.github.camelrealtime.docs.SnippetCompiler;
import io.github.camelrealtime.operation.Operation;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.SyntheticSpeech;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.camelrealtime.RealtimeCamel.done;
import static org.assertj.core.api.Assertions.assertThat;

/** All routes of docs/operations.md in one context, as a reader might copy them, and each operation done by its own. */
class OperationsGuideTest {

    private static final String PAGE = "operations.md";
    /** 300 ms at 16 kHz. */
    private static final byte[] AUDIO = new byte[9_600];
    private static final byte[] PNG = Base64.getDecoder().decode(
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    private final Set<String> done = new HashSet<>();

    @Test
    @DisplayName("Every operation of docs/operations.md does what the page says, in Java")
    void java() throws Exception {
        List<Snippet> snippets = Snippet.of(PAGE, "java");
        SnippetCompiler compiled = new SnippetCompiler(snippets);
        AnyComponent.standIn(camel.context());
        for (Snippet snippet : snippets) {
            camel.context().addRoutes(compiled.routes(snippet));
        }
        everyOperation();
    }

    @Test
    @Tag("camel-4.18-only")
    @DisplayName("Every operation of docs/operations.md does what the page says, in YAML")
    void yaml() throws Exception {
        AnyComponent.standIn(camel.context());
        int number = 0;
        for (Snippet snippet : Snippet.of(PAGE, "yaml")) {
            PluginHelper.getRoutesLoader(camel.context())
                    .loadRoutes(ResourceHelper.fromString("snippet" + number++ + ".yaml", snippet.text()));
        }
        everyOperation();
    }

    private void everyOperation() throws Exception {
        // the properties of the page, which DocumentedPropertiesTest runs
        camel.component().setSessions(Map.of("desk", Map.of("turnDetection", "none")));
        camel.context().start();
        camel.awaitState("desk", SessionState.READY);

        speech();
        String item = items();
        texts();
        turns(item);
        lifeCycle();

        assertThat(done).containsExactlyInAnyOrderElementsOf(
                Arrays.stream(Operation.values()).map(Operation::value).collect(Collectors.toSet()));
        // an answer may be over just before it is cancelled
        assertThat(camel.simulator().sessions()).allSatisfy(server -> assertThat(server.sent("error"))
                .extracting(error -> error.at("/error/code").asText()).isSubsetOf("response_cancel_not_active"));
    }

    private void speech() throws Exception {
        tell("append-audio", AUDIO, "input_audio_buffer.append");
        assertThat(tell("commit-audio", null, "input_audio_buffer.commit").getMessage()
                .getHeader(OpenAIRealtimeConstants.ITEM_ID)).isNotNull();
        tell("append-audio", AUDIO, "input_audio_buffer.append");
        tell("clear-audio", null, "input_audio_buffer.clear");
        tell("append-audio", AUDIO, "input_audio_buffer.append");
        Exchange turn = tell("end-turn", null, "response.create");
        assertThat(turn.getMessage().getBody(String.class)).isNotBlank();
        assertThat(turn.getMessage().getHeader(OpenAIRealtimeConstants.INPUT_ITEM_ID)).isNotNull();
        assertThat(tell("transcribe", Wav.file(Wav.PCM, 24_000, 16, 1, SyntheticSpeech.pcm(1_000)), "input_audio_buffer.commit")
                .getMessage().getBody(String.class)).contains("samples");
    }

    /** @return the item of an answer, which has audio */
    private String items() throws Exception {
        String created = tell("create-item", null, "conversation.item.create").getMessage()
                .getHeader(OpenAIRealtimeConstants.ITEM_ID, String.class);
        tell("append-image", PNG, "conversation.item.create");
        assertThat(tell("retrieve-item", created, "conversation.item.retrieve").getMessage().getBody(Map.class))
                .containsEntry("id", created);
        tell("delete-item", created, "conversation.item.delete");
        String answer = tell("create-response", null, "response.create").getMessage()
                .getHeader(OpenAIRealtimeConstants.ITEM_ID, String.class);
        tell("truncate-item", Map.of("item_id", answer, "audio_end_ms", 1), "conversation.item.truncate");
        return answer;
    }

    private void texts() throws Exception {
        assertThat(tell("send-text", "Good morning", "conversation.item.create").getMessage().getBody(String.class))
                .contains("Good morning");
        tell("auto", "Good evening", "conversation.item.create");
        tell("update-session", null, "session.update");
        tell("send-event", Map.of("type", "input_audio_buffer.clear"), "input_audio_buffer.clear");
    }

    private void turns(String item) throws Exception {
        for (String operation : List.of("cancel-response", "interrupt", "mute", "unmute")) {
            tell(operation, null, null);
        }
        tell("playback-position", Map.of("item_id", item, "played_ms", 100), null);
        tell("playback-mark", item + ":0:100", null);
    }

    private void lifeCycle() throws Exception {
        int connections = camel.simulator().sessions().size();
        tell("restart", null, null);
        assertThat(camel.simulator().sessions()).hasSize(connections + 1);
        tell("close-session", null, null);
        assertThat(camel.session("desk").state()).isEqualTo(SessionState.IDLE);
        tell("open-session", null, null);
        assertThat(camel.session("desk").state()).isEqualTo(SessionState.READY);
    }

    /** @param event of which one more has to be sent; {@code null} if none has to */
    private Exchange tell(String operation, Object body, String event) throws Exception {
        long before = event == null ? 0 : received(event);
        Exchange exchange = done(camel.send("direct:" + operation, ExchangePattern.InOnly, body, Map.of()));
        assertThat(exchange.getException()).as(operation).isNull();
        if (event != null) {
            RealtimeCamel.await().untilAsserted(() -> assertThat(received(event)).as(event).isGreaterThan(before));
        }
        done.add(operation);
        return exchange;
    }

    private long received(String event) {
        return camel.simulator().sessions().stream().mapToLong(server -> server.received(event).size()).sum();
    }
}
