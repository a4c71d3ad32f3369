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
package io.github.camelrealtime.examples.simulator;

import java.util.List;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class SentenceGrammarTest {

    @Test
    @DisplayName("Sentences become lower-case words, acronyms are spelled, the way back restores the writing")
    void spokenAndWritten() {
        SentenceGrammar grammar = new SentenceGrammar(List.of("Goodbye! Try the open-source PBX, please."));

        assertThat(grammar.toJsgf()).isEqualTo("""
                #JSGF V1.0;
                grammar sentences;
                public <top> = (<sentence>)+;
                <sentence> = goodbye
                  | try the open source p b x please;
                """);
        assertThat(grammar.written(words("try the open source p b x please goodbye")))
                .contains("Try the open-source PBX, please. Goodbye!");
    }

    @Test
    @DisplayName("A sentence that begins another does not hide it")
    void prefix() {
        SentenceGrammar grammar = new SentenceGrammar(List.of("Please wait.", "Please wait here.", "Here we go."));

        assertThat(grammar.written(words("please wait here"))).contains("Please wait here.");
        assertThat(grammar.written(words("please wait here we go"))).contains("Please wait. Here we go.");
    }

    @Test
    @DisplayName("Words that are no whole sentences have no writing")
    void noSentence() {
        SentenceGrammar grammar = new SentenceGrammar(List.of("Please wait here."));

        assertThat(grammar.written(words("please wait"))).isEmpty();
        assertThat(grammar.written(words("please wait here please"))).isEmpty();
        assertThat(grammar.written(List.of())).isEmpty();
    }

    @Test
    @DisplayName("A word that cannot be heard is refused by name")
    void unknownWord() {
        assertThatIllegalArgumentException().isThrownBy(() -> new SentenceGrammar(List.of("Dial 42 now.")))
                .withMessageContaining("\"42\"").withMessageContaining("Dial 42 now.");
        assertThatIllegalArgumentException().isThrownBy(() -> new SentenceGrammar(List.of("Say zyxomma.")))
                .withMessageContaining("\"zyxomma\"");
    }

    @Test
    @DisplayName("A scenario without a sentence is refused")
    void empty() {
        assertThatIllegalArgumentException().isThrownBy(() -> new SentenceGrammar(List.of(" ", "…")))
                .withMessageContaining("no sentence");
    }

    private static List<String> words(String words) {
        return List.of(words.split(" "));
    }
}
