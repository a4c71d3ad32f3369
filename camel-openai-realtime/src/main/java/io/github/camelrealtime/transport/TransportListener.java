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
 * Told what happens on one {@link Transport}. Calls come one at a time and in order, on a thread of the transport
 * that must not be held: no I/O, no route, no waiting. After {@link #onClosed} or {@link #onFailure}, exactly one of
 * which comes, nothing follows.
 */
public interface TransportListener {

    /** The connection stands (HTTP 101 for a WebSocket). */
    void onOpen();

    /** A text frame arrived, whole. */
    void onFrame(String frame);

    /** A binary frame arrived; the protocol has none. Recoverable. */
    void onBinary(int bytes);

    /** The connection ended with a close frame, from either side. */
    void onClosed(int code, String reason);

    /** The connection could not be made, or ended without a close frame. */
    void onFailure(TransportException failure);
}
