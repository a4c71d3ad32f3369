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

/**
 * Told what the client does on one connection. Calls come one at a time and in order, on a thread of the transport's executor;
 * after {@link #onClosed} or {@link #onAborted} nothing follows. A service that has ended the connection itself is told nothing
 * more.
 */
public interface MemoryPeer {

    /** A text frame of the client's. */
    void onFrame(String frame);

    /** The client has closed in good order. The close is answered when this returns. */
    void onClosed(int code, String reason);

    /** The client has dropped the connection, open or still being opened. */
    void onAborted();
}
