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

import java.nio.file.Path;

import io.github.camelrealtime.net.ConnectProxy;
import io.github.camelrealtime.net.HttpClients;
import io.github.camelrealtime.session.RealtimeSession;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.transport.TransportException;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The way out of an office: a proxy that makes tunnels and wants a login, and behind it a service with a certificate of a
 * private authority that wants to see the client's. No real host is reached: all tunnels end at the simulator.
 */
class ProxyTest {

    private static final String EU = "https://eu.api.openai.com/v1";
    private static final String PASSWORD = "Planted0123456789";

    private final Certificates certificates = new Certificates();
    private ConnectProxy proxy;

    @TempDir
    Path folder;

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel(
            builder -> builder.tls(certificates.server("eu.api.openai.com", "127.0.0.1")).requireClientCertificate(true));

    @AfterEach
    void closeProxy() throws Exception {
        if (proxy != null) {
            proxy.close();
        }
    }

    private void office(ConnectProxy entrance, String baseUrl) throws Exception {
        proxy = entrance;
        OpenAIRealtimeConfiguration options = camel.options();
        options.setBaseUrl(baseUrl);
        options.setSslContextParameters(certificates.trustAndKey(folder));
        options.setProxyHost("127.0.0.1");
        options.setProxyPort(proxy.port());
        options.setReconnectInterval(1L);
    }

    private void login(String user, String password) {
        camel.options().setProxyUser(user);
        camel.options().setProxyPassword(password);
    }

    private RealtimeSession start(SessionState then) throws Exception {
        camel.start(route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text"));
        return camel.awaitState("support", then);
    }

    @Test
    @DisplayName("NET-1 WebSocket and REST go through the proxy: CONNECT, login, private authority, mutual TLS")
    void through() throws Exception {
        office(new ConnectProxy(camel.simulator().port(), "camel", PASSWORD), EU);
        login("camel", PASSWORD);
        start(SessionState.READY);
        assertThat(camel.template().requestBody("direct:ask", "Hello", String.class)).contains("Hello");

        assertThat(proxy.requests()).hasSize(1).allSatisfy(head -> assertThat(head)
                .startsWith("CONNECT eu.api.openai.com:443 ").doesNotContain(RealtimeCamel.API_KEY));
        assertThat(camel.simulator().handshakes()).hasSize(1).allSatisfy(handshake -> {
            assertThat(handshake.client()).isEqualTo("CN=" + Certificates.CLIENT);
            assertThat(handshake.authorization()).isEqualTo("Bearer " + RealtimeCamel.API_KEY);
            assertThat(handshake.header("Host")).isEqualTo("eu.api.openai.com");
            assertThat(handshake.headers().names()).noneMatch(name -> name.toLowerCase().startsWith("proxy"));
        });

        OkHttpClient rest = http().rest();
        try (Response response = rest.newCall(new Request.Builder().url(EU + "/models").build()).execute()) {
            assertThat(response.code()).isEqualTo(404);
        }
        assertThat(proxy.requests()).hasSize(2).allSatisfy(head -> assertThat(head).startsWith("CONNECT eu.api.openai.com:443 "));
        assertThat(camel.simulator().handshakes().get(1).path()).isEqualTo("/v1/models");
        assertThat(camel.simulator().handshakes().get(1).header("Proxy-Authorization")).isNull();
    }

    private HttpClients http() {
        return camel.component().http(camel.options());
    }

    @ParameterizedTest
    @CsvSource({ "camel, wrong-Planted0123456789, 'refuses the login (407): check options proxyUser and proxyPassword'",
            ", , 'wants a login (407): set options proxyHost, proxyPort, proxyUser and proxyPassword'" })
    @DisplayName("NET-1 a wrong login, or none, fails for good at the first attempt and names the options; no password is told")
    void refused(String user, String password, String said) throws Exception {
        office(new ConnectProxy(camel.simulator().port(), "camel", PASSWORD), EU);
        login(user, password);
        RealtimeSession session = start(SessionState.FAILED);

        assertThat(session.status().epoch()).isEqualTo(1);
        assertThat(session.status().failure().isFatal()).isTrue();
        assertThat(session.status().failure()).hasMessageContainingAll("Proxy 127.0.0.1:" + proxy.port(), said, "eu.api.openai.com");
        TransportException cause = (TransportException) session.status().failure().getCause();
        assertThat(cause.getStatus()).isEqualTo(407);
        for (Throwable next = session.status().failure(); next != null; next = next.getCause()) {
            assertThat(next.toString()).doesNotContain("Planted");
        }
        assertThat(camel.simulator().handshakes()).isEmpty();
    }

    @Test
    @DisplayName("NET-5 an EU host that cannot be reached fails; no other host is asked for")
    void unreachable() throws Exception {
        office(new ConnectProxy(0, null, null), EU);
        camel.options().setMaxReconnectAttempts(3);
        RealtimeSession session = start(SessionState.FAILED);
        assertThat(session.status().failure()).hasMessageContaining("eu.api.openai.com");
        assertThat(proxy.requests()).hasSize(3).allSatisfy(head -> assertThat(head).startsWith("CONNECT eu.api.openai.com:443 "));
        assertThat(camel.simulator().handshakes()).isEmpty();
    }

    @Test
    @DisplayName("NET-1 what nonProxyHosts names is reached without the proxy")
    void around() throws Exception {
        office(new ConnectProxy(0, null, null), camel.simulator().baseUrl());
        camel.options().setNonProxyHosts("*.internal, 127.*");
        start(SessionState.READY);
        assertThat(proxy.requests()).isEmpty();
    }

    @Test
    @DisplayName("NET-1 by default this machine is reached without the proxy; nonProxyHosts replaces that")
    void loopback() throws Exception {
        office(new ConnectProxy(camel.simulator().port(), null, null), camel.simulator().baseUrl());
        camel.start(
                route -> route.from("direct:a").to("openai-realtime:around"),
                route -> route.from("direct:b").to("openai-realtime:through?proxyHost=127.0.0.1&proxyPort=" + proxy.port()
                                                   + "&nonProxyHosts=*.internal"));
        camel.awaitState("around", SessionState.READY);
        camel.awaitState("through", SessionState.READY);
        assertThat(proxy.requests()).hasSize(1);
        assertThat(proxy.requests().get(0)).startsWith("CONNECT 127.0.0.1:" + camel.simulator().port() + " ");
    }
}
