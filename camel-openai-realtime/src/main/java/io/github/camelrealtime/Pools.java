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

import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.apache.camel.CamelContext;
import org.apache.camel.builder.ThreadPoolProfileBuilder;
import org.apache.camel.util.concurrent.ThreadPoolRejectedPolicy;

/** Thread pools of the component, from Camel's manager. */
final class Pools {

    private static final long KEEP_ALIVE_SECONDS = 60;

    private Pools() {
    }

    /**
     * A pool of up to so many threads, which go when idle, for lanes of events.
     *
     * <p>Its queue has no bound (none would be a synchronous queue, which refuses): what is queued is one task per lane, and
     * those are bounded. A full queue would either hold the socket's thread (caller runs) or stop a lane (discard). After the
     * shutdown it refuses, so that the caller knows.
     */
    static ExecutorService lanes(CamelContext context, Object source, String name, int threads) {
        return context.getExecutorServiceManager().newThreadPool(
                source, name, new ThreadPoolProfileBuilder(name)
                        .poolSize(threads).maxPoolSize(threads)
                        .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS).allowCoreThreadTimeOut(true)
                        .maxQueueSize(Integer.MAX_VALUE).rejectedPolicy(ThreadPoolRejectedPolicy.Abort)
                        .build());
    }

    /**
     * The timer: one thread, any number of tasks. Camel's default refuses the 1,001st, and a time-out that is refused is an
     * exchange that hangs; here each exchange and session has a handful.
     */
    static ScheduledExecutorService timer(CamelContext context, Object source, String name) {
        return context.getExecutorServiceManager().newScheduledThreadPool(
                source, name, new ThreadPoolProfileBuilder(name)
                        .poolSize(1).maxPoolSize(0).rejectedPolicy(ThreadPoolRejectedPolicy.Abort)
                        .build());
    }
}
