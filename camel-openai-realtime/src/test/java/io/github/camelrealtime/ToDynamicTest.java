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

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.github.camelrealtime.net.RealtimeCredentials;
import io.github.camelrealtime.session.RealtimeSession;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.SimulatedSession;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.ResolveEndpointFailedException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class ToDynamicTest {

    private static final int MANY = 10_000;
    private static final int FEW = 3;

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    private final Received received = new Received();

    @Test
    @DisplayName("FLOW-6 10,000 names make one endpoint, and never more than maxSessions sessions")
    void manyNames() throws Exception {
        camel.component().setMaxSessions(FEW);
        camel.start(route -> route.from("direct:in").toD("openai-realtime:${header.caller}?operation=open-session&await=none")
                .process(received));

        long refused = IntStream.range(0, MANY).mapToObj(i -> send("caller-" + i)).filter(Exchange::isFailed).count();

        assertThat(endpoints()).singleElement().asString().contains("openai-realtime://*?");
        assertThat(refused).isEqualTo(MANY - FEW);
        assertThat(received.headers(OpenAIRealtimeConstants.SESSION_NAME)).containsExactly("caller-0", "caller-1", "caller-2");
        assertThat(camel.component().registry().sessions()).hasSize(FEW);
        RealtimeCamel.await().until(() -> camel.simulator().openSockets() == FEW);
        assertThat(camel.simulator().handshakes()).hasSize(FEW);
    }

    @Test
    @DisplayName("Each name is a session of its own, which has the options of the URI")
    void sessionsAndTheirOptions() throws Exception {
        camel.start(route -> route.from("direct:in")
                .toD("openai-realtime:session:call-${header.caller}?operation=send-text&voice=cedar&sessionProperties.audio.output.speed=1.25")
                .process(received));
        camel.options().setRequestTimeout(RealtimeCamel.PATIENCE.toMillis());

        assertThat(List.of(send("1"), send("2"), send("1"))).noneMatch(Exchange::isFailed);

        assertThat(received.headers(OpenAIRealtimeConstants.SESSION_NAME)).containsExactly("call-1", "call-2", "call-1");
        assertThat(camel.simulator().sessions()).hasSize(2).allSatisfy(session -> {
            assertThat(session.effectiveConfig().at("/audio/output/voice").asText()).isEqualTo("cedar");
            assertThat(session.effectiveConfig().at("/audio/output/speed").asDouble()).isEqualTo(1.25);
        });
        assertThat(endpoints()).hasSize(1);
        assertThat(camel.component().registry().sessions()).extracting(RealtimeSession::name)
                .containsExactlyInAnyOrder("call-1", "call-2");
    }

    @Test
    @DisplayName("Options may be chosen by messages too: one endpoint for each set of them")
    void dynamicOptions() throws Exception {
        camel.start(route -> route.from("direct:in")
                .toD("openai-realtime:${header.caller}?operation=send-text&voice=${header.voice}").process(received));

        assertThat(List.of(send("a", "cedar"), send("b", "cedar"), send("c", "marin"))).noneMatch(Exchange::isFailed);

        assertThat(endpoints()).hasSize(2);
        assertThat(camel.simulator().sessions()).extracting(ToDynamicTest::voice)
                .containsExactly("cedar", "cedar", "marin");
    }

    @Test
    @DisplayName("The header is gone afterwards, also when the operation failed; a name that the message had in it wins")
    void header() throws Exception {
        camel.start(
                route -> route.from("direct:in").toD("openai-realtime:${header.caller}?operation=send-text").process(received),
                route -> route.from("direct:broken").doTry()
                        .toD("openai-realtime:${header.caller}?operation=send-event").doCatch(Exception.class).process(received).end());

        send("a");
        camel.template().send("direct:in", exchange -> {
            exchange.getMessage().setBody("Hello");
            exchange.getMessage().setHeader("caller", "b");
            exchange.getMessage().setHeader(OpenAIRealtimeConstants.OVERRIDE_SESSION_NAME, "chosen");
        });
        camel.template().send("direct:broken", exchange -> {
            exchange.getMessage().setBody("no event");
            exchange.getMessage().setHeader("caller", "c");
            exchange.getMessage().setHeader(OpenAIRealtimeConstants.OPERATION, "no-such-operation");
        });

        assertThat(received.events()).hasSize(3)
                .noneMatch(event -> event.headers().containsKey(OpenAIRealtimeConstants.OVERRIDE_SESSION_NAME));
        assertThat(received.headers(OpenAIRealtimeConstants.SESSION_NAME)).containsExactly("a", "chosen");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = { "x?apiKey=sk-stolen", "x?baseUrl=https://evil.example", "x?operation=close-session",
            "?", "x?operation=send-text", "tool:x?operation=send-text" })
    @DisplayName("SEC-3 a name that a message gives cannot bring options along: its exchange fails, nothing is made of it")
    void smuggledOptions(String name) throws Exception {
        camel.start(route -> route.from("direct:in").toD("openai-realtime:${header.caller}?operation=send-text&voice=cedar"));

        Exchange refused = send(name);

        assertThat(refused.getException()).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("toD")
                .hasMessageNotContainingAny("sk-stolen", "evil.example");
        assertThat(endpoints()).isEmpty();
        assertThat(camel.simulator().handshakes()).isEmpty();
        assertThat(send("honest").getException()).isNull();
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
            "x, marin&apiKey=sk-stolen",
            "x, marin&operation=close-session",
            "x, marin&baseUrl=https://evil.example",
            "x?voice=marin&operation=close-session&, cedar",
            "x?operation=close-session, cedar",
            "x?voice=marin, cedar" })
    @DisplayName("SEC-3 nor can a name or a value where messages choose values of options")
    void smuggledAmongValues(String name, String voice) throws Exception {
        camel.start(
                route -> route.from("direct:in").toD("openai-realtime:${header.caller}?voice=${header.voice}&operation=send-text"),
                route -> route.from("direct:fixed").toD("openai-realtime:support?voice=${header.voice}&operation=send-text"));

        assertThat(send(name, voice).getException()).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("toD")
                .hasMessageNotContainingAny("sk-stolen", "evil.example");
        if (voice.contains("&")) {
            assertThat(send("direct:fixed", "unused", voice).getException()).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(endpoints()).isEmpty();
        assertThat(camel.simulator().handshakes()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = { "file:/etc/hostname", "FILE:/etc/hostname", " file:/etc/hostname", "classpath:logback-test.xml",
            "resource:file:/etc/hostname", "#bean:secret", "#class:java.lang.Object", "RAW(file:/etc/hostname)", "file%3A/etc/hostname" })
    @DisplayName("SEC-3 a value that a message gives cannot have a file read or a bean used: the model would be told what is in it")
    void smuggledReference(String text) throws Exception {
        camel.start(
                route -> route.from("direct:in").toD("openai-realtime:${header.caller}?operation=send-text&instructions=${header.voice}"),
                route -> route.from("direct:raw").toD("openai-realtime:support?operation=send-text&instructions=RAW(${header.voice})"));

        assertThat(send("a", text).getException()).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("toD", "instructions").hasMessageNotContaining("hostname");
        assertThat(send("direct:raw", "a", text).getException()).isInstanceOf(IllegalArgumentException.class);
        assertThat(camel.simulator().handshakes()).isEmpty();
        assertThat(send("b", "Be brief about file: and # signs").getException()).isNull();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = { "tool:lookup", "call:hangup", "webhook:x", "session:support" })
    @DisplayName("SEC-3 a name that looks like a kind is a name: it makes no endpoint of that kind")
    void smuggledKind(String name) throws Exception {
        camel.start(route -> route.from("direct:in").toD("openai-realtime:${header.caller}?operation=send-text").process(received));

        assertThat(send(name).getException()).isNull();

        assertThat(received.headers(OpenAIRealtimeConstants.SESSION_NAME)).containsExactly(name);
        assertThat(endpoints()).hasSize(1);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = { "*", "call-*", "line\nbreak", "escaped%0Abreak" })
    @DisplayName("SEC-3 names that stand for many, or would forge lines of a log, are refused")
    void badNames(String name) throws Exception {
        camel.start(route -> route.from("direct:in").toD("openai-realtime:${header.caller}?operation=send-text"));

        assertThat(send(name).getException()).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(OpenAIRealtimeConstants.OVERRIDE_SESSION_NAME).hasMessageNotContainingAny("call-", "break");
        assertThat(send("x".repeat(257)).getException()).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("257");
        assertThat(camel.simulator().handshakes()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
            "sip:alice@example.com;tag=1, sip:alice@example.com;tag=1",
            "+31 6 1234, +31 6 1234",
            "+31%206%201234, +31 6 1234",
            "caf%C3%A9, café",
            "café, café",
            "100%, 100%",
            "a&b=c#d, a&b=c#d",
            "a%3Fb, a?b" })
    @DisplayName("Names with odd characters are the session's name, percent escapes undone as in any URI")
    void oddNames(String given, String name) throws Exception {
        camel.start(route -> route.from("direct:in").toD("openai-realtime:${header.caller}?operation=send-text").process(received));

        assertThat(send(given).getException()).isNull();

        assertThat(received.headers(OpenAIRealtimeConstants.SESSION_NAME)).containsExactly(name);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = { "call center", "café", "caf%C3%A9", "+31 6 1234", "a@b" })
    @DisplayName("toD finds the session that a consumer of the same name listens to")
    void sameNameAsConsumer(String name) throws Exception {
        camel.start(
                route -> route.from("openai-realtime:" + name + "?eventTypes=response.done").process(received),
                route -> route.from("direct:in").toD("openai-realtime:${header.caller}?operation=send-text"));

        assertThat(send(name).getException()).isNull();

        received.await("response.done");
        assertThat(camel.component().registry().sessions()).hasSize(1);
        assertThat(camel.simulator().handshakes()).hasSize(1);
    }

    @Test
    @DisplayName("Options that contradict those of a session that is declared fail the exchange, with both named")
    void contradiction() throws Exception {
        camel.start(
                route -> route.from("openai-realtime:support?voice=marin").process(received),
                route -> route.from("direct:in").toD("openai-realtime:${header.caller}?operation=send-text&voice=cedar"));

        assertThat(send("support").getException()).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("support", "voice", "openai-realtime://support", "openai-realtime://*");
        assertThat(send("other").getException()).isNull();
    }

    @Test
    @DisplayName("Two toD that want the same dynamic session otherwise: the second fails, with both named, the session goes on")
    void contradictionOfTwo() throws Exception {
        camel.start(
                route -> route.from("direct:in").toD("openai-realtime:${header.caller}?operation=send-text&voice=cedar"),
                route -> route.from("direct:other").toD("openai-realtime:${header.caller}?operation=send-text&voice=marin"),
                route -> route.from("direct:late").toD("openai-realtime:${header.caller}?operation=send-text&voice=cedar&speed=1.2"),
                route -> route.from("direct:modest").toD("openai-realtime:${header.caller}?operation=send-text&await=none"));

        assertThat(send("a").getException()).isNull();
        assertThat(send("direct:other", "a", "").getException()).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("Session a", "voice", "voice=cedar", "voice=marin");
        assertThat(send("direct:late", "a", "").getException()).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("Session a", "speed", "too late");
        assertThat(send("direct:modest", "a", "").getException()).isNull();
        assertThat(send("a").getException()).isNull();
        assertThat(send("direct:other", "b", "").getException()).isNull();
        assertThat(camel.simulator().sessions()).extracting(ToDynamicTest::voice).containsExactly("cedar", "marin");
    }

    @Test
    @DisplayName("What is said of a dynamic session is forgotten with it: its name is free for other options")
    void otherOptionsAfterwards() throws Exception {
        camel.start(
                route -> route.from("direct:in").toD("openai-realtime:${header.caller}?operation=send-text&voice=cedar"),
                route -> route.from("direct:close").toD("openai-realtime:${header.caller}?operation=close-session"),
                route -> route.from("direct:other").toD("openai-realtime:${header.caller}?operation=send-text&voice=marin"));

        assertThat(List.of(send("a"), send("direct:close", "a", ""), send("direct:other", "a", ""))).noneMatch(Exchange::isFailed);
        assertThat(camel.simulator().sessions()).extracting(ToDynamicTest::voice).containsExactly("cedar", "marin");
    }

    @Test
    @DisplayName("What toD says of a session that routes have already, and nobody said, comes too late")
    void tooLate() throws Exception {
        camel.start(
                route -> route.from("openai-realtime:support?eventTypes=error").process(received),
                route -> route.from("direct:in").toD("openai-realtime:${header.caller}?operation=send-text&voice=cedar"));

        assertThat(send("support").getException()).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("support", "voice", "too late");
    }

    @Test
    @DisplayName("Credentials given by class are made once, not once for each session with a network client of its own")
    void beansByClass() throws Exception {
        CountedCredentials.MADE.set(0);
        camel.start(route -> route.from("direct:in").toD("openai-realtime:${header.caller}?operation=send-text&credentials=#class:"
                                                         + CountedCredentials.class.getName()));

        assertThat(List.of(send("a"), send("b"), send("c"))).noneMatch(Exchange::isFailed);
        assertThat(CountedCredentials.MADE).hasValue(1);
    }

    /** Says the simulator's key. */
    public static final class CountedCredentials implements RealtimeCredentials {

        static final AtomicInteger MADE = new AtomicInteger();

        public CountedCredentials() {
            MADE.incrementAndGet();
        }

        @Override
        public String bearerToken(URI address) {
            return RealtimeCamel.API_KEY;
        }
    }

    @Test
    @DisplayName("A message cannot name a session that operation transcribe has to itself")
    void sessionOfAPool() throws Exception {
        camel.start(
                route -> route.from("direct:scribe").to("openai-realtime:scribe?operation=transcribe&poolSize=2"),
                route -> route.from("direct:in").toD("openai-realtime:${header.caller}?operation=send-text"));

        for (String name : List.of("scribe", "scribe#1", "scribe#2")) {
            assertThat(send(name).getException()).as(name).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("transcribe");
        }
        assertThat(camel.component().registry().sessions()).isEmpty();
    }

    @Test
    @DisplayName("Operation transcribe keeps an endpoint for each name: its sessions are those of a pool")
    void transcribe() throws Exception {
        camel.start(route -> route.from("direct:in").toD("openai-realtime:scribe-${header.caller}?operation=transcribe&language=en"));

        Exchange done = RealtimeCamel.done(camel.send("direct:in", ExchangePattern.InOut, new byte[0], Map.of("caller", "1")));

        assertThat(done.getException()).isNull();
        assertThat(endpoints()).singleElement().asString().startsWith("openai-realtime://scribe-1?");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = { "call:${header.caller}", "token:${header.caller}", "tool:${header.caller}", "webhook:${header.caller}" })
    @DisplayName("Other kinds are left as they are")
    void otherKinds(String path) throws Exception {
        camel.start(route -> route.from("direct:in").toD("openai-realtime:" + path));

        assertThat(send("create").getException()).hasStackTraceContaining("openai-realtime:" + path.substring(0, path.indexOf(':') + 1));
        assertThat(camel.component().registry().sessions()).isEmpty();
    }

    @Test
    @DisplayName("A producer on * has no session of its own: it opens none, and a message that names none fails")
    void noSession() throws Exception {
        camel.start(route -> route.from("direct:in").to("openai-realtime:*?operation=send-text").process(received));

        assertThat(send("unused").getException()).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(OpenAIRealtimeConstants.OVERRIDE_SESSION_NAME);
        assertThat(camel.component().registry().sessions()).isEmpty();
        assertThat(RealtimeCamel.done(camel.send("direct:in", ExchangePattern.InOut, "Hello",
                Map.of(OpenAIRealtimeConstants.OVERRIDE_SESSION_NAME, "guest"))).getException()).isNull();
        assertThat(camel.session("guest").state()).isEqualTo(SessionState.READY);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({ "operation=transcribe, transcribe", "speed=9, speed" })
    @DisplayName("A producer on * cannot transcribe, and its options are checked at the start")
    void refused(String options, String named) {
        assertThat(camel.startFailure(route -> route.from("direct:in").to("openai-realtime:*?" + options)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining(named);
    }

    @Test
    @DisplayName("What the message chooses altogether is left to Camel: an option that does not exist fails there")
    void wholeUri() throws Exception {
        camel.start(route -> route.from("direct:in").toD("${header.caller}"));

        assertThat(send("openai-realtime:support?modle=x").getException()).isInstanceOf(ResolveEndpointFailedException.class);
        assertThat(send("openai-realtime:support?operation=send-text").getException()).isNull();
    }

    private Exchange send(String caller) {
        return send(caller, "marin");
    }

    private Exchange send(String caller, String voice) {
        return send("direct:in", caller, voice);
    }

    private Exchange send(String uri, String caller, String voice) {
        return camel.template().request(uri, exchange -> {
            exchange.getMessage().setBody("Hello");
            exchange.getMessage().setHeader("caller", caller);
            exchange.getMessage().setHeader("voice", voice);
        });
    }

    private List<String> endpoints() {
        return camel.context().getEndpoints().stream().map(endpoint -> endpoint.getEndpointUri())
                .filter(uri -> uri.startsWith("openai-realtime:") && !uri.contains("support?voice=marin")
                        && !uri.contains("poolSize")).toList();
    }

    private static String voice(SimulatedSession session) {
        return session.effectiveConfig().at("/audio/output/voice").asText();
    }
}
