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

import java.time.Duration;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import okhttp3.Request;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class HandshakeTest extends WireTest {

    private static final String KEY = "Bearer sk-simulator";

    @ParameterizedTest(name = "SIM-2 handshake with ''{0}'' and key ''{1}'' is refused with {2} {3}")
    @CsvSource({
        "/realtime?model=gpt-realtime, Bearer sk-wrong, 401, invalid_api_key",
        "/realtime?model=gpt-realtime, Basic sk-simulator, 401, ''",
        "/realtime?model=gpt-unheard-of, Bearer sk-simulator, 404, model_not_found",
        "/realtime, Bearer sk-simulator, 400, missing_required_parameter",
        "/realtime?call_id=rtc_1, Bearer sk-simulator, 404, call_id_not_found",
        "/elsewhere, Bearer sk-simulator, 404, ''",
    })
    void refusals(String path, String authorization, int status, String code) throws Exception {
        start(Scenario.standard());
        Client client = dial(new Request.Builder().url(simulator().baseUrl() + path)
                .header("Authorization", authorization).build());

        assertThat(client.awaitRefusal()).isEqualTo(status);
        JsonNode error = JSON.readTree(client.refusal).path("error");
        assertThat(error.path("type").asText()).isEqualTo("invalid_request_error");
        assertThat(error.path("code").asText("")).isEqualTo(code);
        assertThat(error.has("param")).isTrue();
        assertThat(client.refusal).doesNotContain("sk-");
        assertThat(simulator().sessions()).isEmpty();
        assertThat(simulator().handshakes()).hasSize(1).first()
                .satisfies(handshake -> assertThat(handshake.status()).isEqualTo(status));
    }

    @Test
    @DisplayName("SIM-2 no key at all is 401; a key as subprotocol is accepted and 'realtime' selected; both at once are 401")
    void keys() {
        start(Scenario.standard());
        assertThat(dial(request(REALTIME).build()).awaitRefusal()).isEqualTo(401);

        Client browser = dial(request(REALTIME)
                .header("Sec-WebSocket-Protocol", "realtime, openai-insecure-api-key.sk-simulator").build());
        browser.expect("session.created");
        assertThat(browser.response.header("Sec-WebSocket-Protocol")).isEqualTo("realtime");

        assertThat(dial(request(REALTIME).header("Authorization", KEY)
                .header("Sec-WebSocket-Protocol", "realtime, openai-insecure-api-key.sk-simulator").build()).awaitRefusal())
                .isEqualTo(401);
    }

    @Test
    @DisplayName("SIM-2 only the keys given to the builder are accepted")
    void configuredKeys() {
        start(RealtimeSimulator.builder().apiKey("sk-one").apiKey("sk-two"));
        dial(request(REALTIME).header("Authorization", "Bearer sk-two").build()).expect("session.created");
        assertThat(dial(request(REALTIME).header("Authorization", KEY).build()).awaitRefusal()).isEqualTo(401);
    }

    @Test
    @DisplayName("SIM-2 the Beta header gets an error and close 4000 beta_api_shape_disabled")
    void betaHeader() {
        start(Scenario.standard());
        Client client = dial(request(REALTIME).header("Authorization", KEY).header("OpenAI-Beta", "realtime=v1").build());
        assertThat(client.expectError().path("code").asText()).isEqualTo("beta_api_shape_disabled");
        assertThat(client.awaitClose()).isEqualTo(4000);
        assertThat(Client.get(client.closeReason)).isEqualTo("invalid_request_error.beta_api_shape_disabled");
        assertThat(session().closeCode()).isEqualTo(4000);
        assertThat(session().isOpen()).isFalse();
    }

    @ParameterizedTest(name = "SIM-2 {0} opens only to be closed with 4000 {1}")
    @CsvSource({"?intent=karaoke, invalid_intent",
        "?model=gpt-realtime-whisper, invalid_model", "?model=gpt-live-1, invalid_model"})
    void fatalRequests(String query, String code) {
        start(Scenario.standard());
        Client client = dial(request(query).header("Authorization", KEY).build());
        assertThat(client.expectError().path("code").asText()).isEqualTo(code);
        assertThat(client.awaitClose()).isEqualTo(4000);
        assertThat(Client.get(client.closeReason)).isEqualTo("invalid_request_error." + code);
    }

    @Test
    @DisplayName("SIM-2 intent with model is a conversation, which refuses a transcription update with invalid_model and 4000")
    void intentAndModel() {
        start(Scenario.standard());
        Client client = connect("?intent=transcription&model=gpt-realtime");
        assertThat(session().type()).isEqualTo(SessionType.REALTIME);
        client.send("{'type':'session.update','session':{'type':'transcription'}}");
        assertThat(client.expectError().path("code").asText()).isEqualTo("invalid_model");
        assertThat(client.awaitClose()).isEqualTo(4000);
    }

    @Test
    @DisplayName("SIM-4 scripted refusals are used up in order, with body and Retry-After, then the handshake succeeds")
    void scriptedRefusals() {
        start(Scenario.builder().rejectHandshake(429, "{\"error\":{\"code\":\"slow_down\"}}", 2, Duration.ofSeconds(7))
                .rejectHandshake(503, null, 1, null).build());
        for (int i = 0; i < 2; i++) {
            Client client = dial(request(REALTIME).header("Authorization", KEY).build());
            assertThat(client.awaitRefusal()).isEqualTo(429);
            assertThat(client.refusal).isEqualTo("{\"error\":{\"code\":\"slow_down\"}}");
            assertThat(client.response.header("Retry-After")).isEqualTo("7");
        }
        assertThat(dial(request(REALTIME).header("Authorization", KEY).build()).awaitRefusal()).isEqualTo(503);
        connect(REALTIME);
        assertThat(simulator().handshakes()).extracting(Handshake::status).isEqualTo(List.of(429, 429, 503, 101));
    }

    @Test
    @DisplayName("SIM-5 a slow handshake takes its time by the simulator's clock")
    void slowHandshake() {
        VirtualClock clock = new VirtualClock();
        start(RealtimeSimulator.builder().clock(clock).scenario(Scenario.builder().slowHandshake(Duration.ofSeconds(30)).build()));
        Client client = dial(request(REALTIME).header("Authorization", KEY).build());
        await().until(() -> clock.pending() == 1);
        assertThat(simulator().handshakes()).isEmpty();
        clock.advance(Duration.ofSeconds(29));
        assertThat(simulator().handshakes()).isEmpty();
        clock.advance(Duration.ofSeconds(1));
        client.expect("session.created");
    }

    @Test
    @DisplayName("SIM-2 handshakes are recorded with path, query and headers; their text form holds no key")
    void recorded() {
        start(Scenario.standard());
        dial(request(REALTIME).header("Authorization", KEY).header("OpenAI-Safety-Identifier", "user-7").build())
                .expect("session.created");
        Handshake handshake = simulator().handshakes().get(0);
        assertThat(handshake.path()).isEqualTo("/v1/realtime");
        assertThat(handshake.query()).isEqualTo("model=gpt-realtime");
        assertThat(handshake.authorization()).isEqualTo(KEY);
        assertThat(handshake.header("openai-safety-identifier")).isEqualTo("user-7");
        assertThat(handshake.status()).isEqualTo(101);
        assertThat(handshake.toString()).doesNotContain("sk-");
    }

    @Test
    @DisplayName("SIM-2 a client's close 1000 is answered; permessage-deflate is not taken up")
    void clientClose() {
        start(Scenario.standard());
        Client client = connect(REALTIME);
        assertThat(client.response.header("Sec-WebSocket-Extensions")).isNull();
        assertThat(simulator().openSockets()).isEqualTo(1);
        client.socket().close(1000, "OK");
        assertThat(client.awaitClose()).isEqualTo(1000);
        await().until(() -> !session().isOpen());
        assertThat(session().closeCode()).isEqualTo(1000);
        assertThat(session().closeReason()).isEqualTo("OK");
        assertThat(simulator().openSockets()).isZero();
    }

    @Test
    @DisplayName("SIM-2 a model without access is 403")
    void forbidden() throws Exception {
        start(RealtimeSimulator.builder().forbiddenModel("gpt-realtime"));
        Client client = dial(request(REALTIME).header("Authorization", KEY).build());
        assertThat(client.awaitRefusal()).isEqualTo(403);
        assertThat(JSON.readTree(client.refusal).at("/error/param").asText()).isEqualTo("model");
        dial(request("?model=gpt-realtime-2.1").header("Authorization", KEY).build()).expect("session.created");
    }

    @Test
    @DisplayName("SIM-2 by switch a wrong key is let in and closed out with 3000, without an event")
    void closedOut() {
        start(Scenario.builder().keyCheckedAfterOpening(true).build());
        Client client = dial(request(REALTIME).header("Authorization", "Bearer sk-wrong").build());
        assertThat(client.awaitClose()).isEqualTo(3000);
        assertThat(Client.get(client.closeReason)).isEqualTo("invalid_request_error.invalid_api_key");
        assertThat(session().frames()).isEmpty();
        dial(request(REALTIME).header("Authorization", KEY).build()).expect("session.created");
    }

    @Test
    @DisplayName("SIM-2 in the place of an Azure resource: its path, its key header or a bearer, deployments as models")
    void azure() {
        start(RealtimeSimulator.builder().azure().apiKey("azure-key").model("my-voice"));
        assertThat(simulator().baseUrl()).endsWith("/openai/v1");
        dial(request("?model=my-voice").header("api-key", "azure-key").build()).expect("session.created");
        dial(request("?model=my-voice").header("Authorization", "Bearer azure-key").build()).expect("session.created");
        assertThat(dial(request("?model=my-voice").header("api-key", "other").build()).awaitRefusal()).isEqualTo(401);
    }

    @Test
    @DisplayName("SIM-2 the Azure failure of a transcription deployment that does not exist: an event, the session goes on")
    void deploymentNotFound() {
        start(Scenario.builder().transcription(TranscriptionScript.failed("DeploymentNotFound")).build());
        Client client = connect(TRANSCRIPTION);
        client.send("{'type':'session.update','session':{'type':'transcription','audio':{'input':{'transcription':"
                + "{'model':'my-whisper'},'turn_detection':null}}}}");
        client.append(SyntheticSpeech.pcm(200));
        client.send("{'type':'input_audio_buffer.commit'}");
        JsonNode error = client.await("conversation.item.input_audio_transcription.failed").path("error");
        assertThat(error.path("type").asText()).isEqualTo("server_error");
        assertThat(error.path("code").asText()).isEqualTo("DeploymentNotFound");
        client.expectNothingMore();
    }
}
