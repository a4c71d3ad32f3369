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
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.camelrealtime.net.RealtimeCredentials;
import io.github.camelrealtime.session.RealtimeSession;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.Handshake;
import io.github.camelrealtime.simulator.Scenario;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.Request;
import okhttp3.Response;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.spi.PropertiesFunction;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Where keys and tokens come from, when they are asked for, and where they do not go. */
class CredentialsTest {

    private static final String SUPPORT = "openai-realtime:support";

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel(builder -> builder
            .apiKey(RealtimeCamel.API_KEY).apiKey("token-1").apiKey("token-2").apiKey("token-3"));

    /** Gives {@code token-1}, {@code token-2} …, and remembers who asked. */
    private static final class Tokens implements RealtimeCredentials {

        final AtomicInteger given = new AtomicInteger();
        final List<URI> addresses = new CopyOnWriteArrayList<>();
        final List<String> threads = new CopyOnWriteArrayList<>();

        @Override
        public String bearerToken(URI address) {
            addresses.add(address);
            threads.add(Thread.currentThread().getName());
            return " token-" + given.incrementAndGet() + "\n";
        }
    }

    private List<String> sent() {
        return camel.simulator().handshakes().stream().map(Handshake::authorization).toList();
    }

    @Test
    @DisplayName("NET-2, ROLL-9 the token is asked for at every dial, failed ones too, and by REST; the API key is not sent")
    void everyDial() throws Exception {
        Tokens tokens = new Tokens();
        camel.context().getRegistry().bind("entra", RealtimeCredentials.class, (Object) tokens);
        camel.options().setReconnectInterval(1L);
        camel.scenario(Scenario.builder().rejectHandshake(503, "{}", 1, null).build());
        camel.start(route -> route.from("direct:ask").to(SUPPORT + "?operation=send-text&credentials=#bean:entra"));
        camel.awaitState("support", SessionState.READY);
        assertThat(sent()).containsExactly("Bearer token-1", "Bearer token-2");

        RealtimeCamel.done(camel.operation("direct:ask", "close-session"));
        RealtimeCamel.done(camel.operation("direct:ask", "open-session"));
        camel.awaitState("support", SessionState.READY);
        assertThat(sent()).containsExactly("Bearer token-1", "Bearer token-2", "Bearer token-3");
        assertThat(tokens.addresses).extracting(URI::getHost).containsOnly("127.0.0.1");
        assertThat(tokens.threads).as("names that OkHttp gives to those that connect").allMatch(name -> name.startsWith("OkHttp "));

        OpenAIRealtimeConfiguration rest = camel.options().copy();
        rest.setCredentials(tokens);
        Request request = new Request.Builder().url(camel.simulator().baseUrl() + "/models").build();
        camel.component().http(rest).rest().newCall(request).execute().close();
        assertThat(sent()).hasSize(4).last().isEqualTo("Bearer token-4");
        // an ephemeral key that somebody else was given is not replaced
        Request ephemeral = request.newBuilder().header("Authorization", "Bearer ek_other").build();
        try (Response response = camel.component().http(rest).rest().newCall(ephemeral).execute()) {
            assertThat(response.request().header("Authorization")).isEqualTo("Bearer ek_other");
        }
        assertThat(tokens.given).hasValue(4);
    }

    @Test
    @DisplayName("NET-2 a bean that fails is asked again, as with any other failed connection")
    void failing() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        camel.options().setReconnectInterval(1L);
        camel.options().setCredentials(address -> {
            if (asked.incrementAndGet() < 3) {
                throw new IOException("the vault is sealed");
            }
            return "token-1";
        });
        camel.start(route -> route.from("direct:ask").to(SUPPORT));
        camel.awaitState("support", SessionState.READY);
        assertThat(sent()).containsExactly("Bearer token-1");
        assertThat(asked).hasValue(3);
    }

    @Test
    @DisplayName("NET-2 a bean that keeps failing ends the attempts, with its exception as the cause")
    void failingForEver() throws Exception {
        IllegalStateException sealed = new IllegalStateException("the vault is sealed");
        camel.options().setReconnectInterval(1L);
        camel.options().setMaxReconnectAttempts(2);
        camel.options().setCredentials(address -> {
            throw sealed;
        });
        camel.start(route -> route.from("direct:ask").to(SUPPORT));
        RealtimeSession session = camel.awaitState("support", SessionState.FAILED);
        assertThat(session.status().failure()).hasMessageContainingAll("Option credentials", "IllegalStateException").hasRootCause(sealed);
        assertThat(session.status().epoch()).isEqualTo(2);
        assertThat(camel.simulator().handshakes()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(nullValues = "null", value = { "null, gave null instead of a token", "'', gave a blank text", "' ', gave a blank text",
            "Bearer token-1, without the word Bearer", "'token-1\nX-Evil: 1', not printable ASCII" })
    @DisplayName("NET-2 what is no token fails for good at the first attempt, and says what is expected")
    void noToken(String token, String said) throws Exception {
        camel.options().setCredentials(address -> token);
        camel.start(route -> route.from("direct:ask").to(SUPPORT));
        RealtimeSession session = camel.awaitState("support", SessionState.FAILED);
        assertThat(session.status().failure()).hasMessageContainingAll("Option credentials", said).hasMessageNotContaining("token-1");
        assertThat(session.status().failure().isFatal()).isTrue();
        assertThat(session.status().epoch()).isEqualTo(1);
        assertThat(camel.simulator().handshakes()).isEmpty();
    }

    /** A vault whose key changes each time it is read. */
    private static final class Vault implements PropertiesFunction {

        final AtomicInteger read = new AtomicInteger();

        @Override
        public String getName() {
            return "vault";
        }

        @Override
        public String apply(String remainder) {
            return remainder.equals("openai") ? "token-" + read.incrementAndGet() : null;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = { "component", "session" })
    @DisplayName("ROLL-9 placeholders in the key, of a vault for one, are resolved at every dial")
    void vault(String place) throws Exception {
        Vault vault = new Vault();
        camel.context().getPropertiesComponent().addPropertiesFunction(vault);
        if (place.equals("component")) {
            camel.options().setApiKey("{{vault:openai}}");
        } else {
            camel.component().setSessions(Map.of("support", Map.of("apiKey", "{{vault:openai}}")));
        }
        camel.start(route -> route.from("direct:ask").to(SUPPORT + "?operation=send-text"));
        camel.awaitState("support", SessionState.READY);
        RealtimeCamel.done(camel.operation("direct:ask", "close-session"));
        RealtimeCamel.done(camel.operation("direct:ask", "open-session"));
        camel.awaitState("support", SessionState.READY);
        assertThat(sent()).containsExactly("Bearer token-1", "Bearer token-2");
    }

    @Test
    @DisplayName("ROLL-9 a placeholder in a URI is Camel's, resolved when the endpoint is made")
    void vaultInUri() throws Exception {
        camel.context().getPropertiesComponent().addPropertiesFunction(new Vault());
        camel.start(route -> route.from("direct:ask").to(SUPPORT + "?apiKey={{vault:openai}}"));
        camel.awaitState("support", SessionState.READY);
        assertThat(sent()).hasSize(1).allMatch(header -> header.startsWith("Bearer token-"));
    }

    @ParameterizedTest
    @ValueSource(booleans = { false, true })
    @DisplayName("SEC-11 a handshake answered with a redirect to another host: neither key nor token is sent there")
    void redirect(boolean token) throws Exception {
        try (MockWebServer gateway = new MockWebServer(); MockWebServer foreign = new MockWebServer()) {
            gateway.start();
            foreign.start();
            for (int i = 0; i < 3; i++) {
                gateway.enqueue(new MockResponse.Builder().code(302).addHeader("Location", foreign.url("/v1/realtime")).build());
            }
            camel.connectTo("http://127.0.0.1:" + gateway.getPort() + "/v1");
            camel.options().setCredentials(token ? address -> "token-1" : null);
            camel.start(route -> route.from("direct:ask").to(SUPPORT));
            RealtimeSession session = camel.awaitState("support", SessionState.FAILED);
            assertThat(session.status().failure()).hasMessageContaining("redirects are not followed");
            assertThat(gateway.getRequestCount()).isEqualTo(1);
            assertThat(foreign.getRequestCount()).isZero();
        }
    }

    @Test
    @DisplayName("SEC-11 no header of a message changes where a session goes or which key it brings")
    void hostileHeaders() throws Exception {
        try (MockWebServer foreign = new MockWebServer()) {
            foreign.start();
            String url = "http://127.0.0.1:" + foreign.getPort() + "/v1";
            camel.start(route -> route.from("direct:ask").to(SUPPORT + "?operation=send-text&connectOn=first-message"));
            Map<String, Object> hostile = Map.ofEntries(
                    Map.entry(Exchange.HTTP_URI, url), Map.entry(Exchange.HTTP_PATH, "/steal"), Map.entry(Exchange.HTTP_QUERY, "model=x"),
                    Map.entry("CamelOpenAIRealtimeBaseUrl", url), Map.entry("CamelOpenAIRealtimeOverrideBaseUrl", url),
                    Map.entry("CamelOpenAIRealtimeApiKey", "sk-hostile"), Map.entry("CamelOpenAIRealtimeOverrideApiKey", "sk-hostile"),
                    Map.entry("CamelOpenAIRealtimeOverrideSessionName", "evil?baseUrl=" + url + "&apiKey=sk-hostile"),
                    Map.entry("Authorization", "Bearer sk-hostile"), Map.entry("Host", "evil.example.com"),
                    Map.entry("handshakeHeaders.X-Evil", "1"), Map.entry("baseUrl", url));
            Exchange done = RealtimeCamel.done(camel.send("direct:ask", ExchangePattern.InOut, "Hello", hostile));
            assertThat(done.getException()).isNull();

            assertThat(foreign.getRequestCount()).isZero();
            assertThat(camel.simulator().handshakes()).hasSize(1).allSatisfy(handshake -> {
                assertThat(handshake.authorization()).isEqualTo("Bearer " + RealtimeCamel.API_KEY);
                assertThat(handshake.path()).isEqualTo("/v1/realtime");
                assertThat(handshake.query()).isEqualTo("model=gpt-realtime-2.1");
                assertThat(handshake.header("Host")).isEqualTo("127.0.0.1:" + camel.simulator().port());
                assertThat(handshake.header("X-Evil")).isNull();
            });
        }
    }
}
