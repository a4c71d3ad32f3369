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

import java.net.URI;
import java.time.Instant;
import java.util.Map;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.audio.AudioFormat;
import io.github.camelrealtime.audio.EnergySegmenter;
import io.github.camelrealtime.event.SessionType;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class ModelLifecycleTest {

    private static final long DAY = 24 * 60 * 60 * 1000L;

    @ParameterizedTest(name = "{0}")
    @CsvSource({
            "gpt-realtime, 2027-01-20",
            "gpt-realtime-2025-08-28, 2027-01-20",
            "gpt-realtime-mini, 2027-01-20",
            "gpt-realtime-mini-2025-12-15, 2027-01-20",
            "gpt-realtime-mini-2025-10-06, 2026-07-23",
            "gpt-4o-realtime-preview, 2026-05-07",
            "gpt-4o-realtime-preview-2025-06-03, 2026-05-07",
            "gpt-4o-mini-realtime-preview, 2026-05-07",
            "whisper-1, 2027-02-26",
            "gpt-4o-transcribe, 2027-02-26",
            "gpt-4o-mini-transcribe-2025-12-15, 2027-02-26",
            "gpt-4o-transcribe-diarize, 2027-02-26" })
    @DisplayName("CFG-2 the announced ends of models are known")
    void known(String model, String shutdown) {
        assertThat(ModelLifecycle.of(config(model, null))).singleElement().satisfies(retirement -> {
            assertThat(retirement.shutdown()).hasToString(shutdown);
            assertThat(retirement.what()).contains(model);
        });
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = { "gpt-realtime-2.1", "gpt-realtime-2.1-mini", "gpt-realtime-2", "gpt-realtime-1.5", "gpt-realtime-whisper",
            "gpt-live-transcribe", "gpt-transcribe", "gpt-realtime-mini-2027-01-01", "model of tomorrow" })
    @DisplayName("CFG-2 current and unknown models pass silently")
    void unknown(String model) {
        assertThat(ModelLifecycle.of(config(model, null))).isEmpty();
    }

    @Test
    @DisplayName("CFG-2 the transcription model and a stored prompt count too")
    void others() {
        assertThat(ModelLifecycle.of(config("gpt-realtime",
                "{'prompt':{'id':'pmpt_1'},'audio':{'input':{'transcription':{'model':'whisper-1'}}}}")))
                .extracting(ModelLifecycle.Retirement::what)
                .containsExactly("model gpt-realtime", "transcription model whisper-1", "the stored prompt (session property prompt)");
        assertThat(ModelLifecycle.of(config("gpt-realtime-2.1", "{'prompt':null,'audio':{'input':{'transcription':null}}}"))).isEmpty();
        assertThat(ModelLifecycle.of(config("whisper-1", "{'audio':{'input':{'transcription':{'model':'whisper-1'}}}}")))
                .as("a transcription session has one model").hasSize(1);
    }

    @Test
    @DisplayName("CFG-2 a shutdown is near, has come, or is far away, to the millisecond")
    void time() {
        ModelLifecycle.Retirement retirement = ModelLifecycle.of(config("gpt-realtime", null)).get(0);
        long shutdown = Instant.parse("2027-01-20T00:00:00Z").toEpochMilli();

        assertThat(retirement.isWithin(90 * DAY, shutdown - 90 * DAY)).isTrue();
        assertThat(retirement.isWithin(90 * DAY, shutdown - 90 * DAY - 1)).isFalse();
        assertThat(retirement.isWithin(1, shutdown + 1000 * DAY)).isTrue();
        assertThat(retirement.describe(shutdown - 60 * DAY)).isEqualTo(
                "model gpt-realtime shuts down on 2027-01-20, in 60 days: use another, such as gpt-realtime-2.1");
        assertThat(retirement.describe(shutdown - DAY)).contains("in 1 day:");
        assertThat(retirement.describe(shutdown)).contains("has been shut down on 2027-01-20");
    }

    private static SessionConfig config(String model, String update) {
        try {
            return new SessionConfig(
                    SessionType.REALTIME, model, URI.create("wss://localhost"), Map::of,
                    update == null ? null : (ObjectNode) new ObjectMapper().readTree(update.replace('\'', '"')),
                    AudioFormat.PCM_24K, AudioFormat.PCM_24K, TurnMode.SERVER, new EnergySegmenter.Settings(250, 300, 500, 30_000), false,
                    TranscriptOrdering.ARRIVAL, new SessionConfig.Talk(null, false, 0, MuteMode.DROP, SessionConfig.Interrupts.NONE),
                    SessionConfig.History.DEFAULTS,
                    new SessionConfig.AudioQueue(1, null), 0, new SessionConfig.Timeouts(1, 1, 1, 1, 1),
                    new SessionConfig.Backoff(1, 1, 1), 0, SessionConfig.Rollover.OFF, SessionConfig.Fallback.NONE,
                    new SessionConfig.Liveness(0, 0, 0));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
