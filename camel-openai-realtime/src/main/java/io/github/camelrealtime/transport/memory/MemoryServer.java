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
package io.github.camelrealtime.transport.memory;

/** The service, as far as connections in memory go: it answers those who dial. */
@FunctionalInterface
public interface MemoryServer {

    /**
     * Somebody dials. The connection stands once {@link MemoryConnection#open} has been called, here or later, by any thread;
     * it is refused with {@link MemoryConnection#fail}. On a thread of the transport's executor.
     *
     * @return who listens to what the client sends, not {@code null}; called from the moment the connection is open
     */
    MemoryPeer dialled(MemoryConnection connection);
}
