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

import java.io.IOException;

/**
 * A connection that could not be made or was lost. Where the service answered the handshake with an HTTP status, that
 * status, the (redacted, shortened) body and the request id are kept, as Azure and OpenAI put the reason there.
 */
public class TransportException extends IOException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String body;
    private final String requestId;
    private final long retryAfterMillis;

    public TransportException(String message, Throwable cause) {
        this(message, 0, null, null, -1, cause);
    }

    public TransportException(String message, int status, String body, String requestId, long retryAfterMillis,
                              Throwable cause) {
        super(message, cause);
        this.status = status;
        this.body = body;
        this.requestId = requestId;
        this.retryAfterMillis = retryAfterMillis;
    }

    /**
     * HTTP status of the refused handshake, 0 if there was no HTTP answer; 407 if it was the proxy that refused, and 401 if
     * there was no token to send.
     */
    public int getStatus() {
        return status;
    }

    /** Body of the refused handshake, secrets masked, at most 2,048 characters; {@code null} if none. */
    public String getBody() {
        return body;
    }

    /** {@code X-Request-Id} of the answer, {@code null} if none. */
    public String getRequestId() {
        return requestId;
    }

    /** What {@code Retry-After} asked for in ms, -1 if it did not. */
    public long getRetryAfterMillis() {
        return retryAfterMillis;
    }
}
