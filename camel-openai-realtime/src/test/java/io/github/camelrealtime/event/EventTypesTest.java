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
package io.github.camelrealtime.event;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class EventTypesTest {

    /** The wire reference's table: direction, type, sessions (R T X), transports (W D P B). */
    private static final String TABLE = """
                C|session.update|RT|WDB
                C|input_audio_buffer.append|RT|W
                C|input_audio_buffer.commit|RT|WDB
                C|input_audio_buffer.clear|RT|WDB
                C|output_audio_buffer.clear|R|DB
                C|conversation.item.create|R|WDB
                C|conversation.item.delete|R|WDB
                C|conversation.item.retrieve|R|WDB
                C|conversation.item.truncate|R|W
                C|response.create|R|WDB
                C|response.cancel|R|WDB
                C|session.update|X|WD
                C|session.input_audio_buffer.append|X|W
                C|session.close|X|WD
                S|session.created|RTX|WD
                S|session.updated|RTX|WDB
                S|error|RTX|WDB
                S|conversation.created|R|WD
                S|conversation.item.created|R|WDB
                S|conversation.item.added|RT|WDPB
                S|conversation.item.done|RT|WDPB
                S|conversation.item.retrieved|R|WDB
                S|conversation.item.deleted|R|WDB
                S|conversation.item.truncated|R|WDPB
                S|conversation.item.input_audio_transcription.delta|RT|WDPB
                S|conversation.item.input_audio_transcription.completed|RT|WDPB
                S|conversation.item.input_audio_transcription.segment|RT|WDPB
                S|conversation.item.input_audio_transcription.failed|RT|WDPB
                S|input_audio_buffer.speech_started|RT|WDPB
                S|input_audio_buffer.speech_stopped|RT|WDPB
                S|input_audio_buffer.committed|RT|WDPB
                S|input_audio_buffer.cleared|RT|WDB
                S|input_audio_buffer.timeout_triggered|R|WDPB
                S|input_audio_buffer.dtmf_event_received|R|PB
                S|output_audio_buffer.started|R|DPB
                S|output_audio_buffer.stopped|R|DPB
                S|output_audio_buffer.cleared|R|DPB
                S|rate_limits.updated|R|WDPB
                S|response.created|R|WDPB
                S|response.done|R|WDPB
                S|response.output_item.added|R|WDPB
                S|response.output_item.done|R|WDPB
                S|response.content_part.added|R|WDPB
                S|response.content_part.done|R|WDPB
                S|response.output_text.delta|R|WDPB
                S|response.output_text.done|R|WDPB
                S|response.output_audio_transcript.delta|R|WDPB
                S|response.output_audio_transcript.done|R|WDPB
                S|response.output_audio.delta|R|W
                S|response.output_audio.done|R|WDPB
                S|response.function_call_arguments.delta|R|WDPB
                S|response.function_call_arguments.done|R|WDPB
                S|response.mcp_call_arguments.delta|R|WDPB
                S|response.mcp_call_arguments.done|R|WDPB
                S|response.mcp_call.in_progress|R|WDPB
                S|response.mcp_call.completed|R|WDPB
                S|response.mcp_call.failed|R|WDPB
                S|mcp_list_tools.in_progress|R|WDPB
                S|mcp_list_tools.completed|R|WDPB
                S|mcp_list_tools.failed|R|WDPB
                S|session.closed|X|WD
                S|session.input_transcript.delta|X|WD
                S|session.output_transcript.delta|X|WD
                S|session.output_audio.delta|X|W
                """;

    private static final Map<Character, SessionType> SESSIONS
            = Map.of('R', SessionType.REALTIME, 'T', SessionType.TRANSCRIPTION, 'X', SessionType.TRANSLATION);
    private static final Map<Character, TransportKind> TRANSPORTS = Map.of('W', TransportKind.WEBSOCKET,
            'D', TransportKind.WEBRTC, 'P', TransportKind.SIP, 'B', TransportKind.SIDEBAND);

    @Test
    @DisplayName("CFG-12 every client event, session type and transport: allowed exactly where the wire reference says")
    void matrix() {
        Set<List<Object>> allowed = new HashSet<>();
        for (String[] row : rows('C')) {
            for (char session : row[2].toCharArray()) {
                for (char transport : row[3].toCharArray()) {
                    allowed.add(List.of(row[1], SESSIONS.get(session), TRANSPORTS.get(transport)));
                }
            }
        }
        for (String[] row : rows('C')) {
            for (SessionType session : SessionType.values()) {
                for (TransportKind transport : TransportKind.values()) {
                    assertThat(EventTypes.isAllowed(row[1], session, transport))
                            .as("%s in a %s session over %s", row[1], session, transport)
                            .isEqualTo(allowed.contains(List.of(row[1], session, transport)));
                }
            }
        }
    }

    @Test
    @DisplayName("CFG-12 the cases that hurt: truncate and append on calls, output clear on WebSockets, the wrong append")
    void theCasesThatHurt() {
        assertThat(EventTypes.isAllowed("conversation.item.truncate", SessionType.REALTIME, TransportKind.SIDEBAND)).isFalse();
        assertThat(EventTypes.isAllowed("output_audio_buffer.clear", SessionType.REALTIME, TransportKind.WEBSOCKET)).isFalse();
        assertThat(EventTypes.isAllowed("input_audio_buffer.append", SessionType.REALTIME, TransportKind.SIDEBAND)).isFalse();
        assertThat(EventTypes.isAllowed("input_audio_buffer.append", SessionType.TRANSLATION, TransportKind.WEBSOCKET))
                .isFalse();
        assertThat(EventTypes.isAllowed("response.create", SessionType.TRANSCRIPTION, TransportKind.WEBSOCKET)).isFalse();
    }

    @Test
    @DisplayName("CFG-12 a client event that did not exist yet is the service's to judge")
    void unknownIsLetThrough() {
        assertThat(EventTypes.isAllowed("input_video_buffer.append", SessionType.REALTIME, TransportKind.WEBSOCKET)).isTrue();
    }

    @Test
    @DisplayName("CONN-18 the sets hold the names of the wire reference, and each has its constant")
    void names() throws Exception {
        Set<String> client = new HashSet<>();
        rows('C').forEach(row -> client.add(row[1]));
        Set<String> server = new HashSet<>();
        rows('S').forEach(row -> server.add(row[1]));
        assertThat(EventTypes.clientTypes()).isEqualTo(client);
        assertThat(EventTypes.serverTypes()).isEqualTo(server);

        Set<String> constants = new HashSet<>();
        for (Field field : EventTypes.class.getFields()) {
            String value = (String) field.get(null);
            if (!Set.of("LOCAL_PREFIX", "DELTA_SUFFIX").contains(field.getName())) {
                assertThat(field.getName()).isEqualTo(value.toUpperCase().replace('.', '_'));
                constants.add(value);
            }
        }
        client.addAll(server);
        assertThat(constants).isEqualTo(client);
    }

    @Test
    void setsCannotBeChanged() {
        assertThatThrownBy(() -> EventTypes.clientTypes().add("x.y")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> EventTypes.serverTypes().add("x.y")).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void sessionTypesHaveWireNames() {
        for (SessionType type : SessionType.values()) {
            assertThat(SessionType.ofWireName(type.wireName())).isSameAs(type);
        }
        assertThatThrownBy(() -> SessionType.ofWireName("Realtime")).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'Realtime'").hasMessageContaining("transcription");
    }

    private static List<String[]> rows(char direction) {
        List<String[]> rows = new ArrayList<>();
        for (String line : TABLE.strip().split("\n")) {
            String[] row = line.strip().split("\\|");
            if (row[0].charAt(0) == direction) {
                rows.add(row);
            }
        }
        return rows;
    }
}
