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
import java.io.InputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class SessionOptionsTest {

    @Test
    @DisplayName("Session options are those that carry the label session in the catalogue")
    void sameAsTheCatalogue() throws IOException {
        JsonNode catalogue;
        try (InputStream json = getClass().getResourceAsStream("/META-INF/io/github/camelrealtime/openai-realtime.json")) {
            catalogue = new ObjectMapper().readTree(json);
        }
        Set<String> labelled = new TreeSet<>();
        catalogue.get("properties").properties().forEach(option -> {
            if (Arrays.asList(option.getValue().path("label").asText().split(",")).contains("session")) {
                labelled.add(option.getKey());
            }
        });

        Set<String> known = new TreeSet<>(SessionOptions.NAMES);
        known.add("sessionProperties");
        known.add("handshakeHeaders");
        assertThat(known).isEqualTo(labelled);
    }

    @Test
    @DisplayName("All ways to write a declared session mean the same")
    void oneShape() {
        Map<String, Object> expected = Map.of("turnDetection", "none", "sessionProperties.audio.output.speed", 1.1);

        assertThat(SessionOptions.grouped(Map.of("support", Map.of(
                "turn-detection", "none", "session-properties", Map.of("audio", Map.of("output", Map.of("speed", 1.1)))))))
                .isEqualTo(Map.of("support", expected));
        assertThat(SessionOptions.grouped(Map.of(
                "support.turnDetection", "none", "support.sessionProperties.audio.output.speed", 1.1)))
                .isEqualTo(Map.of("support", expected));
        assertThat(SessionOptions.grouped(Map.of(
                "support", Map.of("TURNDETECTION", "none"), "support.sessionproperties.audio.output.speed", 1.1)))
                .isEqualTo(Map.of("support", expected));
    }

    @Test
    @DisplayName("NET-7 names of headers keep their case, however the option before them is written")
    void headers() {
        Map<String, Map<String, Object>> expected = Map.of("support", Map.of("handshakeHeaders.X-Tenant", "north"));

        assertThat(SessionOptions.grouped(Map.of("support", Map.of("handshake-headers", Map.of("X-Tenant", "north")))))
                .isEqualTo(expected);
        assertThat(SessionOptions.grouped(Map.of("support.handshakeHeaders.X-Tenant", "north"))).isEqualTo(expected);
    }

    @Test
    @DisplayName("A session name with a dot works where options are given as a map")
    void nameWithDot() {
        assertThat(SessionOptions.grouped(Map.of("eu.support", Map.of("model", "gpt-realtime-mini"))))
                .isEqualTo(Map.of("eu.support", Map.of("model", "gpt-realtime-mini")));
    }

    @Test
    @DisplayName("One option given twice with different values is refused, as its order would be chance")
    void givenTwice() {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("turn-detection", "none");
        options.put("turnDetection", "server_vad");

        assertThatIllegalArgumentException().isThrownBy(() -> SessionOptions.grouped(Map.of("support", options)))
                .withMessage("Option sessions.support.turnDetection is given twice, spelled differently");
    }

    @Test
    @DisplayName("A configuration does not show its values when printed")
    void valuesAreNotPrinted() {
        OptionTree tree = new OptionTree(Map.of("support", "sk-secret"));

        assertThat(tree).hasToString("[support]");
    }
}
