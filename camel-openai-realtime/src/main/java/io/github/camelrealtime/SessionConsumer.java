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

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

import com.fasterxml.jackson.databind.node.ObjectNode;
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
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ShutdownRunningTask;
import org.apache.camel.Suspendable;
import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedOperation;
import org.apache.camel.api.management.ManagedResource;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckAware;
import org.apache.camel.spi.ShutdownAware;
import org.apache.camel.support.DefaultConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Routes the events of a session, or of all sessions whose name matches. Each session has a lane of its own: its events go
 * through the route in order and one at a time, also when the route is asynchronous; several lanes run side by side up to
 * {@code maxConcurrentSessions}. The route never runs on the socket's thread.
 *
 * <p>Suspended, events wait (within the bounds). At a graceful stop, of a suspended route too, the session is drained first
 * and what came is routed; at a forced stop what waits is dropped and counted.
 */
@ManagedResource(description = "Consumer of OpenAI Realtime events")
public class SessionConsumer extends DefaultConsumer implements Subscription, ShutdownAware, Suspendable, HealthCheckAware, SessionUser {

    private static final Logger LOG = LoggerFactory.getLogger(SessionConsumer.class);

    private static final int EVENTS_IN_A_ROW = 100;

    private final class Lane {
        final EventLane events;
        final AtomicBoolean running = new AtomicBoolean();
        /** The session, if the event routed last was its last; touched by the pump only. */
        volatile String endedSession;
        /** What the model's voice comes as; kept here, as a session may be gone before the last of its events is routed. */
        volatile AudioFormat outputFormat;

        Lane(String sessionName) {
            RealtimeSession source = source(sessionName);
            outputFormat = outputFormat(source);
            if (source != null && session == null) {
                warnAboutMissingTranscription(source);
            }
            OpenAIRealtimeConfiguration options = getEndpoint().getConfiguration();
            events = new EventLane(options.getQueueSize(), options.getMaxQueuedBytes(), options.getBackpressureStrategy());
        }

        boolean isBusy() {
            // in this order: a lane that runs may have taken the last event
            return !isHeld() && !events.isEmpty() || running.get();
        }

        void schedule() {
            if (isHeld() || events.isEmpty() || !running.compareAndSet(false, true)) {
                return;
            }
            goOn(this);
        }
    }

    private final EventFilter filter;
    private final EventMapper mapper;
    private final FailedTranscripts failedTranscripts;
    private final Map<String, Lane> lanes = new ConcurrentHashMap<>();
    /** Of lanes that are gone. */
    private final LongAdder droppedBefore = new LongAdder();
    private final LongAdder routed = new LongAdder();
    private ExecutorService executor;
    private volatile RealtimeSession session;
    private HealthCheck healthCheck;
    private final AtomicBoolean warned = new AtomicBoolean();
    private volatile boolean accepting;
    private volatile boolean draining;
    /** The route is suspended and about to be stopped: what was held is routed after all. */
    private volatile boolean letOut;
    /** Somebody waits for the lanes to come to their end; {@code null} but for the end of a stop. */
    private volatile CompletableFuture<Void> whenRouted;

    public SessionConsumer(OpenAIRealtimeEndpoint endpoint, Processor processor, EventFilter filter) {
        super(endpoint, processor);
        this.filter = filter;
        OpenAIRealtimeConfiguration options = endpoint.getConfiguration();
        this.mapper = new EventMapper(options.getDataFormat(), options.getMinConfidence());
        this.failedTranscripts = new FailedTranscripts(filter, options.getFailedTranscripts());
    }

    @Override
    public OpenAIRealtimeEndpoint getEndpoint() {
        return (OpenAIRealtimeEndpoint) super.getEndpoint();
    }

    private OpenAIRealtimeComponent component() {
        return getEndpoint().getComponent();
    }

    // ---- life cycle

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        OpenAIRealtimeEndpoint endpoint = getEndpoint();
        OpenAIRealtimeConfiguration options = endpoint.getConfiguration();
        boolean pattern = NamePattern.isPattern(endpoint.getName());
        executor = Pools.lanes(
                endpoint.getCamelContext(), this, "OpenAIRealtimeConsumer[" + endpoint.getName() + "]",
                pattern ? options.getMaxConcurrentSessions() : 1);
        boolean started = false;
        try {
            accepting = true;
            draining = false;
            letOut = false;
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
    }

    private void attach() {
        OpenAIRealtimeEndpoint endpoint = getEndpoint();
        if (!NamePattern.isPattern(endpoint.getName())) {
            session = component().registry().acquire(endpoint.getName(), endpoint.sessionFactory());
            warnAboutMissingTranscription(session);
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
        RealtimeSession opening = session;
        if (opening != null && getEndpoint().connectOn() == ConnectOn.START) {
            component().whenContextStarted(opening::open);
        }
    }

    private boolean stopsRoute() {
        return getEndpoint().getConfiguration().getOnSessionFailed() == OnSessionFailed.STOP_ROUTE;
    }

    /**
     * Says once that there will be no transcripts of the user, to whom wants some: the service makes none by itself (TRX-10).
     * Not to those who take what comes when transcription has been switched off on purpose.
     */
    private void warnAboutMissingTranscription(RealtimeSession source) {
        boolean wanted = filter.accepts(EventTypes.CONVERSATION_ITEM_INPUT_AUDIO_TRANSCRIPTION_COMPLETED)
                || filter.accepts(EventTypes.CONVERSATION_ITEM_INPUT_AUDIO_TRANSCRIPTION_DELTA);
        boolean byDefault = getEndpoint().getConfiguration().getEventTypes() == null;
        if (wanted && !source.config().transcribesInput() && !(byDefault && isSwitchedOff(source))
                && warned.compareAndSet(false, true)) {
            LOG.warn("{} consumes transcripts, but session {} does not transcribe the user's speech: set option "
                     + "transcriptionModel, such as gpt-live-transcribe (or none, if none are wanted)",
                    getEndpoint(), source.name());
        }
    }

    private static boolean isSwitchedOff(RealtimeSession source) {
        ObjectNode update = source.config().firstUpdate();
        return update != null && update.path("audio").path("input").path("transcription").isNull();
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
        if (session != null) {
            // still listening: what the session has to say at its end is routed
            component().awaitClosed(component().registry().release(session), session.config().timeouts().drain());
        }
        accepting = false;
        component().registry().unsubscribe(this);
        if (forced) {
            context.getExecutorServiceManager().shutdownNow(executor);
        } else {
            awaitRouted(context.getExecutorServiceManager().getShutdownAwaitTermination());
            context.getExecutorServiceManager().shutdownGraceful(executor);
        }
        session = null;
        dropWaiting();
        lanes.values().forEach(lane -> droppedBefore.add(lane.events.dropped()));
        lanes.clear();
    }

    /**
     * Waits until nothing waits and no exchange is on its way, for as long as Camel waits for a pool. An asynchronous route
     * holds no thread, so the end of the pool alone says nothing, and from then on its lane gets no thread any more.
     */
    private void awaitRouted(long millis) {
        CompletableFuture<Void> allRouted = new CompletableFuture<>();
        whenRouted = allRouted;
        tellIfRouted();
        component().awaitRouted(allRouted, millis);
        whenRouted = null;
    }

    private void tellIfRouted() {
        CompletableFuture<Void> waiting = whenRouted;
        if (waiting != null && lanes.values().stream().noneMatch(Lane::isBusy)) {
            waiting.complete(null);
        }
    }

    private void dropWaiting() {
        long waiting = pending();
        if (waiting > 0) {
            LOG.warn("{} stops with {} events that were not routed", getEndpoint(), waiting);
        }
        lanes.values().forEach(lane -> lane.events.clear());
    }

    @Override
    protected void doResume() throws Exception {
        super.doResume();
        lanes.values().forEach(Lane::schedule);
    }

    private boolean isHeld() {
        return isSuspendingOrSuspended() && !letOut;
    }

    // ---- graceful stop

    /** The route is about to stop: what the session owes is still taken in and routed. */
    @Override
    public boolean deferShutdown(ShutdownRunningTask task) {
        List<RealtimeSession> ending = ending();
        if (!ending.isEmpty()) {
            draining = true;
            CompletableFuture.allOf(ending.stream().map(RealtimeSession::drain).toArray(CompletableFuture[]::new))
                    .whenComplete((nothing, failure) -> draining = false);
        }
        if (isSuspended() && !getEndpoint().getCamelContext().isSuspending()) {
            letOut = true;
            lanes.values().forEach(Lane::schedule);
        }
        return true;
    }

    /** The sessions that end with this consumer; with the context all do. */
    private List<RealtimeSession> ending() {
        SessionRegistry registry = component().registry();
        if (getEndpoint().getCamelContext().isStopping()) {
            return sessions();
        }
        RealtimeSession own = session;
        return own != null && registry.holders(own.name()) == 1 ? List.of(own) : List.of();
    }

    @Override
    public int getPendingExchangesSize() {
        // what a suspended route holds is not on its way
        return (int) Math.min(Integer.MAX_VALUE, (isHeld() ? 0 : pending()) + (draining ? 1 : 0));
    }

    private long pending() {
        return lanes.values().stream().mapToLong(lane -> lane.events.size()).sum();
    }

    @Override
    public void prepareShutdown(boolean suspendOnly, boolean forced) {
        if (forced && !suspendOnly) {
            accepting = false;
            dropWaiting();
        }
    }

    // ---- events

    @Override
    public boolean wants(String type) {
        return accepting && filter.accepts(type);
    }

    @Override
    public void onEvent(SessionEvent event) {
        if (!accepting) {
            return;
        }
        String type = event.event().getType();
        boolean wanted = filter.accepts(event.event());
        if (!wanted && !LocalEvents.endsSession(type)) {
            return;
        }
        Lane lane = lanes.compute(event.sessionName(), (name, known) -> {
            // offered here, so that a lane is never taken away with an event in it
            Lane used = known == null ? new Lane(name) : known;
            if (known != null && EventTypes.SESSION_CREATED.equals(type)) {
                // another session may have the name now
                used.outputFormat = outputFormat(source(name));
            }
            if (wanted) {
                used.events.offer(event);
            } else {
                used.events.offerUnnumbered(event);
            }
            return used;
        });
        lane.schedule();
    }

    /** Routes what waits, one exchange at a time, until nothing waits or an exchange goes on elsewhere. */
    private void pump(Lane lane) {
        int routed = 0;
        while (true) {
            if (++routed > EVENTS_IN_A_ROW && queue(lane)) {
                // other lanes wait for a thread too
                return;
            }
            EventLane.Numbered next = isHeld() ? null : lane.events.poll();
            if (next == null) {
                lane.running.set(false);
                forgetIfOver(lane);
                // an event may have come between the look and the flag
                lane.schedule();
                tellIfRouted();
                return;
            }
            String type = next.event().event().getType();
            lane.endedSession = LocalEvents.endsSession(type) ? next.event().sessionName() : null;
            if (LocalEvents.SESSION_FAILED.equals(type)) {
                report(next.event());
            }
            if (filter.accepts(next.event().event()) && !route(lane, next)) {
                return;
            }
        }
    }

    /** Sessions that match a wildcard come and go; their lanes go with them. */
    private void forgetIfOver(Lane lane) {
        String name = lane.endedSession;
        if (name != null && session == null) {
            lanes.computeIfPresent(name, (key, known) -> {
                if (known != lane || !lane.events.isEmpty()) {
                    return known;
                }
                droppedBefore.add(lane.events.dropped());
                return null;
            });
        }
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

    /** Returns whether the exchange is done. */
    private boolean route(Lane lane, EventLane.Numbered next) {
        Exchange exchange = createExchange(false);
        try {
            mapper.fill(exchange.getMessage(), next, lane.outputFormat);
            failedTranscripts.apply(exchange, next.event());
        } catch (RuntimeException e) {
            releaseExchange(exchange, false);
            getExceptionHandler().handleException("No exchange could be made of an event", e);
            return true;
        }
        routed.increment();
        // Camel's error handler says of every exchange that it goes on elsewhere, also of those that are done by then: whoever
        // comes second, the end of the exchange or this thread, goes on. So a lane seldom changes its thread, and one that is
        // being stopped comes to its end
        AtomicBoolean first = new AtomicBoolean(true);
        getAsyncProcessor().process(exchange, doneSync -> {
            if (exchange.getException() != null) {
                getExceptionHandler().handleException("Error processing exchange", exchange, exchange.getException());
            }
            releaseExchange(exchange, false);
            if (!first.getAndSet(false)) {
                goOn(lane);
            }
        });
        return !first.getAndSet(false);
    }

    private void goOn(Lane lane) {
        if (!queue(lane)) {
            lane.running.set(false);
            tellIfRouted();
        }
    }

    /** Returns whether the lane gets a thread; it gets none when the consumer is being stopped. */
    private boolean queue(Lane lane) {
        try {
            executor.execute(() -> pump(lane));
            return true;
        } catch (RejectedExecutionException stopped) {
            return false;
        }
    }

    private RealtimeSession source(String sessionName) {
        return session != null ? session : component().registry().find(sessionName);
    }

    private static AudioFormat outputFormat(RealtimeSession source) {
        return source == null ? AudioFormat.PCM_24K : source.config().outputFormat();
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
        return isOverrun() ? "The route is slower than the events come; events are lost until it has caught up" : null;
    }

    @ManagedAttribute(description = "Whether events are being lost because the route is too slow")
    public boolean isOverrun() {
        return lanes.values().stream().anyMatch(lane -> lane.events.isOverrun());
    }

    @ManagedAttribute(description = "Events waiting for the route")
    public long getQueuedEvents() {
        return pending();
    }

    @ManagedAttribute(description = "Events given to the route")
    public long getRoutedEvents() {
        return routed.sum();
    }

    @ManagedAttribute(description = "Events dropped because the route is too slow, or by a forced stop")
    public long getDroppedEvents() {
        return droppedBefore.sum() + lanes.values().stream().mapToLong(lane -> lane.events.dropped()).sum();
    }

    @ManagedAttribute(description = "How often the sessions of this consumer were connected anew")
    public int getReconnects() {
        return sessions().stream().mapToInt(known -> known.status().reconnects()).sum();
    }

    @ManagedAttribute(description = "How often another connection took the place of one that still stood, in the sessions of this "
                                    + "consumer")
    public int getRollovers() {
        return sessions().stream().mapToInt(known -> known.status().rollovers()).sum();
    }

    @ManagedAttribute(description = "Connections that the sessions of this consumer have now, those included that are being made or "
                                    + "closed")
    public int getSockets() {
        return sessions().stream().mapToInt(known -> known.status().sockets()).sum();
    }

    @ManagedAttribute(description = "What the service last said of its limits; it may be late")
    public List<String> getRateLimits() {
        return sessions().stream().flatMap(known -> known.status().rateLimits().entrySet().stream()
                .map(limit -> known.name() + ": " + limit.getKey() + " " + limit.getValue().remaining() + " of "
                              + limit.getValue().limit() + " left, full again at " + Instant.ofEpochMilli(limit.getValue().resetMillis())))
                .toList();
    }

    @ManagedOperation(description = "Lets other connections take the place of those of this consumer's sessions")
    public void restartSessions() {
        sessions().forEach(RealtimeSession::restart);
    }

    private List<RealtimeSession> sessions() {
        NamePattern names = NamePattern.of(getEndpoint().getName());
        return component().registry().sessions().stream().filter(known -> names.matches(known.name())).toList();
    }

    @ManagedAttribute(description = "Sessions whose events this consumer has seen")
    public List<String> getSessionNames() {
        return lanes.keySet().stream().sorted().toList();
    }
}
