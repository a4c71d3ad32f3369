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
package io.github.camelrealtime.session;

import java.util.function.Consumer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.event.ClientEvent;
import io.github.camelrealtime.transport.TransportFactory;
import io.github.camelrealtime.transport.TransportRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the connections of a session, and ends them. Thread-safe; calls nobody under a lock but the transport's factory. */
final class Dialler {

    static final int NORMAL_CLOSURE = 1000;
    /** How long the service may take to answer our close frame, in ms: little, as a stop waits for it beyond drainTimeout. */
    static final long CLOSE_MILLIS = 1000;
    private static final Logger LOG = LoggerFactory.getLogger(Dialler.class);

    private final String name;
    private final SessionConfig config;
    private final TransportFactory transports;
    private final Timers timers;
    private final ConnectionState state;
    private final StandbyState standbys;

    Dialler(
            String name, SessionConfig config, TransportFactory transports, Timers timers, ConnectionState state,
            StandbyState standbys) {
        this.name = name;
        this.config = config;
        this.transports = transports;
        this.timers = timers;
        this.state = state;
        this.standbys = standbys;
    }

    /**
     * Dials, if the connection is still wanted. The headers are asked for at every attempt (ROLL-9), as credentials expire and
     * rotate; not under a lock, as a vault may take its time.
     *
     * @param failed told, on a timer thread, if nothing can even be tried
     */
    void dial(Epoch epoch, Consumer<SessionClosedException> failed) {
        try {
            TransportRequest request = new TransportRequest(config.uri(), config.headers().get());
            LOG.debug("Session {}: dialling {}, {}", name, config.uri(), epoch);
            state.whileWanted(epoch, () -> epoch.transport = transports.open(request, epoch));
        } catch (RuntimeException e) {
            // not on this thread: whoever opens has no future in hand yet
            timers.schedule(() -> failed.accept(EndReasons.notOpened(name, e)), 0);
        }
    }

    /**
     * Asks the service to hold this, past the outbox, whose gate is shut or leads elsewhere.
     *
     * @throws IllegalArgumentException if it is too large
     */
    static void configure(Epoch epoch, ObjectNode configuration) {
        epoch.configuration = configuration;
        epoch.transport.send(ClientEvent.sessionUpdate(configuration).toJson());
    }

    /** Closes a connection that is in no other place any more, in good order if the service plays along. */
    void hangUp(Epoch epoch) {
        standbys.leaves(epoch);
        epoch.leaveTimer = timers.schedule(() -> {
            if (standbys.left(epoch)) {
                abort(epoch);
            }
        }, CLOSE_MILLIS);
        epoch.transport.close(NORMAL_CLOSURE, "OK");
    }

    static void abort(Epoch epoch) {
        epoch.unwatch();
        epoch.readyTimer.cancel();
        epoch.leaveTimer.cancel();
        Replay replay = epoch.replay();
        if (replay != null) {
            replay.cancel();
        }
        if (epoch.transport != null) {
            epoch.transport.abort();
        }
    }
}
