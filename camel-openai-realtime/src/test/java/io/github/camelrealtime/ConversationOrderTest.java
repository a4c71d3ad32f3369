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

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.camelrealtime.simulator.EchoTranscriber;
import io.github.camelrealtime.simulator.SampleRange;
import io.github.camelrealtime.simulator.Scenario;
import io.github.camelrealtime.simulator.SyntheticSpeech;
import io.github.camelrealtime.simulator.TranscriptionScript;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

class ConversationOrderTest {

    private static final int TURNS = 12;
    private static final String FINAL = "conversation.item.input_audio_transcription.completed";

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    @Test
    @DisplayName("TRX-2 the service transcribes in disorder; the route gets the finals in the order of the conversation")
    void conversation() throws Exception {
        List<Long> starts = startsOfFinals("");
        assertThat(starts).hasSize(TURNS).isSorted();
    }

    @Test
    @DisplayName("TRX-2 with transcriptOrdering=arrival the route gets them as they come, and all of them")
    void arrival() throws Exception {
        List<Long> starts = startsOfFinals("&transcriptOrdering=arrival");
        List<String> sent = camel.simulator().sessions().get(0).sent(FINAL).stream()
                .map(event -> event.path("transcript").asText()).toList();
        assertThat(starts).hasSize(TURNS)
                .containsExactlyElementsOf(sent.stream().map(text -> EchoTranscriber.parse(text).first()).toList());
        assertThat(starts).as("the scenario must have put them in disorder, else this proves nothing")
                .isNotEqualTo(starts.stream().sorted().toList());
    }

    private List<Long> startsOfFinals(String options) throws Exception {
        camel.scenario(Scenario.builder().transcription(TranscriptionScript.outOfOrder(Duration.ofMillis(300))).build());
        Received received = new Received();
        camel.start(
                route -> route.from("openai-realtime:captions?eventTypes=transcript&sessionType=transcription&segmentation=false"
                                    + "&turnDetection=none" + options).process(received),
                route -> route.from("direct:audio").to("openai-realtime:captions?operation=append-audio")
                        .to("openai-realtime:captions?operation=commit-audio"));
        for (int i = 0; i < TURNS; i++) {
            camel.template().sendBody("direct:audio", SyntheticSpeech.pcm(200));
        }
        received.await(FINAL, TURNS);
        return new ArrayList<>(received.ofType(FINAL).stream()
                .map(event -> EchoTranscriber.parse((String) event.body())).map(SampleRange::first).toList());
    }
}
