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

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.spi.SendDynamicAware;
import org.apache.camel.spi.annotations.SendDynamic;
import org.apache.camel.support.EndpointHelper;
import org.apache.camel.support.service.ServiceSupport;

/**
 * Lets <code>toD("openai-realtime:${header.caller}?…")</code> do with one endpoint and one producer for each set of options,
 * however many names come: the endpoint is {@code openai-realtime:*?…}, and each message names its session by a header, which
 * goes again afterwards. A name that the message has in that header already wins, as it does with {@code to}.
 *
 * <p>Other kinds, operation {@code transcribe} and URIs that a message chooses altogether are left to Camel.
 */
@SendDynamic("openai-realtime")
public class OpenAIRealtimeSendDynamicAware extends ServiceSupport implements SendDynamicAware {

    private static final class Entry extends DynamicAwareEntry {
        final String staticUri;
        final String sessionName;

        Entry(String uri, String originalUri, String staticUri, String sessionName) {
            super(uri, originalUri, null, null);
            this.staticUri = staticUri;
            this.sessionName = sessionName;
        }
    }

    private CamelContext camelContext;
    private String scheme;
    /** By what stands in a route, so there are as many as there are {@code toD}s; empty for those we leave alone. */
    private final Map<String, Optional<DynamicUri>> templates = new ConcurrentHashMap<>();

    @Override
    public CamelContext getCamelContext() {
        return camelContext;
    }

    @Override
    public void setCamelContext(CamelContext camelContext) {
        this.camelContext = camelContext;
    }

    @Override
    public String getScheme() {
        return scheme;
    }

    @Override
    public void setScheme(String scheme) {
        this.scheme = scheme;
    }

    @Override
    public boolean isLenientProperties() {
        return false;
    }

    /**
     * @throws IllegalArgumentException if an expression gave more than a name or the value of an option; the exchange fails
     */
    @Override
    public DynamicAwareEntry prepare(Exchange exchange, String uri, String originalUri) {
        DynamicUri template = templates.computeIfAbsent(originalUri, this::parse).orElse(null);
        if (template == null) {
            return null;
        }
        String query = template.queryOf(uri);
        if (!template.isNamedByMessage() || DynamicUri.transcribes(query)) {
            return null;
        }
        return new Entry(
                uri, originalUri, scheme + ":" + OpenAIRealtimeEndpoint.ANY_SESSION + query, template.nameOf(uri, query));
    }

    private Optional<DynamicUri> parse(String originalUri) {
        return Optional.ofNullable(DynamicUri.parse(
                scheme, EndpointHelper.resolveEndpointUriPropertyPlaceholders(camelContext, originalUri.trim())));
    }

    @Override
    public String resolveStaticUri(Exchange exchange, DynamicAwareEntry entry) {
        return ((Entry) entry).staticUri;
    }

    @Override
    public Processor createPreProcessor(Exchange exchange, DynamicAwareEntry entry) {
        if (isNamed(exchange)) {
            return null;
        }
        return target -> target.getMessage().setHeader(
                OpenAIRealtimeConstants.OVERRIDE_SESSION_NAME, ((Entry) entry).sessionName);
    }

    /** The producer has removed the header, unless it failed before it came to that. */
    @Override
    public Processor createPostProcessor(Exchange exchange, DynamicAwareEntry entry) {
        if (isNamed(exchange)) {
            return null;
        }
        return target -> target.getMessage().removeHeader(OpenAIRealtimeConstants.OVERRIDE_SESSION_NAME);
    }

    private static boolean isNamed(Exchange exchange) {
        Message message = exchange.getMessage();
        return message.getHeader(OpenAIRealtimeConstants.OVERRIDE_SESSION_NAME) instanceof String name && !name.isBlank();
    }
}
