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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import ch.qos.logback.classic.Level;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.Scenario;
import io.github.camelrealtime.simulator.SyntheticSpeech;
import org.apache.camel.Exchange;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.HealthCheckRepository;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Keys are planted; then everything that the component says is searched for them. */
class SecretsInLogsTest {

    private static final String PLANTED = "Planted";
    private static final String ON_COMPONENT = "sk-proj-PlantedOnTheComponent";
    private static final String IN_URI = "sk-proj-PlantedInTheUri";
    private static final String EPHEMERAL = "ek_PlantedEphemeral";
    private static final String DECLARED = "sk-proj-PlantedInADeclaration";
    private static final String REFUSED = "PlantedAndRefused";

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel(
            builder -> builder.apiKey(ON_COMPONENT).apiKey(IN_URI).apiKey(EPHEMERAL).apiKey(DECLARED)
                    .apiKey("sk-" + REFUSED).apiKey("ek_" + REFUSED));

    @Test
    @DisplayName("SEC-7 with everything at TRACE no key of component, declaration or bean is in the log: connect, talk, stop")
    void connectAndStop() throws Exception {
        try (LogCapture log = ours().and("org.apache.camel", Level.TRACE)) {
            camel.options().setApiKey(ON_COMPONENT);
            camel.component().setSessions(Map.of("declared", Map.of("apiKey", DECLARED)));
            camel.context().getRegistry().bind("ephemeral", EPHEMERAL);
            camel.start(
                    route -> route.from("openai-realtime:component").process(new Received()),
                    route -> route.from("openai-realtime:declared").process(new Received()),
                    route -> route.from("direct:ask").to("openai-realtime:bean?operation=send-text&apiKey=#bean:ephemeral"),
                    route -> route.from("direct:transcribe").to("openai-realtime:scribe?operation=transcribe"));
            talk(ON_COMPONENT, DECLARED, EPHEMERAL);
            assertNoSecret(log);
        }
    }

    /** With TRACE Camel itself shows parameters of URIs before any component sees them. */
    @Test
    @DisplayName("SEC-7 a key in a URI is in no log of ours or OkHttp's at TRACE, and in none of Camel's at DEBUG")
    void inUris() throws Exception {
        try (LogCapture log = ours().and("org.apache.camel", Level.DEBUG)) {
            camel.start(
                    route -> route.from("openai-realtime:component?apiKey=" + IN_URI).process(new Received()),
                    route -> route.from("openai-realtime:declared?apiKey=RAW(" + IN_URI + ")").process(new Received()),
                    route -> route.from("direct:ask").to("openai-realtime:bean?operation=send-text&apiKey=" + EPHEMERAL),
                    route -> route.from("direct:transcribe").to("openai-realtime:scribe?operation=transcribe&apiKey=" + IN_URI));
            talk(IN_URI, EPHEMERAL);
            assertNoSecret(log);
        }
    }

    private void talk(String... keys) {
        camel.template().requestBody("direct:ask", "Hello");
        camel.template().requestBody("direct:transcribe", SyntheticSpeech.pcm(500));
        for (String name : List.of("component", "declared", "bean")) {
            camel.awaitState(name, SessionState.READY);
        }
        assertThat(camel.simulator().handshakes())
                .extracting(handshake -> handshake.authorization().substring("Bearer ".length())).contains(keys);
        camel.context().stop();
    }

    @ParameterizedTest(name = "{0} by {1}")
    @CsvSource({ "sk-, uri", "ek_, uri", "sk-, component", "ek_, component" })
    @DisplayName("SEC-7 a key that the service refuses and repeats in its answer is in no log, exception, endpoint, status, health"
                 + " detail or JMX name")
    void refusal(String prefix, String place) throws Exception {
        String key = prefix + REFUSED;
        boolean inUri = place.equals("uri");
        String query = inUri ? "&apiKey=" + key : "";
        camel.options().setApiKey(inUri ? null : key);
        camel.options().setReconnectInterval(1L);
        try (LogCapture log = ours().and("org.apache.camel", inUri ? Level.DEBUG : Level.TRACE)) {
            camel.start(
                    route -> route.from("openai-realtime:support?eventTypes=all" + query).process(new Received()),
                    route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text" + query));
            camel.awaitState("support", SessionState.READY);
            camel.template().requestBody("direct:ask", "Hello");
            assertThat(camel.simulator().handshakes().get(0).authorization()).as("it was there").contains(key);

            String body = "{\"error\":{\"message\":\"Incorrect API key provided: " + key + ".\",\"code\":\"invalid_api_key\"}}";
            camel.scenario(Scenario.builder().rejectHandshake(401, body, 2, null).build());
            camel.server(0).abort();
            camel.awaitState("support", SessionState.FAILED);
            Exchange failed = RealtimeCamel.done(camel.operation("direct:ask", "open-session"));

            assertThat(said(failed)).anyMatch(line -> line.contains("401")).noneMatch(line -> line.contains(PLANTED));
            camel.context().stop();
            assertNoSecret(log);
        }
    }

    /** What there is to be seen of the component besides the log. */
    private List<String> said(Exchange failed) {
        List<String> said = new ArrayList<>();
        assertThat(failed.getException()).isNotNull();
        for (Throwable next = failed.getException(); next != null; next = next.getCause()) {
            said.add(next.toString());
        }
        camel.context().getEndpoints().forEach(endpoint -> said.add(endpoint.toString()));
        said.add(camel.session("support").status().toString());
        HealthCheckRepository checks = HealthCheckHelper.getHealthCheckRepository(
                camel.context(), "consumers", HealthCheckRepository.class);
        checks.setEnabled(true);
        checks.stream().forEach(check -> said.add(check.call().getDetails() + " " + check.call().getMessage()));
        ManagementFactory.getPlatformMBeanServer().queryNames(null, null).forEach(name -> said.add(name.toString()));
        return said;
    }

    @Test
    @DisplayName("SEC-7 no key is in the log when a start fails over two keys, or the connection breaks")
    void failures() throws Exception {
        try (LogCapture log = ours().and("org.apache.camel", Level.DEBUG)) {
            camel.start(route -> route.from("openai-realtime:support?apiKey=" + IN_URI).process(new Received()));
            camel.awaitState("support", SessionState.READY);
            camel.startFailure("openai-realtime:support?eventTypes=all&apiKey=" + EPHEMERAL);
            camel.server(0).abort();
            RealtimeCamel.await().until(() -> camel.session("support").status().reconnects() == 1);
            camel.context().stop();
            assertNoSecret(log);
        }
    }

    private static LogCapture ours() {
        return LogCapture.of("io.github.camelrealtime", Level.TRACE).and("okhttp3", Level.TRACE).andJava("okhttp3");
    }

    private static void assertNoSecret(LogCapture log) {
        assertThat(log.messages()).as("the capture works").hasSizeGreaterThan(100)
                .anyMatch(message -> message.contains("ready") || message.contains("401"));
        assertThat(log.messages()).filteredOn(message -> message.contains(PLANTED)).isEmpty();
    }
}
