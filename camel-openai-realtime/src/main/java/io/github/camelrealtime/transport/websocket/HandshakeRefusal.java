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
package io.github.camelrealtime.transport.websocket;

import java.io.IOException;
import java.time.Clock;
import java.util.concurrent.TimeUnit;

import io.github.camelrealtime.event.Secrets;
import io.github.camelrealtime.net.RetryAfter;
import io.github.camelrealtime.transport.TransportException;
import okhttp3.Response;
import okio.Buffer;
import okio.BufferedSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes an exception of an HTTP answer that is not 101. */
final class HandshakeRefusal {

    /** Characters of the body that are kept. */
    static final int MAX_BODY = 2048;

    /** Characters of the body that stand in the message. */
    private static final int MAX_REASON = 300;

    /** Bytes of the body that are read: secrets are masked before it is cut, so that none is cut in two. */
    private static final int MAX_READ = 4 * MAX_BODY;

    private static final int READ_SECONDS = 2;

    private static final Logger LOG = LoggerFactory.getLogger(HandshakeRefusal.class);

    private HandshakeRefusal() {
    }

    static TransportException of(Response response, String address, Clock clock, Throwable cause) {
        String body = Secrets.mask(read(response));
        String requestId = response.header("X-Request-Id");
        StringBuilder message = new StringBuilder("WebSocket handshake with ").append(address)
                .append(" was answered with HTTP ").append(response.code());
        if (requestId != null) {
            message.append(", request id ").append(requestId);
        }
        if (response.isRedirect()) {
            message.append("; redirects are not followed, as the credentials are for this address only");
        }
        if (!body.isBlank()) {
            message.append(": ").append(cut(body.strip(), MAX_REASON));
        }
        return new TransportException(
                message.toString(), response.code(), body.isEmpty() ? null : cut(body, MAX_BODY), requestId,
                RetryAfter.millis(response.headers(), clock), cause);
    }

    /** What comes of it in time: a body without end is no reason to wait. */
    private static String read(Response response) {
        BufferedSource source = response.body().source();
        source.timeout().deadline(READ_SECONDS, TimeUnit.SECONDS);
        try {
            source.request(MAX_READ);
        } catch (IOException e) {
            LOG.debug("The body of HTTP {} broke off: {}", response.code(), e.toString());
        }
        Buffer buffer = source.getBuffer();
        return buffer.snapshot((int) Math.min(buffer.size(), MAX_READ)).utf8();
    }

    private static String cut(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length);
    }
}
