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

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class EventFilterTest {

    private static final List<String> LOCAL = List.of("camel.transcript.turn", "camel.turn.completed",
            "camel.session.reconnected",
            "camel.error", "camel.errors.transport", "camel.usage", "camel.cost.budget", "camel.audio.gap");

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = { "", "  ", " , " })
    void withoutWordsEverythingButDeltas(String option) {
        EventFilter filter = EventFilter.parse(option);
        for (String type : EventTypes.serverTypes()) {
            assertThat(filter.accepts(type)).as(type).isEqualTo(!type.endsWith(".delta"));
        }
        assertThat(filter.accepts("camel.turn.completed")).isTrue();
        assertThat(filter.accepts("live.unheard.of")).isTrue();
        assertThat(filter.accepts("live.unheard.delta")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "transcript | camel.transcript.turn conversation.item.input_audio_transcription.completed "
                        + "conversation.item.input_audio_transcription.failed conversation.item.input_audio_transcription.segment "
                        + "response.output_audio_transcript.done response.output_text.done",
            "transcript-partial | conversation.item.input_audio_transcription.delta response.output_audio_transcript.delta "
                                + "response.output_text.delta session.input_transcript.delta session.output_transcript.delta",
            "audio | response.output_audio.delta response.output_audio.done session.output_audio.delta",
            "text | response.output_text.delta response.output_text.done",
            "turn | camel.turn.completed input_audio_buffer.committed input_audio_buffer.speech_started "
                  + "input_audio_buffer.speech_stopped input_audio_buffer.timeout_triggered response.created response.done",
            "tool | mcp_list_tools.completed mcp_list_tools.failed mcp_list_tools.in_progress "
                  + "response.function_call_arguments.done response.mcp_call.completed response.mcp_call.failed "
                  + "response.mcp_call.in_progress response.mcp_call_arguments.delta response.mcp_call_arguments.done",
            "mcp | mcp_list_tools.completed mcp_list_tools.failed mcp_list_tools.in_progress response.mcp_call.completed "
                 + "response.mcp_call.failed response.mcp_call.in_progress response.mcp_call_arguments.delta "
                 + "response.mcp_call_arguments.done",
            "lifecycle | camel.session.reconnected session.closed session.created session.updated",
            "error | camel.error camel.errors.transport conversation.item.input_audio_transcription.failed error "
                   + "mcp_list_tools.failed response.mcp_call.failed",
            "usage | camel.cost.budget camel.usage rate_limits.updated response.done",
            "response.done | response.done",
            "response.output_text.* | response.output_text.delta response.output_text.done",
            "*_text.d*e | response.output_text.done",
            "session.created, error ,usage | camel.cost.budget camel.error camel.errors.transport camel.usage "
                    + "conversation.item.input_audio_transcription.failed error mcp_list_tools.failed "
                    + "rate_limits.updated response.done response.mcp_call.failed session.created"
    })
    void wordsChoose(String option, String types) {
        EventFilter filter = EventFilter.parse(option);
        Set<String> accepted = new TreeSet<>();
        EventTypes.serverTypes().stream().filter(filter::accepts).forEach(accepted::add);
        LOCAL.stream().filter(filter::accepts).forEach(accepted::add);
        assertThat(String.join(" ", accepted)).isEqualTo(types);
    }

    @Test
    void allIsAll() {
        EventFilter filter = EventFilter.parse("all");
        assertThat(EventTypes.serverTypes()).allMatch(filter::accepts);
        assertThat(LOCAL).allMatch(filter::accepts);
        assertThat(filter.accepts("nodots")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = { "transcripts", "Audio", "response.done,lifecicle", "camel" })
    void unknownWordsAreRefusedWithTheOnesThereAre(String option) {
        assertThatThrownBy(() -> EventFilter.parse(option)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + option.substring(option.indexOf(',') + 1) + "'")
                .hasMessageContaining(
                        "transcript, transcript-partial, audio, text, turn, tool, mcp, lifecycle, error, usage, all");
    }

    @Test
    void decidesTheSameHoweverManyTypesItHasSeen() {
        EventFilter filter = EventFilter.parse("*.wanted");
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 2_000; i++) {
                assertThat(filter.accepts("type" + i + ".wanted")).isTrue();
                assertThat(filter.accepts("type" + i + ".other")).isFalse();
            }
        }
    }

    @Test
    void aHostileTypeCostsLittle() {
        // with a backtracking matcher this would not end
        EventFilter filter = EventFilter.parse("*a*a*a*a*a*a*a*a*a*a*b");
        assertThat(filter.accepts("a".repeat(100_000))).isFalse();
    }
}
