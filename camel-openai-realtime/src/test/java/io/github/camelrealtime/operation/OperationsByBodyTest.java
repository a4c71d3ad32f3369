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
package io.github.camelrealtime.operation;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.camelrealtime.event.ClientEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class OperationsByBodyTest {

    static Stream<Arguments> bodies() {
        return Stream.of(
                Arguments.of(new byte[2], Operation.APPEND_AUDIO),
                Arguments.of(ByteBuffer.allocate(2), Operation.APPEND_AUDIO),
                Arguments.of(new ByteArrayInputStream(new byte[2]), Operation.APPEND_AUDIO),
                Arguments.of(new File("a.wav"), Operation.APPEND_AUDIO),
                Arguments.of(Path.of("a.wav"), Operation.APPEND_AUDIO),
                Arguments.of(Map.of("type", "input_audio_buffer.clear"), Operation.SEND_EVENT),
                Arguments.of(Map.of(), Operation.SEND_EVENT),
                Arguments.of(JsonNodeFactory.instance.objectNode(), Operation.SEND_EVENT),
                Arguments.of(ClientEvent.clear(), Operation.SEND_EVENT),
                Arguments.of("say this", Operation.SEND_TEXT),
                Arguments.of("", Operation.SEND_TEXT),
                Arguments.of("{not json}", Operation.SEND_TEXT),
                Arguments.of("{\"no\":\"kind\"}", Operation.SEND_TEXT),
                Arguments.of("[{\"type\":\"x\"}]", Operation.SEND_TEXT),
                Arguments.of("{\"type\":\"x\"} is what I would send", Operation.SEND_TEXT));
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void byBody(Object body, Operation expected) {
        assertThat(Operations.byBody(body)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = { "{\"type\":\"response.create\"}", "  \n{\"type\":null}", "{\"a\":1,\"type\":{}}" })
    void jsonWithATypeIsNotSpoken(String body) {
        assertThatIllegalArgumentException().isThrownBy(() -> Operations.byBody(body))
                .withMessageContaining("send-event").withMessageContaining("send-text");
    }

    @Test
    void otherBodiesAreRefusedByTheirKindAndWithoutTheirContent() {
        assertThatIllegalArgumentException().isThrownBy(() -> Operations.byBody(null)).withMessageContaining("empty body");
        assertThatIllegalArgumentException().isThrownBy(() -> Operations.byBody(List.of("secret")))
                .withMessageContaining("List").withMessageNotContaining("secret");
    }
}
