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

import io.github.camelrealtime.session.NamePattern;
import io.github.camelrealtime.session.RealtimeSession;
import io.github.camelrealtime.session.SessionRegistry;
import io.github.camelrealtime.session.Timers;
import org.apache.camel.CamelContext;
import org.apache.camel.support.LifecycleStrategySupport;

/**
 * The stop of the context as a whole (CONN-14): sessions of which nothing was asked for {@code drainTimeout} are closed, so that
 * exchanges that wait for them, for a connection or an answer, fail and do not hold up the stop.
 */
final class ContextEnd extends LifecycleStrategySupport {

    private static final NamePattern ALL = NamePattern.of("*");

    private final SessionRegistry registry;
    private final Timers timers;
    private volatile Timers.Cancellable alarm = Timers.Cancellable.NOTHING;

    ContextEnd(SessionRegistry registry, Timers timers) {
        this.registry = registry;
        this.timers = timers;
    }

    @Override
    public void onContextStopping(CamelContext context) {
        look(timers.elapsedMillis());
    }

    /** @param began when the last of them was used at the earliest, by {@link Timers#elapsedMillis} */
    private void look(long began) {
        long left = registry.sessions().stream().mapToLong(session -> left(session, began)).max().orElse(0);
        if (left > 0) {
            alarm = timers.schedule(() -> look(began), left);
        } else {
            registry.end(ALL);
        }
    }

    private long left(RealtimeSession session, long began) {
        return Math.max(began, session.lastUsedMillis()) + session.config().timeouts().drain() - timers.elapsedMillis();
    }

    /** It has stopped. */
    void cancel() {
        alarm.cancel();
    }
}
