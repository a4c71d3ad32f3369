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

import java.util.Map;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class SessionDefinitionsTest {

    private final SessionDefinitions definitions = new SessionDefinitions();

    @Test
    void whatIsSaidByAnybodyHolds() {
        assertThat(definitions.declare("a", Map.of("model", "m"), "one")).isTrue();
        assertThat(definitions.declare("a", Map.of("voice", "v"), "two")).isTrue();
        assertThat(definitions.declare("a", Map.of("voice", "v"), "three")).isFalse();
        assertThat(definitions.of("a")).isEqualTo(Map.of("model", "m", "voice", "v"));
        assertThat(definitions.of("b")).isEmpty();
    }

    @Test
    @DisplayName("CFG-8 who says otherwise fails, both are named, and nothing of what it said holds")
    void conflict() {
        definitions.declare("a", Map.of("speed", 1.5), "openai-realtime:a?speed=1.5");
        definitions.declare("a", Map.of("speed", "1.5"), "the same as text");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> definitions.declare("a", Map.of("speed", 1, "voice", "v"), "openai-realtime:a?speed=1"))
                .withMessageContaining("option speed").withMessageContaining("openai-realtime:a?speed=1.5 and")
                .withMessageContaining("openai-realtime:a?speed=1.").withMessageContaining("sessions.a.speed");
        assertThat(definitions.of("a")).isEqualTo(Map.of("speed", 1.5));
        definitions.declare("b", Map.of("speed", 1), "another session");
    }

    @Test
    void whatEverybodyTookBackHoldsNoMore() {
        definitions.declare("a", Map.of("model", "m", "voice", "v"), "one");
        definitions.declare("a", Map.of("model", "m"), "two");
        definitions.withdraw("a", Map.of("model", "m", "voice", "v"));
        assertThat(definitions.of("a")).isEqualTo(Map.of("model", "m"));
        definitions.withdraw("a", Map.of("model", "m"));
        assertThat(definitions.of("a")).isEmpty();
        definitions.withdraw("a", Map.of("model", "m"));
        definitions.declare("a", Map.of("model", "other"), "three");
    }
}
