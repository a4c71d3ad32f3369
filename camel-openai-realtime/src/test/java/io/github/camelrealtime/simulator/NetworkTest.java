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

import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class NetworkTest extends WireTest {

    @Test
    @DisplayName("SIM-2 former names, and nothing that was not there then")
    void formerNames() {
        start(RealtimeSimulator.builder().formerNames());
        Client client = connect("?model=gpt-realtime");
        client.send("{'type':'conversation.item.create','item':{'type':'message','role':'user',"
                    + "'content':[{'type':'input_text','text':'Hello'}]}}");
        client.expect("conversation.item.created");
        client.send("{'type':'response.create'}");
        client.expect("response.created", "response.output_item.added", "conversation.item.created", "response.content_part.added",
                "response.audio_transcript.delta");
        client.await("response.audio.delta");
        client.await("response.audio.done");
        client.expect("response.audio_transcript.done", "response.content_part.done", "response.output_item.done", "response.done");
    }

    @Test
    @DisplayName("SIM-1 TLS with a certificate of one's own; clients without one are turned away if that is wanted")
    void tls() throws Exception {
        HeldCertificate authority = new HeldCertificate.Builder().certificateAuthority(0).build();
        HeldCertificate server = new HeldCertificate.Builder().signedBy(authority).addSubjectAlternativeName("127.0.0.1").build();
        HeldCertificate client = new HeldCertificate.Builder().signedBy(authority).commonName("client").build();
        start(RealtimeSimulator.builder().requireClientCertificate(true).tls(new HandshakeCertificates.Builder()
                .heldCertificate(server).addTrustedCertificate(authority.certificate()).build().sslSocketFactory()));
        assertThat(simulator().baseUrl()).startsWith("https://127.0.0.1:");

        assertThat(status(new HandshakeCertificates.Builder().addTrustedCertificate(authority.certificate())
                .heldCertificate(client).build())).isEqualTo(401);
        assertThat(simulator().handshakes().get(0).client()).isEqualTo("CN=client");
        assertThatThrownBy(() -> status(new HandshakeCertificates.Builder().addTrustedCertificate(authority.certificate()).build()))
                .isInstanceOf(IOException.class);
        assertThat(simulator().handshakes()).hasSize(1);
    }

    private int status(HandshakeCertificates certificates) throws IOException {
        OkHttpClient http = new OkHttpClient.Builder()
                .sslSocketFactory(certificates.sslSocketFactory(), certificates.trustManager()).build();
        try (Response response = http.newCall(request("?model=gpt-realtime").build()).execute()) {
            return response.code();
        } finally {
            http.connectionPool().evictAll();
            http.dispatcher().executorService().shutdown();
        }
    }
}
