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
import java.util.Map;
import java.util.stream.Stream;

import io.github.camelrealtime.docs.OptionExamples;
import io.github.camelrealtime.session.RealtimeErrorClassifier;
import io.github.camelrealtime.session.Timers;
import io.github.camelrealtime.spool.EventSpoolFactory;
import io.github.camelrealtime.spool.FileSpool;
import io.github.camelrealtime.transport.TransportFactory;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

/** The examples of the option tables are tried: none is stale. */
class OptionExamplesTest {

    private static final DefaultCamelContext CONTEXT = DocumentedUri.newContext();

    @AfterAll
    static void stopContext() {
        CONTEXT.stop();
    }

    static Stream<Map.Entry<String, String>> endpointExamples() throws IOException {
        return OptionExamples.load().ofEndpoint().entrySet().stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void endpointExamples(Map.Entry<String, String> example) {
        String uri = example.getValue();
        if (!"kind".equals(example.getKey()) && !"name".equals(example.getKey())) {
            assertThat(uri).matches(".*[?&]" + example.getKey() + "[=.].*");
        }
        assertThatCode(() -> new DocumentedUri(CONTEXT, uri).check()).as(uri).doesNotThrowAnyException();
    }

    @Test
    @DisplayName("The examples of the component's options start a Camel Main")
    void componentExamples() throws Exception {
        OpenAIRealtimeConfiguration configuration = new OpenAIRealtimeConfiguration();
        Timers timers = Timers.system(CONTEXT.getExecutorServiceManager().newSingleThreadScheduledExecutor(this, "examples"));
        Main main = new Main();
        main.bind("myConfiguration", configuration);
        main.bind("myTimers", timers);
        RealtimeErrorClassifier classifier = error -> null;
        main.bind("myErrorClassifier", classifier);
        EventSpoolFactory spools = FileSpool::open;
        main.bind("mySpools", spools);
        TransportFactory transports = (request, listener) -> {
            throw new AssertionError("No route opens a session");
        };
        main.bind("myTransports", transports);
        for (String line : OptionExamples.load().ofComponent().values()) {
            int equals = line.indexOf('=');
            main.addInitialProperty(line.substring(0, equals), line.substring(equals + 1));
        }
        main.start();
        try {
            OpenAIRealtimeComponent component = main.getCamelContext().getComponent("openai-realtime", OpenAIRealtimeComponent.class);
            assertThat(component.getConfiguration()).isSameAs(configuration);
            assertThat(component.getSpoolFactory()).isSameAs(spools);
            assertThat(component.getTransportFactory()).isSameAs(transports);
            assertThat(component.getTimers()).isSameAs(timers);
            assertThat(component.getMaxSessions()).isEqualTo(20);
            assertThat(component.getAllowedHosts()).isEqualTo("voice.example.com,*.gateway.example.com");
            assertThat(component.isUseGlobalSslContextParameters()).isTrue();
            assertThat(component.definitions().of("support")).containsEntry("model", "gpt-realtime-2.1");
            assertThat(component.isAutowiredEnabled()).isFalse();
            assertThat(component.isHealthCheckConsumerEnabled()).isFalse();
            assertThat(component.isHealthCheckProducerEnabled()).isFalse();
        } finally {
            main.stop();
        }
    }
}
