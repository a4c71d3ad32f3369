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
import java.util.Map;

import io.github.camelrealtime.net.ConnectProxy;
import io.github.camelrealtime.net.Provider;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.Handshake;
import io.github.camelrealtime.simulator.Scenario;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** A resource of Azure OpenAI, with what is different there. */
class AzureTest {

    private static final String RESOURCE = "https://my-resource.openai.azure.com";

    private final Certificates certificates = new Certificates();

    @TempDir
    Path folder;

    /** The GA protocol, with a key more here and there. */
    @Nested
    class Today {

        @RegisterExtension
        final RealtimeCamel camel = new RealtimeCamel(builder -> builder
                .azure().model("my-voice").tls(certificates.server("my-resource.openai.azure.com")));

        private Handshake connected(String uri) throws Exception {
            try (ConnectProxy proxy = new ConnectProxy(camel.simulator().port(), null, null)) {
                OpenAIRealtimeConfiguration options = camel.options();
                options.setBaseUrl(RESOURCE);
                options.setSslContextParameters(certificates.trust(folder));
                options.setProxyHost("127.0.0.1");
                options.setProxyPort(proxy.port());
                camel.start(route -> route.from("direct:ask").to(uri));
                camel.awaitState("support", SessionState.READY);
                return camel.simulator().handshakes().get(0);
            }
        }

        @Test
        @DisplayName("NET-3 the resource's GA address with the deployment as model, and the key as api-key")
        void key() throws Exception {
            Handshake handshake = connected("openai-realtime:support?provider=azure&model=my-voice");
            assertThat(handshake.header("Host")).isEqualTo("my-resource.openai.azure.com");
            assertThat(handshake.path()).isEqualTo("/openai/v1/realtime");
            assertThat(handshake.query()).isEqualTo("model=my-voice");
            assertThat(handshake.header("api-key")).isEqualTo(RealtimeCamel.API_KEY);
            assertThat(handshake.authorization()).isNull();
        }

        @Test
        @DisplayName("NET-2, NET-3 a token of Entra goes as bearer, and no api-key beside it")
        void token() throws Exception {
            camel.options().setCredentials(address -> {
                assertThat(address).hasHost("my-resource.openai.azure.com").hasPath("/openai/v1/realtime");
                return RealtimeCamel.API_KEY;
            });
            Handshake handshake = connected("openai-realtime:support?provider=azure&model=my-voice");
            assertThat(handshake.authorization()).isEqualTo("Bearer " + RealtimeCamel.API_KEY);
            assertThat(handshake.header("api-key")).isNull();
        }

        @Test
        @DisplayName("NET-3 a transcription session goes by intent; the deployment is the transcription model")
        void transcription() throws Exception {
            Handshake handshake = connected(
                    "openai-realtime:support?provider=azure&sessionType=transcription&model=gpt-4o-transcribe");
            assertThat(handshake.query()).isEqualTo("intent=transcription");
            assertThat(camel.server(0).received("session.update").get(0)
                    .at("/session/audio/input/transcription/model").asText()).isEqualTo("gpt-4o-transcribe");
        }
    }

    @Nested
    class Tolerance {

        @RegisterExtension
        final RealtimeCamel camel = new RealtimeCamel(builder -> builder
                .azure().model("my-voice").scenario(Scenario.builder().duplicateContent(true).build()));

        @Test
        @DisplayName("NET-4 content given twice and errors with more members than known disturb nobody")
        void more() throws Exception {
            Received received = new Received();
            camel.options().setModel("my-voice");
            camel.start(
                    route -> route.from("direct:ask").to("openai-realtime:support?provider=azure&operation=send-text"),
                    route -> route.from("openai-realtime:support?provider=azure&eventTypes=response.content_part.done,error")
                            .process(received));
            camel.awaitState("support", SessionState.READY);
            assertThat(camel.template().requestBody("direct:ask", "Hello", String.class)).contains("Hello");
            Map<?, ?> part = (Map<?, ?>) received.await("response.content_part.done").body();
            assertThat(part.get("content")).isNotNull().isEqualTo(part.get("part"));

            Exchange refused = RealtimeCamel.done(camel.operation("direct:ask", "commit-audio"));
            assertThat(refused.getException()).isNull();
            camel.server(0).send("{\"type\":\"error\",\"error\":{\"type\":\"server_error\",\"code\":\"x\",\"message\":\"y\","
                                  + "\"inner_error\":{\"code\":\"ResponsibleAIPolicyViolation\"}}}");
            Map<?, ?> error = (Map<?, ?>) received.await("error").body();
            assertThat(error.toString()).contains("inner_error");
            assertThat(camel.session("support").state()).isEqualTo(SessionState.READY);
        }
    }

    @Nested
    class FormerNames {

        @RegisterExtension
        final RealtimeCamel camel = new RealtimeCamel(
                builder -> builder.azure().formerNames().model("my-voice"));

        @Test
        @DisplayName("NET-4 events under their former names are consumed under those of today; raw keeps what came")
        void renamed() throws Exception {
            Received received = new Received();
            Received raw = new Received();
            camel.options().setModel("my-voice");
            camel.options().setProvider(Provider.AZURE);
            camel.start(
                    route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text"),
                    route -> route.from("openai-realtime:support?eventTypes=all").process(received),
                    route -> route.from("openai-realtime:support?eventTypes=response.output_audio.delta&dataFormat=raw").process(raw));
            camel.awaitState("support", SessionState.READY);
            assertThat(camel.template().requestBody("direct:ask", "Hello", String.class)).contains("Hello");
            received.await("response.done");

            assertThat(received.types()).contains("response.output_audio.delta", "response.output_audio.done",
                    "response.output_audio_transcript.delta", "response.output_audio_transcript.done", "conversation.item.added")
                    .doesNotContain("response.audio.delta", "conversation.item.created");
            assertThat((byte[]) received.await("response.output_audio.delta").body()).isNotEmpty();
            Map<?, ?> added = (Map<?, ?>) received.await("conversation.item.added").body();
            assertThat(added.get("type")).isEqualTo("conversation.item.added");
            assertThat((String) raw.await("response.output_audio.delta").body()).contains("\"type\":\"response.audio.delta\"");
        }
    }
}
