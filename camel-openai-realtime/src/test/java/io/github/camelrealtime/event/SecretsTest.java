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

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class SecretsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', value = {
            "Incorrect API key provided: sk-proj-Ab12*****9xYz. | Incorrect API key provided: sk-***.",
            "{\"value\":\"ek_68af296e8e408191a1120ab6383263c2\"} | {\"value\":\"ek_***\"}",
            "Authorization: Bearer eyJhbGciOi.eyJzdWIi.SflK-x_w== | Authorization: Bearer ***",
            "authorization: bearer   abcdefgh, next | authorization: bearer   ***, next",
            "secret whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw= used | secret whsec_*** used",
            "api-key: 0123456789abcdef | api-key: ***",
            "{\"api_key\" : \"0123456789abcdef\"} | {\"api_key\" : \"***\"}",
            "?api-key=0123456789abcdef&x=1 | ?api-key=***&x=1",
            "realtime, openai-insecure-api-key.my.token-1 | realtime, openai-insecure-api-key.***",
            "key=sk-test | key=sk-***",
            "two: sk-aaaaaaaa and ek_bbbbbbbb | two: sk-*** and ek_***",
    })
    @DisplayName("SEC-7 keys, client secrets, bearer tokens, webhook secrets and api-key values never leave")
    void masks(String text, String masked) {
        assertThat(Secrets.mask(text)).isEqualTo(masked);
        assertThat(Secrets.mask(masked)).as("twice").isEqualTo(masked);
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "", "The risk-free task-force asked", "model gpt-realtime-2.1 not found",
            "{\"code\":\"invalid_api_key\",\"param\":null}",
            "invalid_api_key: Incorrect API key provided", "week_end", "No bearer" })
    @DisplayName("SEC-7 what is no secret stays readable")
    void keepsTheRest(String text) {
        assertThat(Secrets.mask(text)).isEqualTo(text);
    }

    @Test
    void nullStaysNull() {
        assertThat(Secrets.mask(null)).isNull();
    }
}
