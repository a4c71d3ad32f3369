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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class OperationTest {

    @ParameterizedTest
    @EnumSource(Operation.class)
    void everyValueIsFoundByItsName(Operation operation) {
        assertThat(operation.value()).matches("[a-z]+(-[a-z]+)*");
        assertThat(Operation.fromValue(operation.value())).isEqualTo(operation);
        assertThat(Operation.fromValue(operation.name())).isEqualTo(operation);
    }

    @ParameterizedTest
    @CsvSource({
            "append-audio,APPEND_AUDIO", "appendAudio,APPEND_AUDIO", "APPEND_AUDIO,APPEND_AUDIO", "Append-Audio,APPEND_AUDIO",
            "sendevent,SEND_EVENT", "auto,AUTO" })
    void spellings(String text, Operation expected) {
        assertThat(Operation.fromValue(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "append", "append audio", "append-audios", "-" })
    void unknownOnesAreRefusedWithWhatThereIs(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Operation.fromValue(text))
                .withMessageContaining("append-audio").withMessageContaining("close-session");
    }

    @Test
    void whatThisVersionDoesNotHaveSaysSo() {
        for (Operation operation : Operation.values()) {
            try {
                assertThat(Operations.find(operation)).isNotNull();
            } catch (UnsupportedOperationException e) {
                assertThat(e).hasMessageContaining(operation.value()).hasMessageContaining("send-event");
            }
        }
    }
}
