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

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.github.camelrealtime.event.EventExamples;
import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.session.LocalEvents;
import io.github.camelrealtime.session.SessionState;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.camelrealtime.TranscriptFrames.mark;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class EventTablesTest {

    private static final Path PAGE = Path.of("..", "docs", "events.md");
    private static final Path SOURCES = Path.of("src", "main", "java");
    private static final String UPDATE = "mvn -B -ntp -pl camel-openai-realtime test -Dtest=EventTablesTest -Dupdate.docs=true";
    private static final String SESSION = "openai-realtime:support?turnDetection=none&transcriptOrdering=arrival"
                                          + "&failedTranscripts=event&minConfidence=0.5&drainTimeout=100&eventTypes=all"
                                          + "&reconnect=false";
    private static final Pattern LOCAL_EVENT = Pattern.compile("\"(camel\\.(?!component)[a-z]+(\\.[a-z-]+)+)\"");

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    @Test
    @DisplayName("DOC-4 docs/events.md says what the catalogue says, with the headers that a route really gets")
    void pageIsUpToDate() throws Exception {
        EventTables tables = new EventTables(headersByType());
        if (Boolean.getBoolean("update.docs")) {
            Files.writeString(PAGE, tables.fill(Files.readString(PAGE)));
        }
        String page = Files.readString(PAGE);
        assertThat(tables.fill(page)).as("docs/events.md is older than the events. Make it anew: %s", UPDATE).isEqualTo(page);
        assertThat(EventTypes.serverTypes()).allSatisfy(type -> assertThat(page).contains("\n### " + type + "\n"));
        assertThat(EventTypes.clientTypes()).allSatisfy(type -> assertThat(page).contains("\n| `" + type + "` |"));
        assertThat(LocalEvents.catalogue()).allSatisfy(event -> assertThat(page).contains("\n| `" + event.type() + "` |"));
    }

    private Map<String, Set<String>> headersByType() throws Exception {
        Received received = new Received();
        camel.start(route -> route.from(SESSION).process(received));
        camel.awaitState("support", SessionState.READY);
        EventExamples.frames().forEach(camel.server(0)::send);
        camel.server(0).send(mark());
        received.await("x.mark");
        Map<String, Set<String>> headers = new HashMap<>();
        received.events().forEach(event -> headers.computeIfAbsent(event.type(), type -> new TreeSet<>())
                .addAll(event.headers().keySet()));
        // comes by its present name
        headers.put(EventTypes.CONVERSATION_ITEM_CREATED, headers.get(EventTypes.CONVERSATION_ITEM_ADDED));
        assertThat(headers.keySet()).containsAll(EventTypes.serverTypes());
        return headers;
    }

    @Test
    @DisplayName("DOC-4 every event that the component makes is in the catalogue of local events")
    void localEventsAreListed() throws Exception {
        List<String> listed = LocalEvents.catalogue().stream().map(LocalEvents.Entry::type).toList();
        assertThat(listed).doesNotHaveDuplicates();
        Set<String> constants = new TreeSet<>();
        for (Field field : LocalEvents.class.getFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getType() == String.class) {
                constants.add((String) field.get(null));
            }
        }
        assertThat(new TreeSet<>(listed)).as("LocalEvents.catalogue()").isEqualTo(constants);
        assertThat(typesInSources()).as("types of local events in the sources").isEqualTo(constants);
    }

    private static Set<String> typesInSources() throws IOException {
        Set<String> types = new TreeSet<>();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
                LOCAL_EVENT.matcher(Files.readString(file)).results().forEach(found -> types.add(found.group(1)));
            }
        }
        return types;
    }

    @Test
    @DisplayName("DOC-4 a stale table is found, what stands around it is kept, and a marker that stands for nothing is an error")
    void replacesTheTableAlone() {
        EventTables tables = new EventTables(Map.of());
        String filled = tables.fill("Before\n<!-- table: words -->\nold\n<!-- end of table -->\nAfter\n");
        assertThat(filled).startsWith("Before\n<!-- table: words -->\n\n| Word").contains("| `transcript` |", "| `mcp` |")
                .endsWith("\n<!-- end of table -->\nAfter\n").doesNotContain("old");
        assertThatThrownBy(() -> tables.fill("<!-- table: nonsense -->\n<!-- end of table -->"))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("nonsense");
    }
}
