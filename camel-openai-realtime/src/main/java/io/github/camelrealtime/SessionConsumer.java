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
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;

import io.github.camelrealtime.audio.AudioFormat;
import io.github.camelrealtime.event.EventFilter;
import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.session.LocalEvents;
import io.github.camelrealtime.session.NamePattern;
import io.github.camelrealtime.session.RealtimeException;
import io.github.camelrealtime.session.RealtimeSession;
import io.github.camelrealtime.session.SessionEvent;
import io.github.camelrealtime.session.SessionRegistry;
import io.github.camelrealtime.session.Subscription;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.apache.camel.ShutdownRunningTask;
import org.apache.camel.Suspendable;
import org.apache.camel.api.management.ManagedResource;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckAware;
import org.apache.camel.spi.ExecutorServiceManager;
import org.apache.camel.spi.ShutdownAware;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Routes the events of a session, or of all sessions whose name matches. Each session has a lane of its own: its events go
 * through the route in order and one at a time, also when the route is asynchronous; several lanes run side by side up to
 * {@code maxConcurrentSessions}. The route never runs on the socket's thread.
 *
 * <p>Suspended, events wait (within the bounds, or in the spool). At a graceful stop, of a suspended route too, the session is
 * drained first and what came is routed, as {@link ConsumerEnd} says; at a forced stop what waits is dropped and counted. What
 * is in the spool stays there.
 */
@ManagedResource(description = "Consumer of OpenAI Realtime events")
public class SessionConsumer extends ObservedConsumer implements Subscription, ShutdownAware, Suspendable, HealthCheckAware, SessionUser {

    private static final Logger LOG = LoggerFactory.getLogger(SessionConsumer.class);

    private final EventFilter filter;
    private final EventRouter router;
    private final MissingTranscription missingTranscription;
    private final ConsumerLanes lanes = new ConsumerLanes();
    private final LanePump.Host host = new PumpHost();
    /** {@code null} if the model's voice comes as the service sends it. */
    private volatile PacedPlayback paced;
    private ExecutorService executor;
    private ExecutorService spoolWriter;
    private volatile ConsumerSpool spool;
    private volatile RealtimeSession session;
    private HealthCheck healthCheck;
    private volatile boolean accepting;
    private volatile ConsumerEnd end;
    /** The route is suspended and about to be stopped: what was held is routed after all. */
    private volatile boolean letOut;

    /** What the lanes' pumps ask, on their threads. */
    private final class PumpHost implements LanePump.Host {

        @Override
        public boolean isHeld() {
            return end.refusal() == null && (isSuspendingOrSuspended() && !letOut || end.isOver());
        }

        @Override
        public Exception refusal() {
            return end.refusal();
        }

        @Override
        public boolean isForRoute(SessionEvent event) {
            return filter.accepts(event.event());
        }

        @Override
        public void execute(Runnable task) {
            executor.execute(task);
        }

        @Override
        public void sessionFailed(SessionEvent event) {
            report(event);
        }

        @Override
        public void rests(LanePump pump) {
            if (session == null && pump.isOver()) {
                // sessions that match a wildcard come and go; their lanes go with them
                lanes.forgetIfOver(pump);
            }
            lanes.tellIfRouted();
        }
    }

    public SessionConsumer(OpenAIRealtimeEndpoint endpoint, Processor processor, EventFilter filter) {
        super(endpoint, processor);
        this.filter = filter;
        OpenAIRealtimeConfiguration options = endpoint.getConfiguration();
        this.router = new EventRouter(
                this, new EventMapper(options.getDataFormat(), options.getMinConfidence(), options.isKafkaKey()),
                new FailedTranscripts(filter, options.getFailedTranscripts()));
        this.missingTranscription = new MissingTranscription(endpoint, filter);
    }

    private OpenAIRealtimeComponent component() {
        return getEndpoint().getComponent();
    }

    // ---- start

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        OpenAIRealtimeEndpoint endpoint = getEndpoint();
        boolean pattern = NamePattern.isPattern(endpoint.getName());
        executor = Pools.lanes(
                endpoint.getCamelContext(), this, "OpenAIRealtimeConsumer[" + endpoint.getName() + "]",
                pattern ? endpoint.getConfiguration().getMaxConcurrentSessions() : 1);
        boolean started = false;
        try {
            end = new ConsumerEnd(endpoint.toString(), component()::timersInUse, () -> lanes.underway() > 0);
            letOut = false;
            openSpool();
            paced = endpoint.getConfiguration().getPlayback() == PlaybackMode.REALTIME
                    ? new PacedPlayback(endpoint.getConfiguration(), this::source, lanes::waiting, this::toLane) : null;
            accepting = true;
            if (!pattern) {
                endpoint.validateSession();
                endpoint.warnOfRetirements();
            }
            attach();
            // found by Camel's repository of consumer checks, which asks the consumer for its own
            healthCheck = new SessionHealthCheck("consumer:openai-realtime-" + getRouteId(), endpoint, this::complaint);
            healthCheck.setEnabled(component().isHealthCheckConsumerEnabled());
            open();
            started = true;
        } finally {
            if (!started) {
                release();
            }
        }
        component().use(this);
        component().whenContextStarted(lanes::scheduleAll);
    }

    /** With what an earlier life has left in it, which is routed before anything else. */
    private void openSpool() throws IOException {
        OpenAIRealtimeConfiguration options = getEndpoint().getConfiguration();
        if (options.getSpool() == null) {
            return;
        }
        spoolWriter = Pools.lanes(
                getEndpoint().getCamelContext(), this, "OpenAIRealtimeSpool[" + getEndpoint().getName() + "]", 1);
        ConsumerSpool opened = component().openSpool(options, spoolWriter);
        spool = opened;
        for (String sessionName : opened.left()) {
            lanes.open(sessionName, this::newPump);
        }
        if (opened.size() > 0) {
            LOG.info("{} begins with {} events that its spool has kept", getEndpoint(), opened.size());
        }
    }

    private void attach() {
        OpenAIRealtimeEndpoint endpoint = getEndpoint();
        if (!NamePattern.isPattern(endpoint.getName())) {
            session = component().registry().acquire(endpoint.getName(), endpoint.sessionFactory());
            missingTranscription.check(session);
        }
        component().registry().subscribe(NamePattern.of(endpoint.getName()), this);
    }

    private void open() throws Exception {
        OpenAIRealtimeEndpoint endpoint = getEndpoint();
        RealtimeSession opening = session;
        if (opening == null || endpoint.connectOn() != ConnectOn.START) {
            return;
        }
        if (stopsRoute() && endpoint.getCamelContext().isStarted()) {
            component().awaitOpen(opening, endpoint.sessionOptions(endpoint.getName()));
        } else {
            component().whenContextStarted(opening::open);
        }
    }

    @Override
    public void reattach() {
        attach();
        if (spool != null) {
            spool.timersLost();
        }
        lanes.timersLost();
        RealtimeSession opening = session;
        if (opening != null && getEndpoint().connectOn() == ConnectOn.START) {
            component().whenContextStarted(opening::open);
        }
    }

    private boolean stopsRoute() {
        return getEndpoint().getConfiguration().getOnSessionFailed() == OnSessionFailed.STOP_ROUTE;
    }

    @Override
    protected void doResume() throws Exception {
        super.doResume();
        lanes.scheduleAll();
    }

    // ---- stop

    /** The route is about to stop, or to be suspended: what the session owes is still taken in and routed. */
    @Override
    public boolean deferShutdown(ShutdownRunningTask task) {
        if (!getEndpoint().getCamelContext().isSuspending()) {
            end.begin(ending(), sessions());
            if (isSuspended()) {
                letOut = true;
                lanes.scheduleAll();
            }
        }
        return true;
    }

    @Override
    protected void doSuspend() throws Exception {
        super.doSuspend();
        end.cancel();
    }

    /** The sessions that end with this consumer; with the context all do. */
    private List<RealtimeSession> ending() {
        SessionRegistry registry = component().registry();
        if (isContextStopping()) {
            return sessions();
        }
        RealtimeSession own = session;
        return own != null && registry.holders(own.name()) == 1 ? List.of(own) : List.of();
    }

    private boolean isContextStopping() {
        return getEndpoint().getCamelContext().isStopping();
    }

    @Override
    public int getPendingExchangesSize() {
        if (end.isTimeUp()) {
            return 0;
        }
        // what is held is not on its way
        long waiting = host.isHeld() ? 0 : lanes.underway();
        return (int) Math.min(Integer.MAX_VALUE, waiting + (end.isDraining() ? 1 : 0));
    }

    @Override
    public void prepareShutdown(boolean suspendOnly, boolean forced) {
        if (forced && !suspendOnly) {
            accepting = false;
            ending().forEach(RealtimeSession::hurry);
            dropWaiting();
        }
    }

    @Override
    protected void doStop() throws Exception {
        component().unuse(this);
        release();
        super.doStop();
    }

    private void release() {
        healthCheck = null;
        CamelContext context = getEndpoint().getCamelContext();
        // when its time is up the strategy stops consumers first, and only then prepares them for being forced
        boolean forced = context.getShutdownStrategy().isTimeoutOccurred();
        if (forced) {
            prepareShutdown(false, true);
        }
        // of no effect if the route's stop has begun it
        end.begin(ending(), sessions());
        if (end.isOver()) {
            refuseWaiting();
        }
        // still listening: what the session has to say at its end is routed
        closeSessions();
        accepting = false;
        component().registry().unsubscribe(this);
        if (paced != null) {
            paced.close();
        }
        ExecutorServiceManager executors = context.getExecutorServiceManager();
        if (spoolWriter != null) {
            // what came is written before the lanes are looked at
            executors.shutdownGraceful(spoolWriter, end.remainingMillis());
            spoolWriter = null;
        }
        if (forced) {
            executors.shutdownNow(executor);
        } else {
            endLanes();
            executors.shutdownGraceful(executor, ConsumerEnd.LAST_MILLIS);
        }
        dropWaiting();
        if (spool != null) {
            spool.close();
            spool = null;
        }
        lanes.close();
    }

    private void endLanes() {
        if (end.refusal() == null) {
            component().awaitRouted(lanes.routed(), end.remainingMillis());
            refuseWaiting();
        }
        component().awaitRouted(lanes.routed(), ConsumerEnd.LAST_MILLIS);
    }

    private void refuseWaiting() {
        end.refuse();
        lanes.scheduleAll();
    }

    private void closeSessions() {
        RealtimeSession own = session;
        CompletableFuture<Void> closed = component().endSessions(NamePattern.of(getEndpoint().getName()));
        if (own != null) {
            closed = CompletableFuture.allOf(closed, component().registry().release(own));
        }
        component().awaitClosed(closed, end.remainingMillis());
        session = null;
    }

    private void dropWaiting() {
        long waiting = lanes.atRisk();
        if (waiting > 0) {
            LOG.warn("{} stops with {} events that were not routed", getEndpoint(), waiting);
        }
        lanes.clear();
    }

    // ---- events

    @Override
    public boolean wants(String type) {
        return accepting && filter.accepts(type);
    }

    @Override
    public void onEvent(SessionEvent event) {
        PacedPlayback pace = paced;
        if (pace == null || !accepting || !pace.takes(event)) {
            toLane(event);
        }
    }

    private void toLane(SessionEvent event) {
        if (!accepting) {
            return;
        }
        String type = event.event().getType();
        boolean wanted = filter.accepts(event.event());
        if (!wanted && !LocalEvents.endsSession(type)) {
            return;
        }
        if (EventTypes.SESSION_CREATED.equals(type)) {
            LanePump known = lanes.find(event.sessionName());
            if (known != null) {
                // another session may have the name now
                known.outputFormat(outputFormat(source(event.sessionName())));
            }
        }
        lanes.offer(event, wanted, this::newPump);
    }

    private LanePump newPump(String sessionName) {
        RealtimeSession source = source(sessionName);
        if (source != null && session == null) {
            missingTranscription.check(source);
        }
        OpenAIRealtimeConfiguration options = getEndpoint().getConfiguration();
        ConsumerSpool keeper = spool;
        return new LanePump(
                sessionName, host, router,
                wakeUp -> keeper != null ? keeper.newLane(sessionName, wakeUp)
                        : new EventLane(options.getQueueSize(), options.getMaxQueuedBytes(), options.getBackpressureStrategy()),
                outputFormat(source));
    }

    private RealtimeSession source(String sessionName) {
        return session != null ? session : component().registry().find(sessionName);
    }

    private static AudioFormat outputFormat(RealtimeSession source) {
        return source == null ? AudioFormat.PCM_24K : source.config().outputFormat();
    }

    /** A lost session is an error of the consumer, whatever events it wants. */
    private void report(SessionEvent event) {
        RealtimeException lost = new RealtimeException(event.sessionName(), event.event().getJson().path("reason").asText());
        getExceptionHandler().handleException(lost);
        // a start that waits for the session fails by itself
        if (stopsRoute() && isStarted()) {
            component().worker().execute(() -> FailedRoute.stop(getEndpoint().getCamelContext(), getRouteId(), lost));
        }
    }

    // ---- health and management

    @Override
    public void setHealthCheck(HealthCheck healthCheck) {
        this.healthCheck = healthCheck;
    }

    @Override
    public HealthCheck getHealthCheck() {
        return healthCheck;
    }

    private String complaint() {
        ConsumerSpool keeper = spool;
        if (isOverrun()) {
            return "The route is slower than the events come; events are lost until it has caught up";
        }
        return keeper == null ? null : keeper.complaint();
    }

    @Override
    ConsumerLanes lanes() {
        return lanes;
    }

    @Override
    ConsumerSpool spool() {
        return spool;
    }

    @Override
    long routed() {
        return router.routed();
    }

    @Override
    PacedPlayback playback() {
        return paced;
    }
}
