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

import io.github.camelrealtime.net.Provider;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class ApiKeysTest {

    private static ApiKeys keys(Map<String, String> environment, Map<String, String> properties) {
        return new ApiKeys(environment::get, properties::get);
    }

    @Test
    @DisplayName("The option wins, then the environment, then the system property; blanks around it go")
    void order() {
        ApiKeys both = keys(Map.of("OPENAI_API_KEY", " of-environment\n"), Map.of("openai.api.key", "of-property"));
        assertThat(both.find(Provider.OPENAI, "of-option")).isEqualTo("of-option");
        assertThat(both.find(Provider.OPENAI, null)).isEqualTo("of-environment");
        assertThat(keys(Map.of(), Map.of("openai.api.key", "of-property")).find(Provider.OPENAI, null)).isEqualTo("of-property");
    }

    @Test
    @DisplayName("CFG-16 of two keys in the environment that of the provider counts")
    void twoKeys() {
        ApiKeys both = keys(Map.of("OPENAI_API_KEY", "openai", "AZURE_OPENAI_API_KEY", "azure"), Map.of());
        assertThat(both.find(Provider.OPENAI, null)).isEqualTo("openai");
        assertThat(both.find(Provider.AZURE, null)).isEqualTo("azure");
    }

    @Test
    @DisplayName("CFG-16 the other provider's key is not taken for want of a better one; the error names what to set")
    void notGuessed() {
        ApiKeys azure = keys(Map.of("AZURE_OPENAI_API_KEY", "azure"), Map.of("azure.openai.api.key", "azure"));
        assertThatIllegalStateException().isThrownBy(() -> azure.find(Provider.OPENAI, null))
                .withMessageContainingAll("apiKey", " OPENAI_API_KEY", " openai.api.key");
        ApiKeys openai = keys(Map.of("OPENAI_API_KEY", "openai"), Map.of("openai.api.key", "openai"));
        assertThatIllegalStateException().isThrownBy(() -> openai.find(Provider.AZURE, null))
                .withMessageContainingAll("apiKey", "AZURE_OPENAI_API_KEY", "azure.openai.api.key");
        assertThatIllegalStateException().isThrownBy(() -> openai.find(Provider.OPENAI, " "));
    }
}
