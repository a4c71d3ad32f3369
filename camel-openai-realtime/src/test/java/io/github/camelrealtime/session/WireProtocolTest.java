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

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.event.SessionType;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class WireProtocolTest {

    private final ObjectMapper mapper = new ObjectMapper();

    @Test
    @DisplayName("CFG-15 each kind of session has its address, its default model, and its say on the transcriber")
    void kinds() {
        assertThat(WireProtocol.of(SessionType.REALTIME)).isSameAs(WireProtocol.REALTIME).satisfies(realtime -> {
            assertThat(realtime.resource("a model/x")).isEqualTo("/realtime?model=a+model%2Fx");
            assertThat(realtime.defaultModel()).isEqualTo("gpt-realtime-2.1");
            assertThat(realtime.hasConversation()).isTrue();
            assertThat(realtime.transcriptionModel("session's", "said")).isEqualTo("said");
            assertThat(realtime.transcriptionModel("session's", null)).isNull();
        });
        assertThat(WireProtocol.of(SessionType.TRANSCRIPTION)).isSameAs(WireProtocol.TRANSCRIPTION).satisfies(transcription -> {
            assertThat(transcription.resource("anything")).isEqualTo("/realtime?intent=transcription");
            assertThat(transcription.defaultModel()).isEqualTo("gpt-live-transcribe");
            assertThat(transcription.hasConversation()).isFalse();
            assertThat(transcription.transcriptionModel("session's", "said")).isEqualTo("session's");
        });
        assertThatThrownBy(() -> WireProtocol.of(SessionType.TRANSLATION)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("sessionType", "translation");
    }

    @Test
    @DisplayName("CFG-15 every update names its type first, its own if it has one")
    void update() throws Exception {
        assertThat(WireProtocol.TRANSCRIPTION.update((ObjectNode) mapper.readTree("{\"audio\":{}}")))
                .hasToString("{\"type\":\"transcription\",\"audio\":{}}");
        assertThat(WireProtocol.REALTIME.update((ObjectNode) mapper.readTree("{\"audio\":{},\"type\":\"mine\"}")))
                .hasToString("{\"type\":\"mine\",\"audio\":{}}");
    }
}
