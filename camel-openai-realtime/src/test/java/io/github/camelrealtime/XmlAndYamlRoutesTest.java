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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelrealtime.event.ServerEvent;
import io.github.camelrealtime.net.RealtimeCredentials;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.SyntheticSpeech;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Routes that no compiler has seen: options spelled out in URIs, and as maps of parameters. */
@Tag("camel-4.18-only")
class XmlAndYamlRoutesTest {

    private static final String XML = "routes.xml";
    private static final String YAML = "routes.yaml";
    private static final Pattern BLOCK = Pattern.compile("^```(xml|yaml)\\n(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE);

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    private final Received received = new Received();

    private void load(String name, String routes) throws Exception {
        camel.context().getRegistry().bind("received", received);
        load(camel.context(), name, routes);
    }

    private static void load(CamelContext context, String name, String routes) throws Exception {
        PluginHelper.getRoutesLoader(context).loadRoutes(ResourceHelper.fromString(name, routes));
    }

    private void keysComeFromABean() {
        RealtimeCredentials house = address -> RealtimeCamel.API_KEY;
        camel.context().getRegistry().bind("house", house);
        camel.options().setApiKey(null);
    }

    @Test
    @DisplayName("YAML: options as a map of parameters on both sides: kebab-case words, durations, numbers, flags, beans, dotted"
                 + " session properties")
    void yaml() throws Exception {
        keysComeFromABean();
        load(YAML, """
                - route:
                    from:
                      uri: openai-realtime:support
                      parameters:
                        eventTypes: "transcript,response.done"
                        backpressureStrategy: drop-oldest
                        dataFormat: event
                        queueSize: 17
                        drainTimeout: 3s
                      steps:
                        - process:
                            ref: received
                - route:
                    from:
                      uri: direct:ask
                      steps:
                        - to:
                            uri: openai-realtime:support
                            parameters:
                              operation: send-text
                              await: response
                              credentials: "#bean:house"
                              outputModalities: text
                              turnDetection: server_vad
                              vadSilenceDuration: 700ms
                              vadCreateResponse: false
                              instructions: RAW(Be brief & kind.)
                              sessionProperties.truncation: disabled
                              sessionProperties.audio.output.speed: 1.1
                              handshakeHeaders.team: voice
                """);
        camel.start();

        assertConversation("Be brief & kind.");
        assertListener();
    }

    @Test
    @DisplayName("XML: the same options in URIs, with escaped ampersands and line breaks behind them")
    void xml() throws Exception {
        keysComeFromABean();
        load(XML, """
                <camel>
                  <route>
                    <from uri="openai-realtime:support?eventTypes=transcript,response.done&amp;
                               backpressureStrategy=drop-oldest&amp;dataFormat=event&amp;queueSize=17&amp;drainTimeout=3s"/>
                    <process ref="received"/>
                  </route>
                  <route>
                    <from uri="direct:ask"/>
                    <to uri="openai-realtime:support?operation=send-text&amp;await=response&amp;credentials=#bean:house&amp;
                             outputModalities=text&amp;turnDetection=server_vad&amp;vadSilenceDuration=700ms&amp;
                             vadCreateResponse=false&amp;instructions=Be brief.&amp;
                             sessionProperties.truncation=disabled&amp;sessionProperties.audio.output.speed=1.1&amp;
                             handshakeHeaders.team=voice"/>
                  </route>
                </camel>
                """);
        camel.start();

        assertConversation("Be brief.");
        assertListener();
    }

    private void assertConversation(String instructions) {
        camel.awaitState("support", SessionState.READY);
        assertThat(camel.template().requestBody("direct:ask", "Good morning", String.class)).contains("Good morning");
        JsonNode session = camel.server(0).received("session.update").get(0).path("session");
        assertThat(session.at("/output_modalities/0").asText()).isEqualTo("text");
        assertThat(session.at("/instructions").asText()).isEqualTo(instructions);
        assertThat(session.at("/audio/input/turn_detection/type").asText()).isEqualTo("server_vad");
        assertThat(session.at("/audio/input/turn_detection/silence_duration_ms").asInt()).isEqualTo(700);
        assertThat(session.at("/audio/input/turn_detection/create_response").asBoolean(true)).isFalse();
        assertThat(session.at("/truncation").asText()).isEqualTo("disabled");
        assertThat(session.at("/audio/output/speed").asDouble()).isEqualTo(1.1);
        assertThat(camel.simulator().handshakes()).singleElement()
                .satisfies(handshake -> assertThat(handshake.header("team")).isEqualTo("voice"));
    }

    private void assertListener() {
        Route route = camel.context().getRoutes().stream()
                .filter(candidate -> candidate.getEndpoint() instanceof OpenAIRealtimeEndpoint).findFirst().orElseThrow();
        OpenAIRealtimeConfiguration listener = ((OpenAIRealtimeEndpoint) route.getEndpoint()).getConfiguration();
        assertThat(listener.getBackpressureStrategy()).isEqualTo(BackpressureStrategy.DROP_OLDEST);
        assertThat(listener.getQueueSize()).isEqualTo(17);
        assertThat(listener.getDrainTimeout()).isEqualTo(3_000);
        assertThat(received.await("response.done").body()).isInstanceOf(ServerEvent.class);
    }

    @Test
    @DisplayName("YAML: a name with a glob, operation and session by header, words and ISO durations")
    void yamlDynamic() throws Exception {
        load(YAML, """
                - route:
                    from:
                      uri: "openai-realtime:call-*"
                      parameters:
                        eventTypes: lifecycle
                      steps:
                        - process:
                            ref: received
                - route:
                    from:
                      uri: direct:call
                      steps:
                        - setHeader:
                            name: CamelOpenAIRealtimeOperation
                            constant: open-session
                        - setHeader:
                            name: CamelOpenAIRealtimeOverrideSessionName
                            constant: call-7
                        - to:
                            uri: openai-realtime:line
                            parameters:
                              connectOn: first-message
                              idleTimeout: 10m
                              sessionProperties.truncation: disabled
                """);
        camel.start();
        camel.template().sendBody("direct:call", "");

        camel.awaitState("call-7", SessionState.READY);
        assertThat(camel.server(0).effectiveConfig().at("/truncation").asText()).isEqualTo("disabled");
        assertThat(received.await(1).get(0).headers()).containsEntry(OpenAIRealtimeConstants.SESSION_NAME, "call-7");
    }

    @Test
    @DisplayName("YAML: a header name with a dash needs the whole URI in one: of the names of parameters Camel takes the dashes away")
    void yamlOneUri() throws Exception {
        load(YAML, """
                - route:
                    from:
                      uri: direct:ask
                      steps:
                        - to: "openai-realtime:support?operation=send-text&handshakeHeaders.X-Team=voice"
                """);
        camel.start();
        camel.template().requestBody("direct:ask", "Good morning");

        assertThat(camel.simulator().handshakes().get(0).header("X-Team")).isEqualTo("voice");
    }

    @Test
    @DisplayName("XML: a recording is transcribed by a pool, its audio declared with a semicolon")
    void xmlTranscribe() throws Exception {
        load(XML, """
                <camel>
                  <route>
                    <from uri="direct:recording"/>
                    <to uri="openai-realtime:scribe?operation=transcribe&amp;poolSize=2&amp;audioFormat=pcm16;rate=24000&amp;poolWaitTimeout=5s"/>
                  </route>
                </camel>
                """);
        camel.start();

        assertThat(camel.template().requestBody("direct:recording", SyntheticSpeech.pcm(800))).isEqualTo("samples 0..19200");
    }

    static Stream<Arguments> misspelt() {
        String yaml = """
                - route:
                    from:
                      uri: direct:ask
                      steps:
                        - to:
                            uri: openai-realtime:support
                            parameters:
                              operation: send-text
                              %s
                """;
        String xml = """
                <camel>
                  <route>
                    <from uri="direct:ask"/>
                    <to uri="openai-realtime:support?operation=send-text&amp;%s"/>
                  </route>
                </camel>
                """;
        return Stream.of(
                Arguments.of(YAML, yaml.formatted("modle: gpt-realtime-2.1"), "modle"),
                Arguments.of(XML, xml.formatted("modle=gpt-realtime-2.1"), "modle"),
                Arguments.of(YAML, yaml.formatted("sessionProperties: { truncation: disabled }"), "sessionProperties"),
                Arguments.of(YAML, yaml.formatted("requestTimeout: soon"), "requestTimeout"),
                Arguments.of(XML, xml.formatted("requestTimeout=soon"), "requestTimeout"),
                Arguments.of(YAML, yaml.formatted("backpressureStrategy: drop-everything"), "backpressureStrategy"),
                Arguments.of(XML, xml.formatted("backpressureStrategy=drop-everything"), "backpressureStrategy"));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("misspelt")
    @DisplayName("What is misspelt in XML or YAML fails at the start and is named")
    void misspelt(String name, String routes, String option) {
        assertThatThrownBy(() -> {
            load(name, routes);
            camel.start();
        }).hasStackTraceContaining(option);
    }

    @Test
    @DisplayName("Every route of the guide in XML or YAML can be loaded")
    void documented() throws Exception {
        int loaded = 0;
        for (Path page : pages()) {
            Matcher block = BLOCK.matcher(Files.readString(page));
            while (block.find()) {
                if (block.group(2).contains("route")) {
                    int before = camel.context().getRouteDefinitions().size();
                    load("routes-" + loaded + "." + block.group(1), block.group(2));
                    assertThat(camel.context().getRouteDefinitions()).as("%s: %s", page, block.group(2))
                            .hasSizeGreaterThan(before);
                    loaded++;
                }
            }
        }
        assertThat(loaded).isGreaterThanOrEqualTo(5);
    }

    private static List<Path> pages() throws IOException {
        Path root = Path.of("..");
        try (Stream<Path> docs = Files.list(root.resolve("docs"))) {
            return Stream.concat(
                    Stream.of("README.md", "examples/transcribe-files/README.md").map(root::resolve),
                    docs.filter(page -> page.toString().endsWith(".md")).sorted()).toList();
        }
    }
}
