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

import io.github.camelrealtime.session.NamePattern;
import io.github.camelrealtime.session.RealtimeSession;
import org.apache.camel.Endpoint;
import org.apache.camel.Processor;
import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedOperation;
import org.apache.camel.support.DefaultConsumer;

/** What operators see of a consumer, and may do with it. */
public abstract class ObservedConsumer extends DefaultConsumer {

    ObservedConsumer(Endpoint endpoint, Processor processor) {
        super(endpoint, processor);
    }

    @Override
    public OpenAIRealtimeEndpoint getEndpoint() {
        return (OpenAIRealtimeEndpoint) super.getEndpoint();
    }

    abstract ConsumerLanes lanes();

    /** {@code null} if there is none. */
    abstract ConsumerSpool spool();

    /** The voice that waits for its time, {@code null} if none does. */
    abstract PacedPlayback playback();

    /** Exchanges given to the route. */
    abstract long routed();

    /** Those that the endpoint names and that are there now. */
    List<RealtimeSession> sessions() {
        NamePattern names = NamePattern.of(getEndpoint().getName());
        return getEndpoint().getComponent().registry().sessions().stream()
                .filter(known -> names.matches(known.name())).toList();
    }

    @ManagedAttribute(description = "Whether events are being lost because the route is too slow")
    public boolean isOverrun() {
        return lanes().isOverrun();
    }

    @ManagedAttribute(description = "Events waiting for the route, in memory and in the spool")
    public long getQueuedEvents() {
        return lanes().waiting();
    }

    @ManagedAttribute(description = "Events given to the route, each time they were")
    public long getRoutedEvents() {
        return routed();
    }

    @ManagedAttribute(description = "Events that the route did not get because it is too slow, or because of a stop")
    public long getDroppedEvents() {
        return lanes().dropped();
    }

    @ManagedAttribute(description = "Events in the spool; one that is in the route counts")
    public long getSpooledEvents() {
        ConsumerSpool keeper = spool();
        return keeper == null ? 0 : keeper.size();
    }

    @ManagedAttribute(description = "Bytes of events in the spool")
    public long getSpooledBytes() {
        ConsumerSpool keeper = spool();
        return keeper == null ? 0 : keeper.bytes();
    }

    @ManagedAttribute(description = "Events that were routed without being spooled, as the spool could not be written")
    public long getUnspooledEvents() {
        ConsumerSpool keeper = spool();
        return keeper == null ? 0 : keeper.unspooled();
    }

    @ManagedAttribute(description = "Errors of the spool's disk")
    public long getSpoolErrors() {
        ConsumerSpool keeper = spool();
        return keeper == null ? 0 : keeper.errors();
    }

    @ManagedAttribute(description = "Events in the spool that could not be understood and were passed over")
    public long getLostSpooledEvents() {
        ConsumerSpool keeper = spool();
        return keeper == null ? 0 : keeper.lost();
    }

    @ManagedAttribute(description = "How often the route failed an event that is in the spool, and so gets it again")
    public long getFailedDeliveries() {
        ConsumerSpool keeper = spool();
        return keeper == null ? 0 : keeper.routeFailures();
    }

    @ManagedAttribute(description = "With playback=realtime, ms of the model's voice that wait to be handed out")
    public long getQueuedPlaybackMillis() {
        PacedPlayback pace = playback();
        return pace == null ? 0 : pace.queuedMillis();
    }

    @ManagedAttribute(description = "With playback=realtime, ms of the model's voice that did not fit or came to nobody")
    public long getDroppedPlaybackMillis() {
        PacedPlayback pace = playback();
        return pace == null ? 0 : pace.droppedMillis();
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

    @ManagedAttribute(description = "Items of the conversation kept, to be told to the next connection")
    public int getHistoryItems() {
        return sessions().stream().mapToInt(known -> known.status().history().items()).sum();
    }

    @ManagedAttribute(description = "Items of the conversation no longer kept, as there were too many")
    public long getDroppedHistoryItems() {
        return sessions().stream().mapToLong(known -> known.status().history().droppedItems()).sum();
    }

    @ManagedOperation(description = "The items of the conversations kept: ids, kinds and sizes, not what was said")
    public List<String> listHistory() {
        return sessions().stream().flatMap(known -> known.conversationItems().stream()
                .map(item -> known.name() + ": " + item)).toList();
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

    @ManagedAttribute(description = "Sessions whose events this consumer has seen")
    public List<String> getSessionNames() {
        return lanes().names().sorted().toList();
    }
}
