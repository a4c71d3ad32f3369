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

import java.util.function.UnaryOperator;

import io.github.camelrealtime.net.Provider;

/**
 * Keys that lie about outside Camel. Each provider has names of its own: two keys in the environment are no choice to be
 * guessed.
 *
 * @param environment asked for a variable
 * @param properties  asked for a system property
 */
record ApiKeys(UnaryOperator<String> environment, UnaryOperator<String> properties) {

    /** Those of this process. */
    static final ApiKeys SYSTEM = new ApiKeys(System::getenv, System::getProperty);

    /**
     * The key to send.
     *
     * @param  option                what the options say, {@code null} if nothing
     * @throws IllegalStateException if there is none, saying where to put one
     */
    String find(Provider provider, String option) {
        boolean azure = provider == Provider.AZURE;
        String variable = azure ? "AZURE_OPENAI_API_KEY" : "OPENAI_API_KEY";
        String property = azure ? "azure.openai.api.key" : "openai.api.key";
        String key = option;
        if (key == null) {
            key = environment.apply(variable);
        }
        if (key == null) {
            key = properties.apply(property);
        }
        if (key == null || key.isBlank()) {
            throw new IllegalStateException("no API key: set option apiKey (component, session or endpoint), the environment "
                                            + "variable " + variable + ", or the system property " + property);
        }
        return key.strip();
    }
}
