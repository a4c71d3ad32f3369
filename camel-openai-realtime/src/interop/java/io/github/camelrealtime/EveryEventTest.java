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

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelrealtime.interop.OfficialTypes;
import io.github.camelrealtime.simulator.Frame;
import io.github.camelrealtime.simulator.Reply;
import io.github.camelrealtime.simulator.Scenario;
import io.github.camelrealtime.simulator.SimulatedSession;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/** Every event that component and simulator send is one that the types of OpenAI's own Java SDK accept. */
@Tag("interop")
class EveryEventTest {

    private static final String SESSION = "openai-realtime:tour?outputModalities=text&transcriptionModel=gpt-realtime-whisper"
                                          + "&instructions=Be brief&voice=cedar&speed=1.1&noiseReduction=near_field";

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    private static List<String> judged(SimulatedSession session) {
        List<String> problems = new ArrayList<>();
        for (Frame frame : session.frames()) {
            try {
                if (frame.direction() == Frame.Direction.SENT) {
                    OfficialTypes.server(frame.json());
                } else {
                    OfficialTypes.client(frame.json());
                }
            } catch (RuntimeException e) {
                problems.add(frame.direction() + " " + frame.type() + ": " + e.getMessage() + " in " + frame.json());
            }
        }
        return problems;
    }

    private static Set<String> types(SimulatedSession session, Frame.Direction direction) {
        return session.frames().stream().filter(frame -> frame.direction() == direction).map(Frame::type)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    @DisplayName("SIM-8 a text turn, event by event")
    void text() throws Exception {
        camel.scenario(Scenario.builder().onText("train", Reply.functionCall("find_train", "{\"to\":\"Ghent\"}").andText("Wait."))
                .build());
        camel.start(route -> route.from("direct:in").to(SESSION + "&operation=send-text"));
        camel.template().requestBody("direct:in", "When is the train?");

        assertThat(judged(camel.server(0))).isEmpty();
        assertThat(types(camel.server(0), Frame.Direction.SENT)).contains("response.done");
        assertThat(types(camel.server(0), Frame.Direction.RECEIVED)).isNotEmpty();
    }
}
