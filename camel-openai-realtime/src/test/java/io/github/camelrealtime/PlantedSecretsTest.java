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
import java.util.concurrent.CopyOnWriteArrayList;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.Scenario;
import org.apache.camel.Exchange;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.HealthCheckRepository;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/** Keys are planted; then everything that the component says is searched for them. */
class PlantedSecretsTest {

    private static final String SECRET = "Planted0123456789Key";

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel(builder -> builder.apiKey("sk-" + SECRET).apiKey("ek_" + SECRET));

    private final List<Logger> loggers = List.of(logger("io.github.camelrealtime"), logger("org.apache.camel"), logger("okhttp3"));
    private final List<Level> levels = new ArrayList<>();
    private final Lines lines = new Lines();

    /** What was logged, with the texts of all exceptions. */
    private static final class Lines extends AppenderBase<ILoggingEvent> {

        final List<String> all = new CopyOnWriteArrayList<>();
        volatile boolean oursOnly;

        @Override
        protected void append(ILoggingEvent event) {
            if (oursOnly && event.getLoggerName().startsWith("org.apache.camel")) {
                return;
            }
            all.add(event.getFormattedMessage());
            for (IThrowableProxy next = event.getThrowableProxy(); next != null; next = next.getCause()) {
                all.add(next.getClassName() + ": " + next.getMessage());
            }
        }
    }

    @BeforeEach
    void record() {
        lines.start();
        for (Logger logger : loggers) {
            levels.add(logger.getLevel());
            logger.setLevel(Level.TRACE);
            // nothing is printed: it would be too much
            logger.setAdditive(false);
            logger.addAppender(lines);
        }
    }

    @AfterEach
    void stopRecording() {
        for (int i = 0; i < loggers.size(); i++) {
            loggers.get(i).setLevel(levels.get(i));
            loggers.get(i).setAdditive(true);
            loggers.get(i).detachAppender(lines);
        }
    }

    @ParameterizedTest(name = "{0} by {1}")
    @CsvSource({ "sk-, uri", "ek_, uri", "sk-, component", "ek_, component" })
    @DisplayName("SEC-7 planted keys are in no log at TRACE, exception, endpoint, health detail or JMX name")
    void planted(String prefix, String place) throws Exception {
        String key = prefix + SECRET;
        // a URI with its key in it is logged by Camel's core at TRACE before the component sees it: hence the advice in the
        // documentation to keep keys on the component
        lines.oursOnly = place.equals("uri");
        camel.options().setApiKey(place.equals("component") ? key : null);
        String query = place.equals("uri") ? "&apiKey=" + key : "";
        String body = "{\"error\":{\"message\":\"Incorrect API key provided: " + key + ".\",\"code\":\"invalid_api_key\"}}";
        camel.options().setReconnectInterval(1L);
        camel.start(
                route -> route.from("openai-realtime:support?eventTypes=all" + query).to("log:events?level=OFF"),
                route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text" + query));
        camel.awaitState("support", SessionState.READY);
        assertThat(camel.template().requestBody("direct:ask", "Hello", String.class)).contains("Hello");
        assertThat(camel.simulator().handshakes().get(0).authorization()).as("it was there").contains(key);

        camel.scenario(Scenario.builder().rejectHandshake(401, body, 2, null).build());
        camel.server(0).abort();
        camel.awaitState("support", SessionState.FAILED);
        Exchange failed = RealtimeCamel.done(camel.operation("direct:ask", "open-session"));
        assertThat(failed.getException()).isNotNull();

        List<String> said = new ArrayList<>();
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
        camel.context().stop();

        assertThat(said).anyMatch(line -> line.contains("401")).noneMatch(line -> line.contains(SECRET));
        assertThat(lines.all).anyMatch(line -> line.contains("openai-realtime")).noneMatch(line -> line.contains(SECRET));
    }

    private static Logger logger(String name) {
        return (Logger) LoggerFactory.getLogger(name);
    }
}
