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

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

import io.github.camelrealtime.session.RealtimeSession;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.RealtimeSimulator;
import io.github.camelrealtime.simulator.Scenario;
import io.github.camelrealtime.simulator.SimulatedSession;
import org.apache.camel.AsyncProducer;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.LambdaRouteBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * A Camel context of a test's own whose component speaks to a simulator of its own. The test adds routes and starts it.
 *
 * <p>When the test is over, however it ended, the context is stopped; then no socket may be open and no thread of the
 * component may run any more (CONN-13), and what the simulator sent must have been lawful (SIM-7), except for what a test or a
 * fault made up. So this holds for every test that uses it.
 */
class RealtimeCamel implements BeforeEachCallback, AfterEachCallback {

    static final String API_KEY = "sk-simulator";
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private final UnaryOperator<RealtimeSimulator.Builder> settings;
    private RealtimeSimulator simulator;
    private DefaultCamelContext context;
    private ProducerTemplate template;

    RealtimeCamel() {
        this(builder -> builder);
    }

    /** @param settings what the simulator is to have other than its defaults; asked before each test */
    RealtimeCamel(UnaryOperator<RealtimeSimulator.Builder> settings) {
        this.settings = settings;
    }

    @Override
    public void beforeEach(ExtensionContext test) throws Exception {
        simulator = startSimulator(settings);
        context = newContext();
        template = context.createProducerTemplate();
    }

    RealtimeSimulator startSimulator(UnaryOperator<RealtimeSimulator.Builder> wanted) throws Exception {
        RealtimeSimulator started = wanted.apply(RealtimeSimulator.builder()).build();
        started.start();
        return started;
    }

    String address() {
        return simulator.baseUrl();
    }

    /** One more context that finds the simulator; the caller stops it. */
    DefaultCamelContext newContext() {
        DefaultCamelContext made = new DefaultCamelContext();
        made.getShutdownStrategy().setTimeout(PATIENCE.toSeconds());
        OpenAIRealtimeConfiguration options = component(made).getConfiguration();
        options.setBaseUrl(address());
        options.setApiKey(API_KEY);
        return made;
    }

    @Override
    public void afterEach(ExtensionContext test) throws Exception {
        try {
            template.stop();
            stop(context);
            await().untilAsserted(() -> {
                assertThat(simulator.openSockets()).as("open sockets after the end").isZero();
                assertThat(threads()).as("threads after the end").isEmpty();
            });
            // scenarios that break the laws on purpose are passed over
            assertThat(simulator.violations()).as("what the simulator did that the service does not").isEmpty();
        } finally {
            simulator.close();
        }
    }

    void stop(DefaultCamelContext stopped) throws Exception {
        stopped.stop();
    }

    /** Names of the component's threads that are alive in this context. */
    List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName)
                .filter(name -> name.contains("(" + context.getName() + ")") && name.contains("OpenAIRealtime")).toList();
    }

    // ---- before the start

    /** How sessions behave that are opened from now on. */
    void scenario(Scenario scenario) {
        simulator.scenario(scenario);
    }

    /** Another server instead of the simulator. */
    void connectTo(String baseUrl) {
        options().setBaseUrl(baseUrl);
    }

    OpenAIRealtimeConfiguration options() {
        return component().getConfiguration();
    }

    /** Adds a route, before or after the start. */
    void route(LambdaRouteBuilder route) throws Exception {
        route(context, route);
    }

    static void route(CamelContext context, LambdaRouteBuilder route) throws Exception {
        RouteBuilder.addRoutes(context, route);
    }

    /** Adds routes and starts the context. */
    void start(LambdaRouteBuilder... routes) throws Exception {
        for (LambdaRouteBuilder route : routes) {
            route(route);
        }
        context.start();
    }

    /** Starts the context with a route that consumes from this URI, which is to fail, and tells what it came from. */
    Throwable startFailure(String uri) {
        return startFailure(route -> route.from(uri).process(new Received()));
    }

    /** Starts the context with routes that are to fail, and tells what it came from. */
    Throwable startFailure(LambdaRouteBuilder... routes) {
        Throwable cause = catchThrowable(() -> start(routes));
        assertThat(cause).as("failure at the start").isNotNull();
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    // ---- afterwards

    DefaultCamelContext context() {
        return context;
    }

    OpenAIRealtimeComponent component() {
        return component(context);
    }

    static OpenAIRealtimeComponent component(CamelContext context) {
        return context.getComponent("openai-realtime", OpenAIRealtimeComponent.class);
    }

    RealtimeSimulator simulator() {
        return simulator;
    }

    ProducerTemplate template() {
        return template;
    }

    /** Sends InOut and returns as soon as the route gives the thread back. */
    CompletableFuture<Exchange> ask(String uri, Object body) throws Exception {
        return send(uri, ExchangePattern.InOut, body, Map.of());
    }

    /** As {@link #ask}, but InOnly. */
    CompletableFuture<Exchange> tell(String uri, Object body) throws Exception {
        return send(uri, ExchangePattern.InOnly, body, Map.of());
    }

    /** Unlike a template's asynchronous methods this takes no thread: exchanges enter the route in the order of the calls. */
    CompletableFuture<Exchange> send(String uri, ExchangePattern pattern, Object body, Map<String, Object> headers)
            throws Exception {
        Endpoint endpoint = context.getEndpoint(uri);
        Exchange exchange = endpoint.createExchange(pattern);
        exchange.getMessage().setBody(body);
        exchange.getMessage().setHeaders(new HashMap<>(headers));
        AsyncProducer producer = endpoint.createAsyncProducer();
        producer.start();
        return producer.processAsync(exchange).whenComplete((done, failure) -> producer.stop());
    }

    /** Sends an operation that is in a header. */
    CompletableFuture<Exchange> operation(String uri, String operation) throws Exception {
        return send(uri, ExchangePattern.InOnly, null, Map.of(OpenAIRealtimeConstants.OPERATION, operation));
    }

    /** Waits for an exchange that was sent with {@link #send}. */
    static Exchange done(CompletableFuture<Exchange> exchange) throws Exception {
        return exchange.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** The session of this name; {@code null} if the component has none. */
    RealtimeSession session(String name) {
        return component().registry().find(name);
    }

    /** Waits patiently and looks often: most of what is waited for is there in a few ms. */
    static ConditionFactory await() {
        return Awaitility.await().atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(10));
    }

    /** Waits until the session of this name is in that state. */
    RealtimeSession awaitState(String name, SessionState state) {
        await().untilAsserted(() -> {
            assertThat(session(name)).isNotNull();
            assertThat(session(name).state()).isEqualTo(state);
        });
        return session(name);
    }

    /** The simulator's end of the nth connection, from 0, once there is one. */
    SimulatedSession server(int index) {
        if (simulator.sessions().size() <= index) {
            await().atMost(PATIENCE).until(() -> simulator.sessions().size() > index);
        }
        return simulator.sessions().get(index);
    }
}
