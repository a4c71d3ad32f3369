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
package io.github.camelrealtime.simulator.fault;

import java.io.IOException;

/** What a {@link RawWebSocketServer} does with a connection it has accepted. */
@FunctionalInterface
public interface Fault {

    /**
     * Runs on a thread of its own, from before the handshake until it returns; the connection is closed then.
     *
     * @throws IOException          if the client has gone, which ends the fault quietly
     * @throws InterruptedException if the server is closed
     */
    void strike(RawConnection connection) throws IOException, InterruptedException;
}
