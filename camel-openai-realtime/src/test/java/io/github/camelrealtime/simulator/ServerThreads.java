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

import java.lang.reflect.Field;

import mockwebserver3.MockWebServer;
import okhttp3.internal.concurrent.TaskRunner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes daemons of the threads of a {@link MockWebServer}. It has no option for that, and those it makes by itself keep a
 * JVM alive whose start-up died before anybody could close the server.
 */
final class ServerThreads {

    private static final Logger LOG = LoggerFactory.getLogger(ServerThreads.class);

    private ServerThreads() {
    }

    /** To be called before the server is started. With a server that looks different inside all stays as it is. */
    static void makeDaemons(MockWebServer server) {
        try {
            Field runner = MockWebServer.class.getDeclaredField("taskRunner");
            runner.setAccessible(true);
            if (((TaskRunner) runner.get(server)).getBackend() instanceof TaskRunner.RealBackend backend) {
                backend.getExecutor().setThreadFactory(new DaemonThreads("simulator-server"));
            }
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            LOG.debug("The server's threads stay as they are: close the simulator, or the JVM does not end", e);
        }
    }
}
