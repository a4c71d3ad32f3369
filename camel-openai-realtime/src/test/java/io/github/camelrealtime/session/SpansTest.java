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

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SpansTest {

    private final Spans spans = new Spans(new StreamMap(24_000));

    @Test
    void theServicesWordOnSpeech() {
        spans.onEvent(1, Events.of("{'type':'input_audio_buffer.speech_started','item_id':'a','audio_start_ms':10}"));
        spans.onEvent(1, Events.of("{'type':'input_audio_buffer.speech_stopped','item_id':'a','audio_end_ms':20}"));
        spans.onEvent(1, Events.of("{'type':'input_audio_buffer.cleared','item_id':'b'}"));
        assertThat(spans.find("a")).isEqualTo(new Spans.Span(10L, 20L, "vad"));
        assertThat(spans.find("b")).isNull();
        spans.onEvent(1, Events.of("{'type':'input_audio_buffer.speech_started','item_id':'c','audio_start_ms':'soon'}"));
        assertThat(spans.find("c")).isEqualTo(new Spans.Span(null, null, "vad"));
    }

    @Test
    @DisplayName("FLOW-6 spans are bounded: the eldest is forgotten first")
    void bounded() {
        for (int i = 0; i <= 2_000; i++) {
            spans.put("i" + i, new Spans.Span((long) i, null, "segment"));
        }
        assertThat(spans.find("i0")).isNull();
        assertThat(spans.find("i1").startMillis()).isEqualTo(1);
        assertThat(spans.find("i2000").startMillis()).isEqualTo(2_000);
    }
}
