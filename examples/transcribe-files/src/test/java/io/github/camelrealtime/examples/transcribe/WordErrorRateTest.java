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
package io.github.camelrealtime.examples.transcribe;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class WordErrorRateTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", value = {
            "Hello, world.              | hello world          | 0",
            "the open-source PBX        | The open source pbx! | 0",
            "the agent's number         | the agents number    | 1",
            "one two three              | one too three        | 1",
            "one two three              | one three            | 1",
            "one two three              | one two and three    | 1",
            "one two three              | two three four       | 2",
            "one two three              | ''                   | 3",
            "one                        | two one two          | 2",
            "please wait here a moment  | wait please here     | 4"})
    @DisplayName("Counts the fewest words replaced, dropped or added; case and punctuation do not count")
    void errors(String reference, String transcript, int errors) {
        assertThat(WordErrorRate.of(reference, transcript).errors()).isEqualTo(errors);
    }

    @Test
    @DisplayName("Is per hundred words of the reference, and may be above 100")
    void percent() {
        assertThat(WordErrorRate.of("one two three four", "one two three").percent()).isEqualTo(25);
        assertThat(WordErrorRate.of("one", "two one two").percent()).isEqualTo(200);
        assertThat(WordErrorRate.of("", "").percent()).isZero();
        assertThat(WordErrorRate.of("", "boo").percent()).isEqualTo(100);
    }

    @Test
    @DisplayName("A total weighs each recording by its words")
    void total() {
        WordErrorRate total = WordErrorRate.of("one", "two").plus(WordErrorRate.of("one two", "one two"));

        assertThat(total).isEqualTo(new WordErrorRate(1, 3));
        assertThat(total.percent()).isCloseTo(33.33, within(0.01));
    }
}
