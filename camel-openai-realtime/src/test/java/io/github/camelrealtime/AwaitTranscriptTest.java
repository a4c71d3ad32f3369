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

import java.io.ByteArrayInputStream;
import java.util.Map;

import io.github.camelrealtime.session.SessionClosedException;
import io.github.camelrealtime.session.TranscriptionFailedException;
import io.github.camelrealtime.simulator.Scenario;
import io.github.camelrealtime.simulator.SyntheticSpeech;
import io.github.camelrealtime.simulator.TranscriptionScript;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.ExchangeTimedOutException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

class AwaitTranscriptTest {

    private static final String AUDIO = "openai-realtime:captions?sessionType=transcription&operation=append-audio"
                                        + "&audioFormat=pcm16&await=completed&transcriptTimeout=300";

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    @Test
    @DisplayName("AIN-9 await=completed on a recording goes on when its transcript is there")
    void transcript() throws Exception {
        assertThat(give(TranscriptionScript.prompt()).getException()).isNull();
        assertThat(camel.server(0).sent("conversation.item.input_audio_transcription.completed")).hasSize(1);
    }

    @Test
    @DisplayName("ERR-5 await=completed on a recording fails when its transcription fails")
    void failed() throws Exception {
        assertThat(give(TranscriptionScript.failed("audio_unintelligible")).getException())
                .isInstanceOf(TranscriptionFailedException.class).hasMessageContaining("audio_unintelligible");
    }

    @Test
    @DisplayName("AIN-9 await=completed on a recording fails when its transcript does not come in time")
    void never() throws Exception {
        assertThat(give(TranscriptionScript.never()).getException())
                .isInstanceOf(ExchangeTimedOutException.class).hasMessageContaining("transcriptTimeout");
    }

    @Test
    @DisplayName("CONN-1 audio for a session that is to be opened by hand and is not fails its exchange at once")
    void notOpen() throws Exception {
        camel.start(route -> route.from("direct:audio").to(AUDIO.replace("completed", "sent") + "&connectOn=manual"));
        for (String operation : new String[] { "append-audio", "commit-audio", "clear-audio" }) {
            assertThat(RealtimeCamel.done(camel.send("direct:audio", ExchangePattern.InOnly, SyntheticSpeech.pcm(200),
                    Map.of(OpenAIRealtimeConstants.OPERATION, operation))).getException())
                    .as(operation).isInstanceOf(SessionClosedException.class).hasMessageContaining("open-session");
        }
    }

    private Exchange give(TranscriptionScript script) throws Exception {
        camel.scenario(Scenario.builder().transcription(script).build());
        camel.start(route -> route.from("direct:audio").to(AUDIO));
        return RealtimeCamel.done(camel.tell("direct:audio", new ByteArrayInputStream(SyntheticSpeech.pcm(600))));
    }
}
