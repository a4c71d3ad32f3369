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

import java.util.List;
import java.util.function.Supplier;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A simulator per test, or one for all tests of a class if the field is static. When a test fails, what crossed the wire
 * goes to the log. After every test the frames of all sessions are checked against the laws of {@link TraceCheck}, unless the
 * scenario breaks them on purpose.
 *
 * <pre>
 * &#64;RegisterExtension
 * RealtimeSimulatorExtension simulator = new RealtimeSimulatorExtension();
 * </pre>
 */
public final class RealtimeSimulatorExtension
        implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback, ParameterResolver {

    private static final Logger LOG = LoggerFactory.getLogger(RealtimeSimulatorExtension.class);

    private final Supplier<RealtimeSimulator.Builder> settings;
    private RealtimeSimulator simulator;
    private boolean shared;

    /** A simulator with all defaults. */
    public RealtimeSimulatorExtension() {
        this(RealtimeSimulator::builder);
    }

    /** @param settings asked once per simulator */
    public RealtimeSimulatorExtension(Supplier<RealtimeSimulator.Builder> settings) {
        this.settings = settings;
    }

    /** A simulator with this scenario and defaults otherwise. */
    public static RealtimeSimulatorExtension with(Scenario scenario) {
        return new RealtimeSimulatorExtension(() -> RealtimeSimulator.builder().scenario(scenario));
    }

    /** The simulator of the present test. */
    public RealtimeSimulator simulator() {
        return simulator;
    }

    /** Its base URL, see {@link RealtimeSimulator#baseUrl()}. */
    public String baseUrl() {
        return simulator.baseUrl();
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        shared = true;
        startNew();
    }

    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        if (!shared) {
            startNew();
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        context.getExecutionException().ifPresent(failure ->
                LOG.warn("{} failed. {}", context.getDisplayName(), simulator.dump()));
        List<String> violations = simulator.violations();
        if (!shared) {
            simulator.close();
        }
        // a test that failed has its own story
        if (!violations.isEmpty() && context.getExecutionException().isEmpty()) {
            throw new AssertionError("The frames break the protocol: " + violations + System.lineSeparator() + simulator.dump());
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (shared) {
            simulator.close();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == RealtimeSimulator.class || SimulatorClock.class.isAssignableFrom(type);
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == RealtimeSimulator.class ? simulator : type.cast(simulator.clock());
    }

    private void startNew() throws Exception {
        simulator = settings.get().build();
        simulator.start();
    }
}
