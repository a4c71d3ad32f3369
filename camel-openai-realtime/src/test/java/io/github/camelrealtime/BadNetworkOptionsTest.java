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

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.apache.camel.support.jsse.KeyStoreParameters;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.apache.camel.support.jsse.TrustAllTrustManager;
import org.apache.camel.support.jsse.TrustManagersParameters;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/** Network options that cannot be meant: each fails the start, says which option, what is wrong, and what to do. */
class BadNetworkOptionsTest {

    /** Whatever is secret in the rows below holds this. */
    private static final String SECRET = "Planted0123456789";

    private static final String OPENAI = "https://api.openai.com/v1";
    private static final String AZURE = "https://my-resource.openai.azure.com";

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    private record Row(String name, Map<String, Object> options, List<String> said) {

        @Override
        public String toString() {
            return name;
        }
    }

    private static Row row(String name, Map<String, Object> options, String... said) {
        return new Row(name, options, List.of(said));
    }

    private static Row baseUrl(String name, String baseUrl, String... said) {
        return new Row(name, Map.of("baseUrl", baseUrl), Stream.concat(Stream.of("Option baseUrl"), Stream.of(said)).toList());
    }

    private static Row azure(String name, String baseUrl, String... said) {
        return new Row(name, Map.of("baseUrl", baseUrl, "provider", "azure", "model", "voice"),
                Stream.concat(Stream.of("Option baseUrl"), Stream.of(said)).toList());
    }

    private static Row header(String name, String header, String value, String... said) {
        return new Row(name, Map.of("handshakeHeaders." + header, value),
                Stream.concat(Stream.of("Option handshakeHeaders."), Stream.of(said)).toList());
    }

    static Stream<Row> addresses() {
        return Stream.of(
                baseUrl("foreign host", "https://api.example.com/v1", "api.example.com", "allowedHosts"),
                baseUrl("look-alike of OpenAI", "https://api.openai.com.example.com/v1", "allowedHosts"),
                baseUrl("host that ends like OpenAI's", "https://evilapi.openai.com/v1", "allowedHosts"),
                baseUrl("host that ends like Azure's", "https://evilopenai.azure.com/openai/v1", "allowedHosts"),
                baseUrl("http beyond this machine", "http://api.openai.com/v1", "use https"),
                baseUrl("ws beyond this machine", "ws://10.1.2.3/v1", "use https"),
                baseUrl("other scheme", "ftp://api.openai.com/v1", "an https address is expected"),
                baseUrl("no scheme", "api.openai.com/v1", "an https address is expected"),
                baseUrl("no host", "https:///v1", "an https address is expected"),
                baseUrl("blank in it", "https://api.openai.com/ v1", "not an address", "https"),
                baseUrl("user name", "https://me:" + SECRET + "@api.openai.com/v1", "user name", "apiKey"),
                baseUrl("user name in a broken address", "https://me:" + SECRET + "@api.openai.com/ v1", "not an address"),
                baseUrl("query", OPENAI + "?model=gpt-realtime", "question mark", "option model"),
                baseUrl("fragment", OPENAI + "#top", "number sign"),
                baseUrl("/realtime at the end", OPENAI + "/realtime", "leave /realtime off"),
                baseUrl("/realtime/ at the end", OPENAI + "/realtime/", "leave /realtime off"),
                baseUrl("CFG-11 Beta path of sessions", OPENAI + "/realtime/sessions", "Beta API", "/v1"),
                baseUrl("CFG-11 Beta path of transcription", OPENAI + "/realtime/transcription_sessions", "Beta API", "/v1"),
                baseUrl("Azure's resource without its provider", AZURE, "provider=azure"),
                azure("OpenAI's host for Azure", OPENAI, "is OpenAI's", "provider=azure"),
                azure("OpenAI's EU host for Azure", "https://eu.api.openai.com/v1", "is OpenAI's"),
                azure("preview path", AZURE + "/openai/realtime", "preview API", "option model"),
                azure("preview version", AZURE + "/openai/realtime?api-version=2024-10-01-preview&deployment=x", "preview API"),
                azure("version on the resource", AZURE + "?api-version=2025-04-01-preview", "preview API"),
                azure("foreign host for Azure", "https://azure.example.com", "allowedHosts"),
                row("Azure without an address", Map.of("provider", "azure", "model", "voice", "baseUrl", ""), "baseUrl"),
                row("Azure without a deployment", Map.of("provider", "azure", "baseUrl", AZURE), "Option model", "deployment"),
                row("unknown provider", Map.of("provider", "aws"), "provider"));
    }

    static Stream<Row> proxies() {
        return Stream.of(
                row("proxy with a scheme", Map.of("proxyHost", "http://proxy.example.com", "proxyPort", 8080),
                        "Option proxyHost", "without scheme and port"),
                row("proxy with its port", Map.of("proxyHost", "proxy.example.com:8080", "proxyPort", 8080), "Option proxyHost",
                        "without scheme and port"),
                row("no port", Map.of("proxyHost", "proxy.example.com"), "Option proxyPort", "is missing"),
                row("port 0", Map.of("proxyHost", "proxy.example.com", "proxyPort", 0), "Option proxyPort", "1 to 65535"),
                row("port too high", Map.of("proxyHost", "proxy.example.com", "proxyPort", 65_536), "Option proxyPort", "1 to 65535"),
                row("port alone", Map.of("proxyPort", 8080), "Option proxyPort", "set proxyHost"),
                row("user alone", Map.of("proxyUser", "me"), "Option proxyUser", "set proxyHost"),
                row("password alone", Map.of("proxyPassword", SECRET), "Option proxyPassword", "set proxyHost"),
                row("exceptions alone", Map.of("nonProxyHosts", "localhost"), "Option nonProxyHosts", "set proxyHost"),
                row("user without password", Map.of("proxyHost", "p.example.com", "proxyPort", 1, "proxyUser", "me"),
                        "Option proxyPassword", "is missing"),
                row("password without user", Map.of("proxyHost", "p.example.com", "proxyPort", 1, "proxyPassword", SECRET),
                        "Option proxyUser", "is missing"),
                row("colon in the user", Map.of("proxyHost", "p.example.com", "proxyPort", 1, "proxyUser", "a:b", "proxyPassword", SECRET),
                        "Option proxyUser", "without a colon"),
                row("line break in the password",
                        Map.of("proxyHost", "p.example.com", "proxyPort", 1, "proxyUser", "a", "proxyPassword", SECRET + "\n"),
                        "Option proxyPassword", "line break"));
    }

    static Stream<Row> headers() {
        return Stream.of(
                header("Authorization", "Authorization", "Bearer " + SECRET, "Authorization is refused", "apiKey or credentials"),
                header("authorization", "authorization", SECRET, "authorization is refused", "apiKey or credentials"),
                header("api-key", "api-key", SECRET, "api-key is refused", "provider=azure"),
                header("CFG-11 the Beta's", "OpenAI-Beta", "realtime=v1", "OpenAI-Beta is refused", "Beta API"),
                header("organization", "OpenAI-Organization", "org", "option organization"),
                header("project", "OpenAI-Project", "proj", "option project"),
                header("safety identifier", "OpenAI-Safety-Identifier", "me", "option safetyIdentifier"),
                header("future ones of the service", "OpenAI-Something", "x", "leave it out"),
                header("Host", "Host", "evil.example.com", "Host is refused", "leave it out"),
                header("Connection", "Connection", "close", "Connection is refused", "leave it out"),
                header("Upgrade", "Upgrade", "h2c", "Upgrade is refused", "leave it out"),
                header("Cookie", "Cookie", SECRET, "Cookie is refused", "leave it out"),
                header("Sec-WebSocket-Protocol", "Sec-WebSocket-Protocol", "openai-insecure-api-key." + SECRET, "is refused"),
                header("Proxy-Authorization", "Proxy-Authorization", SECRET, "is refused", "leave it out"),
                header("line break in a value", "X-Tenant", SECRET + "\r\nX: y", "X-Tenant cannot be sent", "line break"),
                header("umlaut in a value", "X-Tenant", "S\u00fcd", "X-Tenant cannot be sent", "printable ASCII"),
                header("no value", "X-Tenant", "", "X-Tenant is empty"),
                header("blank in a name", "X Tenant", "north", "letters, digits and hyphens"),
                row("line break in the organization", Map.of("organization", "org\r\nHost: x"), "Option organization", "line break"),
                row("line break in the project", Map.of("project", "proj\nx"), "Option project", "line break"),
                row("line break in the key", Map.of("apiKey", "sk-" + SECRET + "\nx"), "Option apiKey", "line break"),
                row("safety identifier too long", Map.of("safetyIdentifier", SECRET.repeat(4)), "Option safetyIdentifier", "68 characters",
                        "safetyIdentifierSecret"),
                row("safety identifier that is an address", Map.of("safetyIdentifier", SECRET + "@example.com"), "Option safetyIdentifier",
                        "safetyIdentifierSecret"),
                row("safety identifier with a line break", Map.of("safetyIdentifier", SECRET + "\n1"), "Option safetyIdentifier",
                        "line break"),
                row("blank safety identifier", Map.of("safetyIdentifier", " ", "safetyIdentifierSecret", SECRET), "Option safetyIdentifier",
                        "is empty"),
                row("blank safety secret", Map.of("safetyIdentifier", "me", "safetyIdentifierSecret", " "),
                        "Option safetyIdentifierSecret", "is empty"));
    }

    static Stream<Row> tls() {
        TrustManagersParameters everybody = new TrustManagersParameters();
        everybody.setTrustManager(TrustAllTrustManager.INSTANCE);
        SSLContextParameters trustAll = new SSLContextParameters();
        trustAll.setTrustManagers(everybody);
        KeyStoreParameters store = new KeyStoreParameters();
        store.setResource("file:no-such-store.p12");
        store.setPassword(SECRET);
        TrustManagersParameters missing = new TrustManagersParameters();
        missing.setKeyStore(store);
        SSLContextParameters noStore = new SSLContextParameters();
        noStore.setTrustManagers(missing);
        return Stream.of(
                row("SEC-12 trust in everybody", Map.of("sslContextParameters", trustAll), "Option sslContextParameters",
                        "trusts every certificate", "trust store"),
                row("missing key store", Map.of("sslContextParameters", noStore), "Option sslContextParameters", "key stores"),
                row("credentials that are no bean", Map.of("credentials", "#bean:nobody"), "nobody"));
    }

    @ParameterizedTest(name = "bad network option: {0}")
    @MethodSource({ "addresses", "proxies", "headers", "tls" })
    @DisplayName("SEC-11, NET-3, NET-7")
    void refused(Row row) {
        camel.component().setSessions(Map.of("support", row.options()));

        Throwable thrown = catchThrowable(() -> camel.start(route -> route.from("direct:ask").to("openai-realtime:support")));

        assertThat(messages(thrown)).contains(row.said()).doesNotContain(SECRET);
        assertThat(camel.simulator().handshakes()).isEmpty();
    }

    static Stream<String> badHosts() {
        return Stream.of("https://voice.example.com", "voice.example.com:8443", "voice.example.com/v1", "*", "*.com", "voice.*", "a..b",
                "-a.example.com", "a b.example.com", "a.example.com,,b.example.com");
    }

    @ParameterizedTest(name = "bad network option: allowedHosts={0}")
    @MethodSource("badHosts")
    @DisplayName("SEC-11 allowedHosts takes names of hosts only")
    void allowedHosts(String hosts) {
        camel.component().setAllowedHosts(hosts);
        assertThat(camel.startFailure("openai-realtime:support")).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("Option allowedHosts", "without scheme, port and path", "*.example.com");
    }

    @Test
    @DisplayName("SEC-11 a host that the component allows is taken, from a URI too; a URI cannot allow one itself")
    void allowed() throws Exception {
        camel.component().setAllowedHosts("voice.example.com, *.gateway.example.com");
        camel.start(route -> route.from("direct:a")
                .to("openai-realtime:a?connectOn=manual&baseUrl=https://voice.example.com/v1")
                .to("openai-realtime:b?connectOn=manual&baseUrl=https://eu.gateway.example.com/v1"));
        assertThat(camel.session("a").config().uri()).hasHost("voice.example.com");
        assertThat(camel.session("b").config().uri()).hasHost("eu.gateway.example.com");
        assertThat(refusal("openai-realtime:c?baseUrl=https://gateway.example.com/v1")).contains("allowedHosts");
        assertThat(refusal("openai-realtime:d?allowedHosts=x.example.com&baseUrl=https://x.example.com/v1"))
                .contains("allowedHosts");
    }

    private String refusal(String uri) {
        return messages(catchThrowable(() -> camel.route(route -> route.from("direct:" + uri.hashCode()).to(uri))));
    }

    /** What the exception says, and all that it comes from. */
    private static String messages(Throwable thrown) {
        assertThat(thrown).isNotNull();
        StringBuilder all = new StringBuilder();
        for (Throwable next = thrown; next != null; next = next.getCause()) {
            all.append(next).append('\n');
        }
        return all.toString();
    }
}
