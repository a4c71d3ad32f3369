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
package io.github.camelrealtime.simulator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * The simulator against recordings of the real service: the same client frames must be answered with the same types in the
 * same order, each with the same members at every depth. Not compared are the values (ids, times, texts, numbers) and how
 * many deltas there are: a run of deltas counts as the set of their types, since how transcript and sound interleave is
 * the service's chance. Events of the input's transcription, which may come at any time, are compared apart.
 *
 * <p>The recordings are kept beside the checkout, not in it.
 */
@Tag("interop")
class RecordingTest extends WireTest {

    private static final Path RECORDINGS = recordings();
    private static final String TRANSCRIPTION_EVENTS = "conversation.item.input_audio_transcription.";

    @Test
    @DisplayName("SIM-2 text in, audio out: as recorded")
    void textInAudioOut() throws Exception {
        compare("text-in-audio-out.yaml", Scenario.builder().onText("greeting", Reply.text("Hi there!")));
    }

    @Test
    @DisplayName("SIM-2 a function call, its output and the answer: as recorded")
    void toolCall() throws Exception {
        compare("tool-call-round.yaml", Scenario.builder()
                .onText("weather", Reply.functionCall("get_weather", "{  \n  \"city\": \"London\" \n} \n", "call_uMNE0Myi2tDTPu0w"))
                .onToolOutput("foggy", Reply.text("It is foggy and 12 degrees in London.")));
    }

    @Test
    @DisplayName("SIM-2 a spoken turn ended by server VAD: as recorded, with synthetic speech in place of the shortened audio")
    void serverVad() throws Exception {
        compare("audio-in-server-vad.yaml", Scenario.builder().onAudio(Reply.text("Hello, Marcelo! How can I help you today?")));
    }

    /**
     * Sends the recorded client frames, each when as many server frames have come as had come in the recording. In the
     * recording the audio of each append is cut to its first 33 bytes; the speech starts at 1,460 ms + 300 ms of padding
     * and ends at 4,256 ms - 200 ms of silence, so that is what is appended: silence, speech, silence, in chunks of 100 ms.
     */
    private void compare(String file, Scenario.Builder script) throws Exception {
        List<JsonNode> recorded = read(file);
        start(RealtimeSimulator.builder().scenario(script.rateLimits(false).build())
                .transcriber(clip -> Transcription.of(" Hello, my name is Marcelo.")));
        Client client = dial(request(REALTIME).header("Authorization", "Bearer sk-simulator").build());
        List<JsonNode> expected = new ArrayList<>();
        List<JsonNode> seen = new ArrayList<>();
        boolean spoken = false;
        for (JsonNode interaction : recorded) {
            JsonNode data = interaction.path("data");
            if (interaction.path("direction").asText().equals("received")) {
                expected.add(data);
                continue;
            }
            catchUp(client, seen, expected);
            if (!data.path("type").asText().equals("input_audio_buffer.append")) {
                client.sendExactly(data.toString());
            } else if (!spoken) {
                spoken = true;
                speak(client);
            }
        }
        seen.addAll(client.until("response.done"));
        if (expected.stream().anyMatch(RecordingTest::isTranscription)) {
            while (seen.stream().noneMatch(event -> event.path("type").asText().equals(TRANSCRIPTION_EVENTS + "completed"))) {
                seen.addAll(client.until(TRANSCRIPTION_EVENTS + "completed"));
            }
        }

        Predicate<JsonNode> aside = RecordingTest::isTranscription;
        assertThat(outline(seen, aside.negate())).isEqualTo(outline(expected, aside.negate()));
        assertThat(outline(seen, aside)).isEqualTo(outline(expected, aside));
        assertThat(shapes(seen)).isEqualTo(shapes(expected));
    }

    /** Waits for the last thing but deltas and confirmations that the recorded client had seen at this point. */
    private static void catchUp(Client client, List<JsonNode> seen, List<JsonNode> expected) {
        long wanted = milestones(expected);
        while (milestones(seen) < wanted) {
            seen.add(client.next());
        }
    }

    private static long milestones(List<JsonNode> events) {
        return events.stream().map(event -> event.path("type").asText())
                .filter(type -> List.of("session.created", "session.updated", "response.function_call_arguments.done",
                        "response.done").contains(type)).count();
    }

    private static void speak(Client client) {
        byte[] sound = join(SyntheticSpeech.silence(1_760), SyntheticSpeech.pcm(2_296), SyntheticSpeech.silence(1_000));
        for (int at = 0; at < sound.length; at += 4_800) {
            client.append(Arrays.copyOfRange(sound, at, Math.min(sound.length, at + 4_800)));
        }
    }

    /** Types in order; a run of deltas is one line with the set of its types. */
    private static List<String> outline(List<JsonNode> events, Predicate<JsonNode> wanted) {
        List<String> lines = new ArrayList<>();
        TreeSet<String> deltas = new TreeSet<>();
        for (JsonNode event : events.stream().filter(wanted).toList()) {
            String type = event.path("type").asText();
            if (type.endsWith(".delta")) {
                deltas.add(type);
                continue;
            }
            if (!deltas.isEmpty()) {
                lines.add(deltas.toString());
                deltas.clear();
            }
            lines.add(type);
        }
        return lines;
    }

    /** For each type and each of its events (deltas all in one) the members at every depth, with null and kind. */
    private static Map<String, TreeSet<String>> shapes(List<JsonNode> events) {
        Map<String, TreeSet<String>> shapes = new TreeMap<>();
        Map<String, Integer> count = new TreeMap<>();
        for (JsonNode event : events) {
            String type = event.path("type").asText();
            // the first answer and the second differ in what they hold, and so do a call's item and a message's
            String key = type.endsWith(".delta") ? type : type + " " + count.merge(type, 1, Integer::sum);
            shapes.computeIfAbsent(key, any -> new TreeSet<>()).addAll(members(event, ""));
        }
        return shapes;
    }

    private static List<String> members(JsonNode node, String path) {
        List<String> names = new ArrayList<>();
        node.fields().forEachRemaining(member -> {
            String name = path + "/" + member.getKey();
            names.add(name + (member.getValue().isNull() ? " null" : " " + member.getValue().getNodeType()));
            names.addAll(members(member.getValue(), name));
        });
        if (node.isArray()) {
            node.forEach(element -> names.addAll(members(element, path + "[]")));
        }
        return names;
    }

    private static boolean isTranscription(JsonNode event) {
        return event.path("type").asText().startsWith(TRANSCRIPTION_EVENTS);
    }

    private static List<JsonNode> read(String file) throws IOException {
        assumeTrue(RECORDINGS != null, "No folder shared/recordings beside the checkout: nothing to compare with");
        JsonNode interactions = new YAMLMapper().readTree(RECORDINGS.resolve(file).toFile()).path("interactions");
        List<JsonNode> list = new ArrayList<>();
        interactions.forEach(list::add);
        return list;
    }

    private static Path recordings() {
        return Stream.of("../shared/recordings", "../../shared/recordings").map(Path::of).filter(Files::isDirectory)
                .findFirst().orElse(null);
    }
}
