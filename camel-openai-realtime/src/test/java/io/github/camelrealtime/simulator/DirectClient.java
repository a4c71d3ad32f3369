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

import java.time.Duration;

/**
 * The client's end of a connection without a socket, see {@link RealtimeSimulator#connect}. Called on the simulator's threads;
 * must not block.
 */
public interface DirectClient {

    /** The client is let in. */
    void opened();

    /**
     * The handshake is refused; nothing follows.
     *
     * @param body       JSON
     * @param retryAfter what the header of that name would say; null for none
     */
    void refused(int status, String body, Duration retryAfter);

    /** A text frame. */
    void text(String frame);

    /** A binary frame. */
    void binary(byte[] bytes);

    /** A close frame; nothing follows. */
    void closed(int code, String reason);

    /** The connection is gone without a close frame; nothing follows. */
    void dropped();

    /** Whether the simulator reads what the client sends; it does until told. */
    default void reading(boolean reads) {
    }
}
