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

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

import javax.management.openmbean.OpenDataException;
import javax.management.openmbean.TabularData;

import io.github.camelrealtime.net.HostList;
import io.github.camelrealtime.net.HttpClients;
import io.github.camelrealtime.session.NamePattern;
import io.github.camelrealtime.session.RealtimeErrorClassifier;
import io.github.camelrealtime.session.RealtimeSession;
import io.github.camelrealtime.session.RolloverLimit;
import io.github.camelrealtime.session.SessionConfig;
import io.github.camelrealtime.session.SessionPool;
import io.github.camelrealtime.session.SessionRegistry;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.session.Timers;
import io.github.camelrealtime.spool.EventSpool;
import io.github.camelrealtime.spool.EventSpoolFactory;
import io.github.camelrealtime.spool.FileSpool;
import io.github.camelrealtime.transport.TransportFactory;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.ExtendedStartupListener;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.SSLContextParametersAware;
import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedOperation;
import org.apache.camel.api.management.ManagedResource;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.HealthCheckComponent;
import org.apache.camel.support.PropertyBindingSupport;
import org.apache.camel.util.PropertiesHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns the sessions: endpoints only name them.
 */
@ManagedResource(description = "Sessions of the OpenAI Realtime API")
@Component("openai-realtime")
public class OpenAIRealtimeComponent extends HealthCheckComponent implements ExtendedStartupListener, SSLContextParametersAware {

    private static final Logger LOG = LoggerFactory.getLogger(OpenAIRealtimeComponent.class);
    /** For all sessions together to close at the end, beyond what each may take itself, in ms. */
    private static final long CLOSE_MARGIN_MILLIS = 2_000;
    private static final long CONNECT_MILLIS = 10_000;
    private static final String CLASS_REFERENCE = "#class:";

    @Metadata(description = "Options for all endpoints of this component")
    private OpenAIRealtimeConfiguration configuration = new OpenAIRealtimeConfiguration();
    @Metadata(label = "common",
              description = "Sessions declared once, by name: sessions.support.model=gpt-realtime-2.1. Every session option is "
                            + "possible; endpoints that name the session have them.")
    private Map<String, Object> sessions = new OptionTree();
    @Metadata(label = "advanced", defaultValue = "100",
              description = "How many dynamic sessions (named by a message) may be open at once")
    private int maxSessions = 100;
    @Metadata(label = "advanced", defaultValue = "10",
              description = "How many sessions may make a second connection at once, to take the place of their present one before "
                            + "the service ends that; others wait their turn, up to their rolloverDeadline. While both "
                            + "stand, both count for what the service allows.")
    private int maxConcurrentRollovers = 10;
    @Metadata(label = "security",
              description = "Hosts that baseUrl may name besides those of OpenAI and Azure and this machine, separated by commas; "
                            + "*.example.com stands for all below example.com.")
    private String allowedHosts;
    @Metadata(label = "security", defaultValue = "false",
              description = "Whether sessions without sslContextParameters use the global ones of the Camel context.")
    private boolean useGlobalSslContextParameters;
    @Metadata(label = "advanced", autowired = true,
              description = "Clock and timer, for tests that let hours pass in a second. By default real time.")
    private Timers timers;
    @Metadata(label = "advanced", autowired = true,
              description = "Makes the connections of all sessions, instead of WebSockets made with the network options; for tests "
                            + "without a network, see MemoryTransportFactory.")
    private TransportFactory transportFactory;

    @Metadata(label = "advanced", autowired = true,
              description = "Overrides what errors of the service mean: whether another try may help, or somebody has to see to "
                            + "the key, the model or the account first")
    private RealtimeErrorClassifier errorClassifier;

    @Metadata(label = "advanced", autowired = true,
              description = "Opens the spools of consumers (option spool). By default they are files.")
    private EventSpoolFactory spoolFactory;

    private final SessionDefinitions definitions = new SessionDefinitions();
    private final PoolRegistry pools = new PoolRegistry();
    private final SessionOrigins origins = new SessionOrigins();
    /** Made of {@code #class:…} once: a new one for each session would bring a network client each. */
    private final Map<String, Object> beans = new ConcurrentHashMap<>();
    private final Set<SessionUser> users = ConcurrentHashMap.newKeySet();
    private final ReentrantLock startupLock = new ReentrantLock();
    private final List<Runnable> whenStarted = new ArrayList<>();
    private Map<String, Map<String, Object>> declared = Map.of();
    private boolean contextStarted;
    private ExecutorService worker;
    private ExecutorService dispatcher;
    private ScheduledExecutorService scheduler;
    private Timers effectiveTimers;
    private HostList hosts = HostList.of();
    private Transports transports;
    private SessionRegistry registry;
    private RolloverLimit rollovers;
    private ContextEnd contextEnd;

    public OpenAIRealtimeComponent() {
        this(null);
    }

    public OpenAIRealtimeComponent(CamelContext context) {
        super(context);
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        Kind kind = Kind.SESSION;
        String name = remaining;
        int colon = remaining.indexOf(':');
        if (colon > 0 && Kind.find(remaining.substring(0, colon)) != null) {
            kind = Kind.find(remaining.substring(0, colon));
            name = remaining.substring(colon + 1);
        }
        name = UriNames.decode(name);
        if (name.isBlank()) {
            throw new IllegalArgumentException("openai-realtime: a name is missing; the syntax is openai-realtime:[kind:]name");
        }
        Map<String, Object> said = new LinkedHashMap<>();
        parameters.forEach((option, value) -> {
            if (SessionOptions.isSessionOption(option)) {
                said.put(option, value);
            }
        });
        parameters.replaceAll((option, value) -> said.containsKey(option) ? optionValue(value) : value);
        OpenAIRealtimeEndpoint endpoint = new OpenAIRealtimeEndpoint(uri, this, kind, name, said);
        endpoint.setConfiguration(configuration.copy());
        Map<String, Object> handshakeHeaders = PropertiesHelper.extractProperties(parameters, SessionOptions.HEADERS_PREFIX);
        if (!handshakeHeaders.isEmpty()) {
            endpoint.getConfiguration().setHandshakeHeaders(handshakeHeaders);
        }
        Map<String, Object> sessionProperties
                = PropertiesHelper.extractProperties(parameters, SessionOptions.PROPERTIES_PREFIX);
        if (!sessionProperties.isEmpty()) {
            endpoint.getConfiguration().setSessionProperties(sessionProperties);
        }
        Map<String, Object> written = new LinkedHashMap<>(parameters);
        setProperties(endpoint, parameters);
        written.forEach((option, value) -> OptionRules.understood(option, value, endpoint.getConfiguration()));
        return endpoint;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        hosts = HostList.parse("allowedHosts", allowedHosts);
        // not earlier: Camel Main and Spring Boot set the options of a component that is initialized already
        declared = SessionOptions.grouped(sessions);
        declared.forEach((name, options) -> definitions.declare(
                name, options, "camel.component.openai-realtime.sessions." + name));
        var executors = getCamelContext().getExecutorServiceManager();
        if (worker == null) {
            // grows with the exchanges that go on: one that waits for another must never keep that one from its thread
            worker = executors.newCachedThreadPool(this, "OpenAIRealtimeWorker");
            dispatcher = executors.newCachedThreadPool(this, "OpenAIRealtimeSocket");
            scheduler = Pools.timer(getCamelContext(), this, "OpenAIRealtimeTimer");
        }
        effectiveTimers = timers == null ? Timers.system(scheduler) : timers;
        transports = new Transports(getCamelContext(), dispatcher);
        if (maxConcurrentRollovers < 1) {
            throw new IllegalArgumentException("Component option maxConcurrentRollovers must be at least 1, not "
                                               + maxConcurrentRollovers);
        }
        rollovers = new RolloverLimit(maxConcurrentRollovers);
        registry = new SessionRegistry(effectiveTimers, maxSessions);
        contextEnd = new ContextEnd(registry, effectiveTimers);
        getCamelContext().addLifecycleStrategy(contextEnd);
        // of routes that have been running all the time, where the component alone was stopped and started
        users.forEach(SessionUser::reattach);
    }

    void use(SessionUser user) {
        users.add(user);
    }

    void unuse(SessionUser user) {
        users.remove(user);
    }

    @Override
    protected void doStop() throws Exception {
        if (contextEnd != null) {
            contextEnd.cancel();
            getCamelContext().getLifecycleStrategies().remove(contextEnd);
            contextEnd = null;
        }
        if (registry != null) {
            long longest = registry.sessions().stream()
                    .mapToLong(session -> session.config().timeouts().drain()).max().orElse(0);
            pools.clear();
            awaitClosed(registry.stop(), longest);
        }
        if (transports != null) {
            transports.close();
        }
        var executors = getCamelContext().getExecutorServiceManager();
        for (ExecutorService pool : new ExecutorService[] { worker, dispatcher, scheduler }) {
            if (pool != null) {
                executors.shutdownNow(pool);
            }
        }
        worker = null;
        dispatcher = null;
        scheduler = null;
        contextStarted = false;
        declared.forEach(definitions::withdraw);
        declared = Map.of();
        beans.clear();
        super.doStop();
    }

    /**
     * Whoever uses sessions stops. If the context does, all sessions begin to close at the same time: one after the other they
     * would take drainTimeout each.
     *
     * @return done when those with a matching name are closed, at once if the context does not stop
     */
    CompletableFuture<Void> endSessions(NamePattern names) {
        return getCamelContext().isStopping() ? registry.end(names) : CompletableFuture.completedFuture(null);
    }

    /** Waits for sessions to be closed. */
    void awaitClosed(CompletableFuture<Void> closed, long drainMillis) {
        awaitEnd(closed, drainMillis + CLOSE_MARGIN_MILLIS, "Sessions did not close in good order");
    }

    /** Waits for a consumer's events to be routed. */
    void awaitRouted(CompletableFuture<Void> routed, long millis) {
        awaitEnd(routed, millis, "A consumer's route did not come to its end");
    }

    /**
     * Apart from {@link #awaitOpen} the one place where a thread is held, namely the one that stops a route or the context.
     */
    private static void awaitEnd(CompletableFuture<Void> end, long millis, String otherwise) {
        try {
            end.get(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug(otherwise, e);
        }
    }

    /**
     * Opens a session on behalf of a route that is started again, and holds the thread that starts it for as long as one attempt
     * may take. What takes longer goes on by itself.
     *
     * @throws Exception why the session cannot be opened
     */
    void awaitOpen(RealtimeSession session, OpenAIRealtimeConfiguration options) throws Exception {
        long connect = options.getConnectTimeout() == null ? CONNECT_MILLIS : options.getConnectTimeout();
        try {
            session.open().get(connect + session.config().timeouts().ready(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.debug("Session {} takes its time to open", session.name());
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    // ---- start-up: tools and routes exist before anything is opened

    /** Runs the task once the Camel context has started, or now if it has. */
    void whenContextStarted(Runnable task) {
        startupLock.lock();
        try {
            if (!contextStarted && !getCamelContext().isStarted()) {
                whenStarted.add(task);
                return;
            }
        } finally {
            startupLock.unlock();
        }
        task.run();
    }

    @Override
    public void onCamelContextStarted(CamelContext context, boolean alreadyStarted) {
        // the routes are started after this
    }

    @Override
    public void onCamelContextFullyStarted(CamelContext context, boolean alreadyStarted) {
        List<Runnable> tasks;
        startupLock.lock();
        try {
            contextStarted = true;
            tasks = new ArrayList<>(whenStarted);
            whenStarted.clear();
        } finally {
            startupLock.unlock();
        }
        tasks.forEach(Runnable::run);
    }

    // ---- for endpoints

    SessionDefinitions definitions() {
        return definitions;
    }

    SessionRegistry registry() {
        return registry;
    }

    /** What sessions were made from. */
    SessionOrigins origins() {
        return origins;
    }

    /** The value of a session option; what names a class is made of it once. */
    Object optionValue(Object value) {
        return value instanceof String text && text.startsWith(CLASS_REFERENCE) ? beans.computeIfAbsent(text, this::newBean) : value;
    }

    private Object newBean(String reference) {
        try {
            return PropertyBindingSupport.resolveBean(getCamelContext(), reference);
        } catch (Exception e) {
            throw RuntimeCamelException.wrapRuntimeCamelException(e);
        }
    }

    boolean hasSession(String name) {
        return registry != null && registry.find(name) != null;
    }

    Timers timersInUse() {
        return effectiveTimers;
    }

    ExecutorService worker() {
        return worker;
    }

    PoolRegistry pools() {
        return pools;
    }

    SessionPool newPool(String name, int size, Function<String, RealtimeSession> factory) {
        return new SessionPool(name, size, registry, factory, effectiveTimers);
    }

    /**
     * Makes the configuration of a session, and sees to it that there is a network client for it.
     *
     * @throws IllegalArgumentException naming the option that is wrong
     */
    SessionConfig sessionConfig(OpenAIRealtimeConfiguration options, boolean transcribes) {
        if (options.getSslContextParameters() == null && useGlobalSslContextParameters) {
            options.setSslContextParameters(retrieveGlobalSslContextParameters());
        }
        SessionConfig config = SessionConfigFactory.create(
                options, transcribes, hosts, getCamelContext()::resolvePropertyPlaceholders);
        transports.find(options);
        return config;
    }

    /**
     * What makes the connections of a fallback with these options; {@code null} if that is what makes all of them.
     *
     * @throws IllegalArgumentException naming the network option that is wrong
     */
    TransportFactory fallbackTransports(OpenAIRealtimeConfiguration options) {
        return transportFactory == null ? transports.find(options) : null;
    }

    /**
     * Opens the spool of a consumer.
     *
     * @param  writer      of one thread
     * @throws IOException if it cannot be opened
     */
    ConsumerSpool openSpool(OpenAIRealtimeConfiguration options, ExecutorService writer) throws IOException {
        ConsumerSpool.Limits limits = new ConsumerSpool.Limits(
                options.getQueueSize(), options.getMaxQueuedBytes(), options.getBackpressureStrategy(), options.isSpoolAudio(),
                options.getSpoolRetryDelay(), options.getSpoolMaxRetryDelay(), this::timersInUse);
        EventSpoolFactory factory = spoolFactory == null ? OpenAIRealtimeComponent::openFile : spoolFactory;
        EventSpool store = factory.open(options.getSpool(), options.getSpoolMaxSize());
        try {
            return new ConsumerSpool(store, limits, writer);
        } catch (IOException e) {
            store.close();
            throw e;
        }
    }

    private static EventSpool openFile(String directory, long maxBytes) throws IOException {
        try {
            return FileSpool.open(directory, maxBytes);
        } catch (FileSystemException e) {
            throw new IOException("Option spool: " + directory + " is no directory that can be made and written to ("
                                  + e.getClass().getSimpleName() + "); name another, or see to its permissions", e);
        } catch (NoClassDefFoundError e) {
            throw new IllegalStateException("Option spool needs com.h2database:h2-mvstore on the class path", e);
        }
    }

    /** For REST calls to where a session with these options goes: the same TLS, proxy and credentials. */
    HttpClients http(OpenAIRealtimeConfiguration options) {
        return transports.http(options);
    }

    RealtimeSession newSession(String name, SessionConfig config, OpenAIRealtimeConfiguration options) {
        TransportFactory factory = transportFactory == null ? transports.find(options) : transportFactory;
        return new RealtimeSession(name, config, factory, effectiveTimers, errorClassifier, rollovers);
    }

    // ---- management

    @ManagedAttribute(description = "Sessions there are now, declared, pooled and dynamic")
    public int getSessionCount() {
        return registry == null ? 0 : registry.sessions().size();
    }

    @ManagedAttribute(description = "Sessions that are ready")
    public long getReadySessionCount() {
        return registry == null ? 0
                : registry.sessions().stream().filter(session -> session.state() == SessionState.READY).count();
    }

    @ManagedAttribute(description = "How many dynamic sessions may be open at once")
    public int getMaximumDynamicSessions() {
        return maxSessions;
    }

    @ManagedOperation(description = "All sessions, with their state and counters")
    public TabularData listSessions() throws OpenDataException {
        return registry == null
                ? SessionTable.of(List.of(), 0) : SessionTable.of(registry.sessions(), effectiveTimers.millis());
    }

    /** Begins to close a session in good order; whoever holds it may open it again. */
    @ManagedOperation(description = "Closes a session in good order; returns whether there was one")
    public boolean closeSession(String name) {
        boolean known = hasSession(name);
        if (known) {
            registry.close(name);
        }
        return known;
    }

    // ---- options

    public OpenAIRealtimeConfiguration getConfiguration() {
        return configuration;
    }

    public void setConfiguration(OpenAIRealtimeConfiguration configuration) {
        this.configuration = configuration;
    }

    /** By session name, or by session name, dot and option. */
    public Map<String, Object> getSessions() {
        return sessions;
    }

    /**
     * Sessions declared once, taken over at the next start.
     *
     * @param sessions a map of options by session name ({@code support -> {model -> …}}), or one value by session name and
     *                 option ({@code support.model -> …})
     */
    public void setSessions(Map<String, Object> sessions) {
        this.sessions = sessions == null ? new OptionTree() : new OptionTree(sessions);
    }

    public int getMaxConcurrentRollovers() {
        return maxConcurrentRollovers;
    }

    public void setMaxConcurrentRollovers(int maxConcurrentRollovers) {
        this.maxConcurrentRollovers = maxConcurrentRollovers;
    }

    public int getMaxSessions() {
        return maxSessions;
    }

    public void setMaxSessions(int maxSessions) {
        this.maxSessions = maxSessions;
    }

    public RealtimeErrorClassifier getErrorClassifier() {
        return errorClassifier;
    }

    public void setErrorClassifier(RealtimeErrorClassifier errorClassifier) {
        this.errorClassifier = errorClassifier;
    }

    public EventSpoolFactory getSpoolFactory() {
        return spoolFactory;
    }

    public void setSpoolFactory(EventSpoolFactory spoolFactory) {
        this.spoolFactory = spoolFactory;
    }

    public String getAllowedHosts() {
        return allowedHosts;
    }

    public void setAllowedHosts(String allowedHosts) {
        this.allowedHosts = allowedHosts;
    }

    @Override
    public boolean isUseGlobalSslContextParameters() {
        return useGlobalSslContextParameters;
    }

    @Override
    public void setUseGlobalSslContextParameters(boolean useGlobalSslContextParameters) {
        this.useGlobalSslContextParameters = useGlobalSslContextParameters;
    }

    public Timers getTimers() {
        return timers;
    }

    public void setTimers(Timers timers) {
        this.timers = timers;
    }

    public TransportFactory getTransportFactory() {
        return transportFactory;
    }

    public void setTransportFactory(TransportFactory transportFactory) {
        this.transportFactory = transportFactory;
    }
}
