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
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

import io.github.camelrealtime.Footprint;
import io.github.camelrealtime.OpenAIRealtimeComponent;
import io.github.camelrealtime.audio.AudioFormat;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** FLOW-6: whatever collects something is bounded, and {@code docs/bounds.tsv} among the test resources says how. */
class BoundsTest {

    private static final String TABLE = "/io/github/camelrealtime/docs/bounds.tsv";
    private static final String ROOT = "io.github.camelrealtime";
    private static final int ROUNDS = 60_000;
    private static final int SENTENCES = 30;

    private final Map<String, String> table = table();

    private static Map<String, String> table() {
        try (InputStream in = BoundsTest.class.getResourceAsStream(TABLE)) {
            Map<String, String> rows = new TreeMap<>();
            new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().filter(line -> !line.startsWith("#")).forEach(line -> {
                String[] cells = line.split("\t", -1);
                assertThat(cells).as(line).hasSize(3);
                rows.put(cells[0], cells[1].equals("-") ? cells[2] : cells[1]);
            });
            return rows;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    @DisplayName("FLOW-6 every field that collects something is in the table of bounds, and nothing else is")
    void everyField() throws Exception {
        Set<String> fields = new TreeSet<>();
        Path classes = Path.of(OpenAIRealtimeComponent.class.getProtectionDomain().getCodeSource().getLocation().toURI())
                .resolve(ROOT.replace('.', '/'));
        try (Stream<Path> files = Files.walk(classes)) {
            files.filter(file -> file.toString().endsWith(".class")).forEach(file -> fields.addAll(fieldsOf(classes.relativize(file))));
        }
        assertThat(table).as("rows of " + TABLE).containsOnlyKeys(fields);
        assertThat(table.values()).as("what bounds it").noneMatch(String::isBlank);
    }

    private static List<String> fieldsOf(Path file) {
        String path = file.toString().replace('\\', '/').replaceAll("\\.class$", "");
        Class<?> type;
        try {
            type = Class.forName(ROOT + "." + path.replace('/', '.'), false, BoundsTest.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
        // a record is what it was made of, and a map that is one has its bound in its name
        return type.isRecord() || Map.class.isAssignableFrom(type) ? List.of()
                : Stream.of(type.getDeclaredFields()).filter(BoundsTest::collects).map(field -> path + "." + field.getName()).toList();
    }

    private static boolean collects(Field field) {
        Class<?> type = field.getType();
        return !Modifier.isStatic(field.getModifiers()) && !field.isSynthetic() && (Map.class.isAssignableFrom(type)
                || Collection.class.isAssignableFrom(type) || type == StringBuilder.class);
    }

    @Test
    @DisplayName("FLOW-6 a service that begins everything and ends nothing, under ids of its own making: no part of a session holds more than "
                 + "the table says")
    void flood() {
        ManualTimers timers = new ManualTimers();
        FakeTransports transports = new FakeTransports();
        RealtimeSession session = new RealtimeSession("flooded", Configs.server().build(), transports, timers);
        session.subscribe(event -> {
        });
        session.open();
        FakeTransport service = transports.last().ready();
        service.onSend(frame -> {
        });
        Random random = new Random(7);
        for (int round = 0; round < ROUNDS; round++) {
            service.say(SAYINGS.get(random.nextInt(SAYINGS.size())).replace("#", Integer.toString(round))
                    .replace("~", Integer.toString(random.nextInt(SENTENCES))));
            if (round % 100 == 0) {
                byte[] audio = new byte[480];
                session.audio().piece(AudioFormat.PCM_24K, audio.length).append(audio, 0, audio.length);
                timers.advance(20);
            }
        }
        Map<String, Integer> sizes = Footprint.of(session, service, timers).sizes();
        assertThat(sizes).as("fields that were reached").hasSizeGreaterThan(50);
        table.forEach((field, most) -> {
            String name = field.substring(field.lastIndexOf('/') + 1).replaceAll(".*\\$", "");
            if (most.chars().allMatch(Character::isDigit) && sizes.containsKey(name)) {
                assertThat(sizes.get(name)).as(field).isLessThanOrEqualTo(Integer.parseInt(most));
            }
        });
        assertThat(sizes).allSatisfy((field, size) -> assertThat(size).as(field + ", which the table does not bound by a number")
                .isLessThan(ROUNDS / SAYINGS.size() * 9 / 10));
        session.closeNow();
    }

    private static final String VOICE = Base64.getEncoder().encodeToString(new byte[480]);
    /** {@code #} is new each time, {@code ~} comes again. */
    private static final List<String> SAYINGS = List.of(
            "{'type':'x.unheard_of.#'}",
            "{'type':'input_audio_buffer.speech_started','item_id':'u#','audio_start_ms':#}",
            "{'type':'input_audio_buffer.speech_stopped','item_id':'u~','audio_end_ms':#}",
            "{'type':'input_audio_buffer.committed','item_id':'u#','previous_item_id':'u~'}",
            "{'type':'conversation.item.added','item':{'id':'m#','type':'message','role':'user','content':[{'type':'input_audio'}]}}",
            "{'type':'conversation.item.added','item':{'id':'a#','type':'message','role':'assistant','content':[]}}",
            "{'type':'conversation.item.added','item':{'id':'f#','type':'function_call','call_id':'c#','name':'n','arguments':''}}",
            "{'type':'conversation.item.done','item':{'id':'f#','type':'function_call','call_id':'c#','name':'n','arguments':'{}'}}",
            "{'type':'conversation.item.input_audio_transcription.delta','item_id':'u#','content_index':0,'delta':'word '}",
            "{'type':'conversation.item.input_audio_transcription.delta','item_id':'u~','content_index':0,'delta':'word '}",
            "{'type':'conversation.item.input_audio_transcription.completed','item_id':'t#','content_index':0,'transcript':'word'}",
            "{'type':'conversation.item.input_audio_transcription.segment','item_id':'u~','content_index':0,'speaker':'s#'}",
            "{'type':'response.created','response':{'id':'r#','conversation_id':'c','status':'in_progress'}}",
            "{'type':'response.created','response':{'id':'o#','conversation_id':null,'status':'in_progress'}}",
            "{'type':'response.output_item.added','response_id':'r#','item':{'id':'a#','type':'message','role':'assistant'}}",
            "{'type':'response.output_audio_transcript.delta','response_id':'r~','item_id':'p#','content_index':0,'delta':'word '}",
            "{'type':'response.output_audio_transcript.done','response_id':'r~','item_id':'a~','content_index':#,'transcript':'word'}",
            "{'type':'response.output_text.delta','response_id':'r~','item_id':'p#','content_index':0,'delta':'word '}",
            "{'type':'response.output_audio.delta','response_id':'r#','item_id':'v#','output_index':0,'content_index':0,'delta':'" + VOICE + "'}",
            "{'type':'response.done','response':{'id':'d#','conversation_id':'c','status':'failed'}}",
            "{'type':'rate_limits.updated','rate_limits':[{'name':'n#','limit':1,'remaining':1,'reset_seconds':1}]}",
            "{'type':'error','error':{'type':'invalid_request_error','code':'c#','message':'m','event_id':'e#'}}",
            "{'type':'conversation.item.deleted','item_id':'x#'}");
}
