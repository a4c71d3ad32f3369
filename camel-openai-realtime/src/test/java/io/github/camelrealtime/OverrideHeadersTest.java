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

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What is for one operation is for no other, however that one ended: it must not steer the next endpoint of the route. */
class OverrideHeadersTest {

    private static final String PREFIX = "CamelOpenAIRealtimeOverride";

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    private final Received received = new Received();

    @ParameterizedTest(name = "operation {0}, {1}")
    @CsvSource({ "no-such-operation, support", "transcribe, support", "send-text, call-*", "send-event, support", "send-text, support" })
    @DisplayName("All override headers are off the message after an operation, also after one that was refused at once")
    void afterOperation(String operation, String session) throws Exception {
        camel.start(route -> route.from("direct:in").doTry().to("openai-realtime:support?connectOn=manual")
                .doCatch(Exception.class).end().process(received));
        Map<String, Object> headers = allOverrides();
        headers.put(OpenAIRealtimeConstants.OVERRIDE_SESSION_NAME, session);
        headers.put(OpenAIRealtimeConstants.OPERATION, operation);

        RealtimeCamel.done(camel.send("direct:in", ExchangePattern.InOnly, "Hello", headers));

        assertNoneLeft();
    }

    @Test
    @DisplayName("All override headers are off the message when one of them is of a wrong kind")
    void wrongKind() throws Exception {
        camel.start(route -> route.from("direct:in").doTry().to("openai-realtime:support?operation=send-text&connectOn=manual")
                .doCatch(IllegalArgumentException.class).end().process(received));
        for (String header : overrides()) {
            Map<String, Object> headers = allOverrides();
            headers.put(header, new StringBuilder("neither text nor number"));
            RealtimeCamel.done(camel.send("direct:in", ExchangePattern.InOnly, "Hello", headers));
        }

        assertNoneLeft();
        assertThat(received.events()).hasSize(overrides().size());
    }

    @Test
    @DisplayName("Operation transcribe takes all override headers off too, and refuses a message that names a session")
    void transcribe() throws Exception {
        camel.start(route -> route.from("direct:in").doTry().to("openai-realtime:scribe?operation=transcribe")
                .doCatch(IllegalArgumentException.class).process(received).end());

        for (String header : List.of(OpenAIRealtimeConstants.OVERRIDE_SESSION_NAME, OpenAIRealtimeConstants.OVERRIDE_SAFETY_IDENTIFIER,
                OpenAIRealtimeConstants.OPERATION)) {
            Map<String, Object> headers = new HashMap<>(Map.of(
                    OpenAIRealtimeConstants.OVERRIDE_EVENT_ID, "e1", OpenAIRealtimeConstants.OVERRIDE_ITEM_ID, "i1", header, "send-text"));
            Exchange done = RealtimeCamel.done(camel.send("direct:in", ExchangePattern.InOut, new byte[0], headers));
            assertThat(done.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class)).as(header).hasMessageContaining(header);
        }

        assertThat(received.events()).hasSize(3);
        assertNoneLeft();
        assertThat(camel.simulator().handshakes()).isEmpty();
    }

    @Test
    @DisplayName("Camel's second attempt goes where the first went: to the session that the message names")
    void redelivery() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        camel.start(route -> {
            route.errorHandler(route.defaultErrorHandler().maximumRedeliveries(2).redeliveryDelay(0)
                    .onRedelivery(exchange -> attempts.incrementAndGet()));
            route.onException(IllegalArgumentException.class).maximumRedeliveries(2).redeliveryDelay(0).handled(true).process(received);
            route.from("direct:in").to("openai-realtime:support?operation=send-event&connectOn=manual");
        });

        RealtimeCamel.done(camel.send("direct:in", ExchangePattern.InOnly, "no event",
                Map.of(OpenAIRealtimeConstants.OVERRIDE_SESSION_NAME, "guest")));

        assertThat(attempts).hasValue(2);
        assertThat(received.headers(OpenAIRealtimeConstants.SESSION_NAME)).containsExactly("guest");
    }

    private void assertNoneLeft() {
        assertThat(received.events()).isNotEmpty().allSatisfy(event -> assertThat(event.headers().keySet())
                .noneMatch(name -> name.startsWith(PREFIX)));
    }

    private static Map<String, Object> allOverrides() throws Exception {
        Map<String, Object> headers = new HashMap<>();
        for (String header : overrides()) {
            headers.put(header, header.contains("Ms") || header.contains("Index") ? 1 : header.contains("EndOf") ? true : "x");
        }
        return headers;
    }

    private static List<String> overrides() throws Exception {
        List<String> names = new ArrayList<>();
        for (Field constant : OpenAIRealtimeConstants.class.getFields()) {
            if (constant.getType() == String.class && constant.get(null).toString().startsWith(PREFIX)) {
                names.add(constant.get(null).toString());
            }
        }
        assertThat(names).hasSizeGreaterThan(5);
        return names;
    }
}
