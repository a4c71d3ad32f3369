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
package io.github.camelrealtime.simulator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.camelrealtime.simulator.fault.FaultProxy;
import io.github.camelrealtime.simulator.fault.Faults;
import io.github.camelrealtime.simulator.fault.RawWebSocketServer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** The snippets of docs/simulator.md stand here, and run. */
class SimulatorGuideTest extends WireTest {

    private static final Path GUIDE = Path.of("../docs/simulator.md");
    private static final Path SOURCE = Path.of("src/test/java/io/github/camelrealtime/simulator/SimulatorGuideTest.java");
    private static final Path YAML = Path.of("src/test/resources/io/github/camelrealtime/simulator/trains.yaml");
    private static final Pattern FENCED = Pattern.compile("<!-- snippet: (\\S+) -->\n```\\w+\n(.*?)```", Pattern.DOTALL);
    private static final Pattern TAGGED =
            Pattern.compile("// snippet: (\\S+)\n(.*?)[ ]*// end", Pattern.DOTALL);

    // snippet: extension
    @RegisterExtension
    final RealtimeSimulatorExtension simulator = RealtimeSimulatorExtension.with(Scenario.builder()
            .onText("train", Reply.functionCall("find_train", "{\"to\":\"Ghent\"}"))
            .onToolOutput("IC 540", Reply.text("Take the IC 540."))
            .build());
    // end

    @Test
    @DisplayName("SIM-5 every snippet of the guide stands in this test or beside it, word for word")
    void snippets() throws IOException {
        Map<String, String> here = new LinkedHashMap<>();
        Matcher tagged = TAGGED.matcher(Files.readString(SOURCE));
        while (tagged.find()) {
            here.put(tagged.group(1), tagged.group(2).stripTrailing().stripIndent().strip());
        }
        here.put("trains.yaml", Files.readString(YAML).strip());
        Map<String, String> there = new LinkedHashMap<>();
        Matcher fenced = FENCED.matcher(Files.readString(GUIDE));
        while (fenced.find()) {
            there.put(fenced.group(1), fenced.group(2).strip());
        }
        // the component is no part of the simulator: SimulatorGuideRouteTest has these two lines
        there.remove("component");
        assertThat(there).isEqualTo(here);
    }

    @Test
    @DisplayName("SIM-2 the guide names every assumption and nothing else")
    void assumptions() throws IOException {
        String guide = Files.readString(GUIDE);
        String table = guide.substring(guide.indexOf("| `assume` |"), guide.indexOf("The rest is guessed"));
        assertThat(table.lines().skip(2).filter(line -> line.startsWith("| `")).map(line -> line.split("`")[1]))
                .containsExactlyElementsOf(Arrays.stream(Assumption.values())
                        .map(value -> value.name().toLowerCase(Locale.ROOT).replace('_', '-')).toList());
    }

    @Test
    @DisplayName("SIM-1 the guide's assertions hold")
    void assertions() {
        Client client = dialTo(simulator.baseUrl());
        client.expect("session.created");
        client.send("{'type':'session.update','session':{'type':'realtime','instructions':'Be brief.'}}");
        client.send("{'type':'response.create'}");
        client.await("response.done");
        // snippet: assertions
        SimulatedSession session = simulator.simulator().sessions().get(0);
        assertThat(session.received("session.update")).hasSize(1);
        assertThat(session.sent("response.done")).hasSize(1);
        assertThat(session.effectiveConfig().path("instructions").asText()).isEqualTo("Be brief.");
        // end
    }

    @Test
    @DisplayName("SIM-5 the guide's replies are given")
    void replies() {
        // snippet: replies
        Scenario scenario = Scenario.builder()
                .next(Reply.text("Hello, this is the travel desk."))
                .onText(Pattern.compile("^(bye|good ?bye)"), Reply.text("Goodbye."))
                .onHeard("hello", Reply.text("Where do you want to go?"))
                .onText("price", Reply.failed("rate_limit_exceeded", "Rate limit reached"))
                .onText("story", Reply.text("Once upon a time").endless())
                .otherwise(Reply.nothing().andCommentary("Let me see.").andFunctionCall("search", "{}"))
                .thinkTime(Duration.ofMillis(200))
                .pace(4)
                .build();
        // end
        simulator.simulator().scenario(scenario);
        Client client = dialTo(simulator.baseUrl());
        client.send("{'type':'response.create'}");
        assertThat(client.await("response.done").at("/response/output/0/content/0/transcript").asText())
                .isEqualTo("Hello, this is the travel desk.");
        client.send("{'type':'response.create'}");
        assertThat(client.await("response.done").at("/response/output/1/name").asText()).isEqualTo("search");
    }

    @Test
    @DisplayName("SIM-5 the guide's clock expires a session")
    void clock() {
        // snippet: clock
        VirtualClock clock = new VirtualClock();
        RealtimeSimulator simulator = RealtimeSimulator.builder().clock(clock).build();
        // end
        simulator.close();
        start(RealtimeSimulator.builder().clock(clock));
        Client client = connect(REALTIME);
        client.expectNothingMore();
        clock.advance(Duration.ofMinutes(60));
        assertThat(client.awaitClose()).isEqualTo(1001);
    }

    @Test
    @DisplayName("SIM-6 the guide's recording is played")
    void recordings(@TempDir Path folder) throws IOException {
        Client first = dialTo(simulator.baseUrl());
        first.expect("session.created");
        first.expectNothingMore();
        Recording.of(simulator.simulator().sessions().get(0)).write(folder.resolve("session-1.jsonl"));
        // snippet: replay
        Scenario again = Scenario.builder().replay(Recording.read(folder.resolve("session-1.jsonl"))).build();
        // end
        simulator.simulator().scenario(again);
        Client second = dialTo(simulator.baseUrl());
        second.expect("session.created");
        second.expectNothingMore();
    }

    @Test
    @DisplayName("SIM-4 the guide's faults happen")
    void faults() throws IOException {
        // snippet: faults
        Scenario hostile = Scenario.builder()
                .rejectHandshake(429, null, 2, Duration.ofSeconds(7))
                .fault(Trigger.at(Duration.ofMinutes(2)), SessionFaults.close(1012, "restart"))
                .fault(Trigger.atClientEvent("response.create", 3), SessionFaults.drop())
                .fault(Trigger.afterServerEvent("response.output_audio.delta", 5).inSession(2), SessionFaults.silence())
                .latency(Duration.ofMillis(20), Duration.ofMillis(200))
                .transcription(TranscriptionScript.late(Duration.ofSeconds(3)))
                .unknownEvents(true)
                .build();
        // end
        simulator.simulator().scenario(hostile);
        assertThat(dialTo(simulator.baseUrl()).awaitRefusal()).isEqualTo(429);
        assertThat(dialTo(simulator.baseUrl()).awaitRefusal()).isEqualTo(429);
        Client client = dialTo(simulator.baseUrl());
        client.expect("session.created");
        for (int i = 0; i < 3; i++) {
            client.send("{'type':'response.create'}");
        }
        assertThat(Client.get(client.failed)).isNotNull();
        // snippet: proxy
        FaultProxy network = FaultProxy.before(simulator.baseUrl());
        network.blackHole(FaultProxy.Way.TO_SERVER);
        // end
        network.close();
        // snippet: raw
        RawWebSocketServer server = RawWebSocketServer.start(Faults.cutFrame(), Faults.none());
        // end
        server.close();
    }
}
