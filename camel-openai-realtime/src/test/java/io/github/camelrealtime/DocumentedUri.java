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

import io.github.camelrealtime.net.RealtimeCredentials;
import io.github.camelrealtime.session.NamePattern;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.ExceptionHandler;
import org.apache.camel.support.LoggingExceptionHandler;
import org.apache.camel.support.jsse.SSLContextParameters;

/** A URI of the documentation, taken as far as it goes without a connection. */
final class DocumentedUri {

    private final OpenAIRealtimeEndpoint endpoint;

    /** A started context with the beans and properties that the documentation speaks of. */
    static DefaultCamelContext newContext() {
        DefaultCamelContext context = new DefaultCamelContext();
        context.getPropertiesComponent().addInitialProperty("openai.key", "sk-example");
        context.getPropertiesComponent().addInitialProperty("proxy.password", "example");
        context.getPropertiesComponent().addInitialProperty("safety.secret", "example");
        context.getRegistry().bind("entra", RealtimeCredentials.class, (RealtimeCredentials) address -> "example");
        context.getRegistry().bind("officeTls", new SSLContextParameters());
        context.getRegistry().bind("myExceptionHandler", ExceptionHandler.class,
                new LoggingExceptionHandler(context, DocumentedUri.class));
        OpenAIRealtimeComponent component = context.getComponent("openai-realtime", OpenAIRealtimeComponent.class);
        component.setSessions(Map.of("backup", Map.of("model", "gpt-realtime-mini")));
        context.start();
        return context;
    }

    /** Resolves the URI: unknown options and values of the wrong type fail here. */
    DocumentedUri(CamelContext context, String uri) {
        endpoint = context.getEndpoint(uri, OpenAIRealtimeEndpoint.class);
    }

    /** Makes the consumer, the producer, and the configuration of the session, and starts none of them. */
    void check() throws Exception {
        endpoint.createConsumer(exchange -> {
        });
        if (!NamePattern.isPattern(endpoint.getName())) {
            endpoint.createProducer();
        }
        endpoint.operationSettings();
        endpoint.validateSession();
        // the next example may say something else about the same session
        endpoint.stop();
    }

    Kind kind() {
        return endpoint.getKind();
    }
}
