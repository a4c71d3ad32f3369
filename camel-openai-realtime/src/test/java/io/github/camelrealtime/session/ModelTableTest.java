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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.camelrealtime.docs.DocumentedTable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ModelTableTest {

    private static final String PAGE = "sessions-and-models.md";
    private static final String UPDATE = "mvn -B -ntp -pl camel-openai-realtime test -Dtest=ModelTableTest -Dupdate.docs=true";
    private static final String HEAD = """
            | Model | For | Reasons | Streams | Detects turns | Prompt | Keywords, languages | Delay | Ends on | Use instead |
            |---|---|---|---|---|---|---|---|---|---|
            """;
    private static final String CONVERSATION = "conversation";
    private static final String TRANSCRIPTION = "transcription";
    /** What is known from the service; nothing in the component depends on it. */
    private static final Map<String, String> STREAMS = Map.of("gpt-realtime-whisper", "as it is said", "whisper-1", "no");
    private static final Map<String, String> MODELS = models();

    private static Map<String, String> models() {
        Map<String, String> models = new LinkedHashMap<>();
        Stream.of("gpt-realtime-2.1", "gpt-realtime-2.1-mini", "gpt-realtime-2", "gpt-realtime-1.5", "gpt-realtime",
                "gpt-realtime-2025-08-28", "gpt-realtime-mini", "gpt-realtime-mini-2025-12-15", "gpt-realtime-mini-2025-10-06",
                "gpt-4o-realtime-preview", "gpt-4o-mini-realtime-preview").forEach(model -> models.put(model, CONVERSATION));
        Stream.of("gpt-live-transcribe", "gpt-transcribe", "gpt-realtime-whisper", "gpt-4o-transcribe",
                "gpt-4o-mini-transcribe",
                "gpt-4o-mini-transcribe-2025-12-15", "gpt-4o-transcribe-diarize", "whisper-1")
                .forEach(model -> models.put(model, TRANSCRIPTION));
        return models;
    }

    private static String row(String model, String use) {
        boolean speaks = use.equals(CONVERSATION);
        return Stream.of("`" + model + "`", use, speaks ? yes(ModelRules.reasons(model)) : "",
                speaks ? "" : STREAMS.getOrDefault(model, "after the turn"), speaks ? ""
                        : yes(!ModelRules.refusesTurnDetection(model)), speaks ? "" : yes(ModelRules.takesPrompt(model)),
                speaks ? "" : yes(ModelRules.takesKeywords(model)), speaks ? "" : yes(ModelRules.takesDelay(model)),
                ModelLifecycle.find(model).map(rule -> rule.shutdown().toString()).orElse("–"),
                ModelLifecycle.find(model).map(rule -> "`" + rule.successor() + "`").orElse(""))
                .collect(Collectors.joining(" | ", "| ", " |"));
    }

    private static String yes(boolean is) {
        return is ? "yes" : "no";
    }

    @Test
    @DisplayName("CFG-2 the table of models says what the component knows, dates included")
    void table() throws IOException {
        String rows = MODELS.entrySet().stream().map(model -> row(model.getKey(), model.getValue()))
                .collect(Collectors.joining("\n"));
        if (Boolean.getBoolean("update.docs")) {
            DocumentedTable.replace(PAGE, "models", HEAD + rows + "\n");
        }
        assertThat(Files.readString(Path.of("..", "docs", PAGE))).as("Make it anew: %s", UPDATE).contains(HEAD + rows + "\n");
        assertThat(DocumentedTable.rows(PAGE, "models")).hasSameSizeAs(MODELS.keySet());
    }

    @Test
    @DisplayName("CFG-2 every announced end is in the table, and every default model")
    void complete() {
        assertThat(ModelLifecycle.rules()).allSatisfy(rule -> {
            assertThat(MODELS.keySet()).as(rule.names().toString()).anyMatch(rule.names()::matches);
            assertThat(MODELS).containsKey(rule.successor());
            assertThat(ModelLifecycle.find(rule.successor())).as("what replaces it stays").isEmpty();
        });
        assertThat(MODELS).containsKeys(WireProtocol.REALTIME.defaultModel(), WireProtocol.TRANSCRIPTION.defaultModel());
        assertThat(List.of(CONVERSATION, TRANSCRIPTION)).containsAll(MODELS.values());
    }
}
