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

import io.github.camelrealtime.transport.TransportException;
import io.github.camelrealtime.transport.TransportRequest;

/**
 * The service's end of a connection in memory. All methods may be called from any thread and none blocks; what they say reaches
 * the client in the order of the calls. After the connection has ended, from either side, they do nothing.
 */
public interface MemoryConnection {

    /** What the client dialled with, credentials included. */
    TransportRequest request();

    /** Accepts the client. */
    void open();

    /** Sends a text frame; {@code false} if the connection is not open any more. */
    boolean send(String frame);

    /** Sends a binary frame of so many bytes; {@code false} as above. */
    boolean sendBinary(int bytes);

    /** Closes with a close frame, after what was sent before. */
    void close(int code, String reason);

    /** Ends the connection without a close frame, after what was sent before, or refuses it while it is being opened. */
    void fail(TransportException reason);

    /** Keeps back what goes this way from now on, close frames included: a network that has lost its way, or a reader that stalls. */
    void hold(Way way);

    /** Lets go what {@link #hold} keeps back, in order. Does nothing if nothing is. */
    void release(Way way);

    /** Where frames go. */
    enum Way {
        TO_SERVICE,
        TO_CLIENT
    }
}
