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

import io.github.camelrealtime.session.SessionState;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What cannot work fails when the route starts, and says what to do instead. */
class EndpointRefusalTest {

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = { "transport=webrtc", "modle=gpt-realtime", "temperature=0.8", "voise=cedar&model=x" })
    @DisplayName("CFG-13 an option that does not exist fails the start and is named")
    void unknownOption(String option) {
        assertThat(camel.startFailure("openai-realtime:support?" + option))
                .hasMessageContaining(option.substring(0, option.indexOf('=')));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = { "tool:lookup", "webhook:incoming", "call:create", "token:create" })
    @DisplayName("Kinds that this version does not have are refused on either side, with their name")
    void otherKinds(String path) {
        String kind = path.substring(0, path.indexOf(':') + 1);
        assertThat(camel.startFailure("openai-realtime:" + path)).isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("openai-realtime:" + kind);
        assertThat(camel.startFailure(route -> route.from("direct:in").to("openai-realtime:" + path)))
                .isInstanceOf(UnsupportedOperationException.class).hasMessageContaining("openai-realtime:" + kind);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({ "speed=0.2, 0.25", "speed=1.6, 1.5", "vadThreshold=1.1, 1", "maxOutputTokens=0, 1", "maxOutputTokens=5000, 4096",
            "vadIdleTimeout=1s, 5000", "maxReconnectAttempts=0, 1", "maxMessageSize=10, 65536", "transcriptTimeout=0, 1" })
    @DisplayName("Numbers out of their range are refused with the range")
    void ranges(String option, String bound) {
        assertThat(camel.startFailure("openai-realtime:support?" + option)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(option.substring(0, option.indexOf('=')), bound);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = { "http://api.example.com/v1", "ws://10.0.0.1/v1", "http://localhost.example.com", "http://127.evil.example/v1" })
    @DisplayName("Unencrypted addresses of other hosts are refused, as they would show the key to everybody")
    void unencrypted(String baseUrl) {
        assertThat(camel.startFailure("openai-realtime:support?baseUrl=" + baseUrl)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("baseUrl", "https");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = { "ftp://api.example.com", "api.openai.com/v1" })
    @DisplayName("An address that is none of https, wss, or loopback is refused")
    void noAddress(String baseUrl) {
        assertThat(camel.startFailure("openai-realtime:support?baseUrl=" + baseUrl)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("baseUrl");
    }

    @Test
    @DisplayName("A producer on a wildcard name is refused: an operation needs one session")
    void wildcardProducer() {
        assertThat(camel.startFailure(route -> route.from("direct:in").to("openai-realtime:call-*")))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContainingAll("call-*", "producer");
    }

    @Test
    @DisplayName("A wildcard in the header of an exchange is refused")
    void wildcardHeader() throws Exception {
        camel.start(route -> route.from("direct:in").to("openai-realtime:support"));
        camel.awaitState("support", SessionState.READY);
        Exchange refused = camel.template().request("direct:in", exchange -> {
            exchange.getMessage().setBody("Hello");
            exchange.getMessage().setHeader(OpenAIRealtimeConstants.OVERRIDE_SESSION_NAME, "call-*");
        });
        assertThat(refused.getException()).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("wildcard");
    }

    @Test
    @DisplayName("poolSize without operation=transcribe is refused")
    void poolWithoutTranscribe() {
        assertThat(camel.startFailure(route -> route.from("direct:in").to("openai-realtime:support?operation=send-text&poolSize=2")))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContainingAll("poolSize", "transcribe");
    }

    @Test
    @DisplayName("poolSize below 1 is refused")
    void emptyPool() {
        assertThat(camel.startFailure(route -> route.from("direct:in").to("openai-realtime:support?operation=transcribe&poolSize=0")))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("poolSize");
    }

    @Test
    @DisplayName("transcribe and another operation on one session name are refused, with both URIs")
    void mixedUse() {
        assertThat(camel.startFailure(
                route -> route.from("direct:transcribe").to("openai-realtime:support?operation=transcribe"),
                route -> route.from("direct:ask").to("openai-realtime:support?operation=append-audio")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("support", "operation=transcribe", "operation=append-audio");
    }

    @Test
    @DisplayName("Two pools of one name with different sizes are refused")
    void poolSizes() {
        assertThat(camel.startFailure(
                route -> route.from("direct:one").to("openai-realtime:scribe?operation=transcribe&poolSize=1"),
                route -> route.from("direct:two").to("openai-realtime:scribe?operation=transcribe&poolSize=2")))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("poolSize");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = { "eventTypes=transcripts", "pacing=fast", "audioFormat=mp3", "inputAudioFormat=opus" })
    @DisplayName("Words that an option does not know are refused")
    void unknownWords(String option) {
        assertThat(camel.startFailure(
                route -> route.from("openai-realtime:support?" + option).process(new Received()),
                route -> route.from("direct:in").to("openai-realtime:support?" + option)))
                .hasMessageContaining(option.substring(option.indexOf('=') + 1));
    }

    @Test
    @DisplayName("CFG-15 a kind of session that this version does not speak is refused at the start")
    void translation() {
        assertThat(camel.startFailure("openai-realtime:support?sessionType=translation")).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("sessionType", "translation");
    }

    @Test
    @DisplayName("An endpoint without a name is refused")
    void noName() {
        assertThat(camel.startFailure("openai-realtime:session:")).hasMessageContaining("name");
    }
}
