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

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;

import ch.qos.logback.classic.Level;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.Reply;
import io.github.camelrealtime.simulator.Scenario;
import io.github.camelrealtime.simulator.SessionFaults;
import io.github.camelrealtime.simulator.SyntheticSpeech;
import org.apache.camel.Exchange;
import org.apache.camel.console.DevConsole;
import org.apache.camel.console.DevConsoleRegistry;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.HealthCheckRepository;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import static io.github.camelrealtime.RealtimeCamel.await;
import static io.github.camelrealtime.RealtimeCamel.done;
import static org.assertj.core.api.Assertions.assertThat;

/** What was said, and the key, are planted; then everything that the component says of itself is searched for them. */
class WordsInLogsTest {

    private static final String WORD = "Rumpelstiltskin";
    private static final String KEY = "sk-proj-PlantedForALongLife";

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel(builder -> builder.apiKey(KEY));

    @TempDir
    private Path directory;

    private final Received received = new Received();

    @Test
    @DisplayName("SEC-6 SEC-7 OBS-9 with everything at TRACE neither key nor a word of the conversation is in log, JMX, console, health or "
                 + "exceptions: questions, answers, replay, rollover, reconnect, spool, refusals, nonsense")
    void nothingSaid() throws Exception {
        camel.options().setApiKey(KEY);
        camel.options().setReconnectInterval(1L);
        camel.options().setInstructions("Your name is " + WORD);
        camel.context().setDevConsole(true);
        HealthCheckHelper.getHealthCheckRegistry(camel.context());
        camel.scenario(Scenario.builder().onText("never", Reply.text("It is " + WORD).endless())
                .otherwise(Reply.text("They call me " + WORD)).build());
        try (LogCapture log = LogCapture.of("io.github.camelrealtime", Level.TRACE).and("okhttp3", Level.TRACE).andJava("okhttp3")
                .and("org.h2", Level.TRACE)) {
            camel.start(
                    route -> route.from("openai-realtime:support?eventTypes=all&spoolAudio=true&spool=" + directory)
                            .routeId("spooled").process(received),
                    route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text&outputModality=text"
                                                         + "&turnDetection=none&history=RAW([{\"role\":\"user\",\"text\":\"I am " + WORD
                                                         + "\"}])"),
                    route -> route.from("direct:audio").to("openai-realtime:support?operation=append-audio&audioFormat=pcm16"),
                    route -> route.from("direct:commit").to("openai-realtime:support?operation=commit-audio"));
            camel.awaitState("support", SessionState.READY);
            assertThat(camel.template().requestBody("direct:ask", "Who is " + WORD, String.class)).contains(WORD);
            camel.session("support").restart().get();
            assertThat(camel.server(1).conversation().toString()).as("it is there").contains(WORD);
            List<String> said = new ArrayList<>();
            said.addAll(seen());

            CompletableFuture<Exchange> lost = camel.ask("direct:ask", "never say " + WORD);
            await().until(() -> !camel.server(1).sent("response.output_text.delta").isEmpty());
            camel.server(1).strike(SessionFaults.malformedJson());
            for (String odd : List.of("{\"type\":\"" + WORD, "{\"type\":\"response.done\",\"response\":\"" + WORD + "\"}",
                    "{\"type\":\"conversation.item.added\",\"item\":{\"id\":7,\"content\":[\"" + WORD + "\"]}}",
                    "{\"type\":\"error\",\"error\":{\"code\":null,\"message\":\"" + WORD + " was said\"}}")) {
                camel.server(1).send(odd);
            }
            camel.template().sendBody("direct:audio", SyntheticSpeech.pcm(500));
            camel.template().sendBody("direct:commit", null);
            camel.server(1).abort();
            said.add(String.valueOf(done(lost).getException()));
            received.await("camel.session.reconnected");
            assertThat(camel.server(2).conversation().toString()).contains(WORD);
            assertThat(camel.template().requestBody("direct:ask", "Again, " + WORD, String.class)).contains(WORD);
            said.addAll(seen());
            camel.context().stop();

            assertThat(said).hasSizeGreaterThan(10).noneMatch(line -> line.contains(KEY));
            assertThat(said).filteredOn(line -> !line.contains("RAW(")).noneMatch(line -> line.contains(WORD));
            assertThat(log.messages()).as("the capture works").hasSizeGreaterThan(20)
                    .anyMatch(message -> message.contains("goes on with")).anyMatch(message -> message.contains("told again"));
            assertThat(log.messages()).filteredOn(message -> message.contains(KEY)).isEmpty();
            assertThat(log.messages()).filteredOn(message -> message.contains(WORD)).isEmpty();
        }
    }

    /** What there is to be seen of the component besides the log. */
    private List<String> seen() throws Exception {
        List<String> seen = new ArrayList<>();
        seen.add(camel.session("support").toString());
        seen.add(camel.session("support").status().toString());
        HealthCheckRepository checks = HealthCheckHelper.getHealthCheckRepository(
                camel.context(), "consumers", HealthCheckRepository.class);
        checks.setEnabled(true);
        checks.stream().forEach(check -> seen.add(check.call().getDetails() + " " + check.call().getMessage()));
        DevConsole console = camel.context().getCamelContextExtension()
                .getContextPlugin(DevConsoleRegistry.class).resolveById("openai-realtime");
        for (DevConsole.MediaType type : DevConsole.MediaType.values()) {
            seen.add(String.valueOf(console.call(type, Map.of())));
        }
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        for (ObjectName name : server.queryNames(new ObjectName("org.apache.camel:context=" + camel.context().getName() + ",*"), null)) {
            if (name.toString().contains("openai-realtime") || name.toString().contains("spooled")) {
                for (MBeanAttributeInfo attribute : server.getMBeanInfo(name).getAttributes()) {
                    seen.add(attribute.getName() + " " + value(server, name, attribute.getName()));
                }
            }
        }
        return seen;
    }

    private static Object value(MBeanServer server, ObjectName name, String attribute) {
        try {
            return server.getAttribute(name, attribute);
        } catch (Exception e) {
            return e;
        }
    }
}
