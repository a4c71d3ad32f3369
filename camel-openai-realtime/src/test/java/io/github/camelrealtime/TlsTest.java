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

import io.github.camelrealtime.session.RealtimeSession;
import io.github.camelrealtime.session.SessionState;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Against simulators whose certificate only a private authority vouches for. */
class TlsTest {

    private static final String URI = "openai-realtime:support";

    private final Certificates certificates = new Certificates();

    @TempDir
    Path folder;

    @Nested
    class PrivateAuthority {

        @RegisterExtension
        final RealtimeCamel camel = new RealtimeCamel(builder -> builder.tls(certificates.server("127.0.0.1")));

        @Test
        @DisplayName("NET-1, SEC-12 a private authority is trusted by sslContextParameters, by #bean: in a URI")
        void trusted() throws Exception {
            camel.context().getRegistry().bind("officeTls", certificates.trust(folder));
            camel.start(route -> route.from(URI + "?sslContextParameters=#bean:officeTls").process(new Received()));
            camel.awaitState("support", SessionState.READY);
            assertThat(camel.simulator().handshakes()).hasSize(1);
            assertThat(camel.simulator().handshakes().get(0).client()).isNull();
        }

        @Test
        @DisplayName("SEC-12 the global parameters count only if the component is told so; without any the first failure is the last")
        void unknown() throws Exception {
            camel.context().setSSLContextParameters(certificates.trust(folder));
            camel.start(route -> route.from(URI).process(new Received()));
            RealtimeSession session = camel.awaitState("support", SessionState.FAILED);
            assertThat(session.status().epoch()).isEqualTo(1);
            assertThat(camel.simulator().handshakes()).isEmpty();
        }

        @Test
        @DisplayName("NET-1 useGlobalSslContextParameters takes those of the Camel context")
        void global() throws Exception {
            camel.context().setSSLContextParameters(certificates.trust(folder));
            camel.component().setUseGlobalSslContextParameters(true);
            camel.start(route -> route.from(URI).process(new Received()));
            camel.awaitState("support", SessionState.READY);
        }
    }

    @Nested
    class OtherName {

        @RegisterExtension
        final RealtimeCamel camel = new RealtimeCamel(builder -> builder.tls(certificates.server("api.openai.com")));

        @Test
        @DisplayName("SEC-12 the name of the host is verified, whatever is trusted")
        void refused() throws Exception {
            camel.options().setSslContextParameters(certificates.trust(folder));
            camel.start(route -> route.from(URI).process(new Received()));
            RealtimeSession session = camel.awaitState("support", SessionState.FAILED);
            assertThat(session.status().epoch()).isEqualTo(1);
            assertThat(camel.simulator().handshakes()).isEmpty();
        }
    }

    @Nested
    class Mutual {

        @RegisterExtension
        final RealtimeCamel camel = new RealtimeCamel(
                builder -> builder.tls(certificates.server("127.0.0.1")).requireClientCertificate(true));

        @Test
        @DisplayName("NET-1 mutual TLS: the client shows its certificate")
        void shown() throws Exception {
            camel.options().setSslContextParameters(certificates.trustAndKey(folder));
            camel.start(route -> route.from(URI).process(new Received()));
            camel.awaitState("support", SessionState.READY);
            assertThat(camel.simulator().handshakes().get(0).client()).isEqualTo("CN=" + Certificates.CLIENT);
        }

        @Test
        @DisplayName("NET-1 mutual TLS: without a certificate nothing is opened, and no key is sent")
        void notShown() throws Exception {
            camel.options().setSslContextParameters(certificates.trust(folder));
            camel.options().setReconnectInterval(1L);
            camel.start(route -> route.from(URI).process(new Received()));
            camel.awaitState("support", SessionState.FAILED);
            assertThat(camel.simulator().handshakes()).isEmpty();
        }
    }
}
