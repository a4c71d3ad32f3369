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
package io.github.camelrealtime.transport;

/**
 * One connection to the service, open or being opened: it carries JSON text frames both ways and knows nothing of
 * what they say. It lives for one epoch and is never reopened.
 *
 * <p>All methods may be called from any thread and none of them blocks. Frames leave in the order of the calls to
 * {@link #send(String)}; callers that need an order between threads bring it themselves.
 */
public interface Transport {

    /**
     * Hands one text frame over.
     *
     * @param  frame the JSON text of one event, at most {@link #MAX_FRAME_BYTES} long
     * @return       {@code true} if the frame was taken; {@code false} if the connection is not open or is closing, in
     *               which case the frame was dropped and the listener has been or will be told why
     */
    boolean send(String frame);

    /** How many bytes have been taken by {@link #send(String)} and not yet been handed to the network. */
    long queuedBytes();

    /**
     * Closes in good order: what was sent before still leaves, then the close frame. The listener's
     * {@link TransportListener#onClosed} follows. Does nothing if already closed.
     */
    void close(int code, String reason);

    /** Drops the connection at once. A connection that is still being opened is given up. */
    void abort();

    /** The largest frame we send, in bytes: the WebSocket library drops the connection at 16 MiB of queue. */
    int MAX_FRAME_BYTES = 12 * 1024 * 1024;
}
