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

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TranscriptTest {

    private static Transcript of(Transcript.Segment... segments) {
        return new Transcript("s", "m", 1_000, List.of(segments));
    }

    private static Transcript.Segment segment(String text, Map<String, Object> usage) {
        return new Transcript.Segment("i", text, 0, 1, usage);
    }

    @Test
    void usageIsSummed() {
        Map<String, Object> usage = of(
                segment("a", Map.of("type", "tokens", "total_tokens", 3, "seconds", 1.5, "input_token_details", Map.of("audio_tokens", 2))),
                segment("b", Map.of()),
                segment("c", Map.of("type", "duration", "total_tokens", 4, "seconds", 2, "input_token_details",
                        Map.of("audio_tokens", 3, "text_tokens", 1)))).getUsage();
        assertThat(usage).containsEntry("type", "tokens").containsEntry("total_tokens", 7L).containsEntry("seconds", 3.5);
        assertThat(usage.get("input_token_details")).isEqualTo(Map.of("audio_tokens", 5L, "text_tokens", 1));
    }

    @Test
    void summingLeavesTheSegmentsAlone() {
        Transcript transcript = of(
                segment("a", Map.of("details", Map.of("n", 1))), segment("b", Map.of("details", Map.of("n", 2))));
        assertThat(transcript.getUsage()).isEqualTo(transcript.getUsage());
        assertThat(transcript.getSegments().get(0).getUsage()).isEqualTo(Map.of("details", Map.of("n", 1)));
    }

    @Test
    void textLeavesEmptySegmentsOut() {
        assertThat(of(segment(" a ", Map.of()), segment("  ", Map.of()), segment("", Map.of()), segment("b", Map.of())).getText())
                .isEqualTo("a b");
        assertThat(of().getText()).isEmpty();
        assertThat(of().toJson()).contains("\"segments\" : [ ]").contains("\"audioMillis\" : 1000");
    }
}
