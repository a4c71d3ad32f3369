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

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.camelrealtime.event.EventCatalogue;
import io.github.camelrealtime.event.EventCatalogue.Entry;
import io.github.camelrealtime.event.EventExamples;
import io.github.camelrealtime.event.EventFilter;
import io.github.camelrealtime.event.SessionType;
import io.github.camelrealtime.event.TransportKind;
import io.github.camelrealtime.session.LocalEvents;

/**
 * The generated parts of {@code docs/events.md}: from the catalogue of events, the examples, and the headers that the
 * examples really got when they went through a route.
 */
final class EventTables {

    /** On every exchange; named once at the top of the page. */
    static final Set<String> COMMON = Set.of(
            OpenAIRealtimeConstants.EVENT_TYPE, OpenAIRealtimeConstants.EVENT_ID, OpenAIRealtimeConstants.SESSION_NAME,
            OpenAIRealtimeConstants.SESSION_ID, OpenAIRealtimeConstants.EPOCH, OpenAIRealtimeConstants.SEQUENCE,
            OpenAIRealtimeConstants.MESSAGE_TIMESTAMP, "Content-Type");

    private static final Pattern TABLE
            = Pattern.compile("(<!-- table: ([a-z-]+) -->\n).*?(<!-- end of table -->)", Pattern.DOTALL);
    private static final String PREFIX = "CamelOpenAIRealtime";

    private final Map<String, Set<String>> headersByType;

    /** @param headersByType names of the headers that the exchanges of each event have been seen with */
    EventTables(Map<String, Set<String>> headersByType) {
        this.headersByType = headersByType;
    }

    /**
     * The page with its generated parts made anew.
     *
     * @throws IllegalArgumentException if the page has a marker that stands for nothing
     */
    String fill(String page) {
        return TABLE.matcher(page).replaceAll(table -> Matcher.quoteReplacement(
                table.group(1) + "\n" + table(table.group(2)) + "\n" + table.group(3)));
    }

    private String table(String name) {
        return switch (name) {
            case "words" -> words();
            case "overview" -> overview();
            case "server-events" -> serverEvents();
            case "local-events" -> localEvents();
            case "client-events" -> clientEvents();
            default -> throw new IllegalArgumentException("There is no table '" + name + "'");
        };
    }

    private static String words() {
        StringBuilder table = new StringBuilder("| Word | Events |\n|---|---|\n");
        EventFilter.groups().forEach((word, patterns) -> table.append("| `").append(word).append("` | ")
                .append(code(patterns))
                .append("error".equals(word) ? ", and `response.done` of a response that failed or is incomplete" : "")
                .append(" |\n"));
        return table.toString();
    }

    private static String overview() {
        StringBuilder table = new StringBuilder("| Event | Sessions | Words | Body |\n|---|---|---|---|\n");
        for (Entry entry : EventCatalogue.serverEvents().values()) {
            table.append("| [`").append(entry.type()).append("`](#").append(anchor(entry.type())).append(") | ")
                    .append(sessions(entry)).append(" | ").append(code(EventFilter.groupsOf(entry.type()))).append(" | ")
                    .append(body(entry)).append(" |\n");
        }
        return table.toString();
    }

    private String serverEvents() {
        Map<String, List<String>> examples = EventExamples.frames().stream().collect(Collectors.groupingBy(EventExamples::type));
        StringBuilder text = new StringBuilder();
        for (Entry entry : EventCatalogue.serverEvents().values()) {
            text.append(text.length() == 0 ? "" : "\n").append("### ").append(entry.type()).append("\n\n")
                    .append(sentence(entry.meaning())).append("\n\n")
                    .append("- Sessions: ").append(sessions(entry)).append(". Over: ").append(transports(entry)).append('\n')
                    .append("- Words: ").append(orNone(code(EventFilter.groupsOf(entry.type())))).append('\n')
                    .append("- Body: ").append(body(entry)).append('\n')
                    .append("- Headers: ").append(orNone(headers(entry.type()))).append('\n')
                    .append("- Members: ").append(orNone(code(entry.members()))).append("\n\n")
                    .append("```json\n").append(examples.get(entry.type()).get(0)).append("\n```\n");
        }
        return text.toString();
    }

    private static String localEvents() {
        StringBuilder table = new StringBuilder("| Event | When | Words | Members |\n|---|---|---|---|\n");
        for (LocalEvents.Entry entry : LocalEvents.catalogue()) {
            table.append("| `").append(entry.type()).append("` | ").append(entry.when()).append(" | ")
                    .append(code(EventFilter.groupsOf(entry.type()))).append(" | ").append(entry.members()).append(" |\n");
        }
        return table.toString();
    }

    private static String clientEvents() {
        StringBuilder table = new StringBuilder("| Event | Asks for | Sessions | Over | Members |\n|---|---|---|---|---|\n");
        for (Entry entry : EventCatalogue.clientEvents().values()) {
            table.append("| `").append(entry.type()).append("` | ").append(entry.meaning()).append(" | ")
                    .append(sessions(entry)).append(" | ").append(transports(entry)).append(" | ")
                    .append(code(entry.members())).append(" |\n");
        }
        return table.toString();
    }

    private String headers(String type) {
        Set<String> seen = headersByType.getOrDefault(type, Set.of());
        return constants().filter(seen::contains).filter(header -> !COMMON.contains(header))
                .map(header -> "`" + header.substring(PREFIX.length()) + "`").collect(Collectors.joining(", "));
    }

    /** In the order of their declaration. */
    private static Stream<String> constants() {
        List<String> names = new ArrayList<>();
        for (Field field : OpenAIRealtimeConstants.class.getFields()) {
            try {
                names.add((String) field.get(null));
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(e);
            }
        }
        return names.stream();
    }

    private static String sessions(Entry entry) {
        return new TreeSet<>(entry.where().keySet()).stream().map(SessionType::wireName).collect(Collectors.joining(", "));
    }

    private static String transports(Entry entry) {
        Set<TransportKind> all = new TreeSet<>();
        entry.where().values().forEach(all::addAll);
        return all.stream().map(EventTables::name).collect(Collectors.joining(", "));
    }

    private static String name(TransportKind transport) {
        return switch (transport) {
            case WEBSOCKET -> "WebSocket";
            case WEBRTC -> "WebRTC";
            case SIP -> "SIP";
            case SIDEBAND -> "sideband";
        };
    }

    private static String body(Entry entry) {
        return switch (entry.body()) {
            case AUDIO -> "`byte[]`";
            case TEXT -> "`String`";
            case MAP -> "`Map`";
        };
    }

    private static String code(Collection<String> names) {
        return names.stream().map(name -> "`" + name + "`").collect(Collectors.joining(", "));
    }

    private static String orNone(String text) {
        return text.isEmpty() ? "none" : text;
    }

    private static String sentence(String meaning) {
        return meaning.substring(0, 1).toUpperCase(Locale.ROOT) + meaning.substring(1) + ".";
    }

    /** As the common renderers of Markdown make it of a heading. */
    private static String anchor(String heading) {
        return heading.replace(".", "");
    }
}
