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

import java.net.URI;
import java.time.Clock;
import java.util.concurrent.locks.ReentrantLock;

import io.github.camelrealtime.net.CredentialsException;
import io.github.camelrealtime.net.ProxyRefusedException;
import io.github.camelrealtime.transport.Transport;
import io.github.camelrealtime.transport.TransportException;
import io.github.camelrealtime.transport.TransportListener;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.ByteString;
import okio.Utf8;

/**
 * One WebSocket. OkHttp calls from the reader's thread, but tells of failed writes and missing pongs from another:
 * {@link #telling} puts these calls in a row. No method of {@link Transport} takes that lock, so a listener may be called
 * while another thread sends.
 */
final class WebSocketTransport extends WebSocketListener implements Transport {

    /** What a close frame has room for, in bytes. */
    private static final int MAX_REASON = 123;

    private static final int NORMAL = 1000;

    /** HTTP's words for what failed before the service could say so. */
    private static final int UNAUTHORIZED = 401;
    private static final int PROXY_LOGIN = 407;

    private enum State {
        CONNECTING,
        OPEN,
        /** No frame of ours goes out any more; the last call to the listener may still be to come. */
        CLOSING
    }

    private record Close(int code, String reason, boolean beforeOpen) {
    }

    private final String address;
    private final TransportListener listener;
    private final long maxMessageSize;
    private final Clock clock;

    /** Guards changes of state, and keeps the look at the queue and the send together. */
    private final ReentrantLock sending = new ReentrantLock();
    private volatile State state = State.CONNECTING;
    private volatile WebSocket socket;
    /** What {@link #close} was asked for; null if it was not. */
    private volatile Close asked;
    private volatile boolean aborted;
    private volatile boolean tooBig;
    /** Messages so far, and how many are to be told of. Only the reader's thread knows them. */
    private long messages;
    private long lastMessage = Long.MAX_VALUE;

    private final ReentrantLock telling = new ReentrantLock();
    /** Whether the listener has had its last call. Guarded by {@link #telling}. */
    private boolean told;

    WebSocketTransport(URI uri, TransportListener listener, long maxMessageSize, Clock clock) {
        // neither user info nor query: this goes into messages
        this.address = uri.getScheme() + "://" + uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort())
                       + uri.getRawPath();
        this.listener = listener;
        this.maxMessageSize = maxMessageSize;
        this.clock = clock;
    }

    void connect(OkHttpClient client, Request request) {
        socket = client.newWebSocket(request, this);
    }

    @Override
    public boolean send(String frame) {
        // exact sizes cost a walk over the text, so only where it matters
        long atMost = 3L * frame.length();
        long size = atMost <= MAX_FRAME_BYTES ? atMost : Utf8.size(frame);
        if (size > MAX_FRAME_BYTES) {
            throw new IllegalArgumentException(
                    "Frame of " + size + " bytes is above the limit of " + MAX_FRAME_BYTES + ": send less at once");
        }
        sending.lock();
        try {
            // one lock around both: OkHttp closes the connection when its queue is full, so it must never be
            return state == State.OPEN && hasRoomFor(frame, size) && socket.send(frame);
        } finally {
            sending.unlock();
        }
    }

    private boolean hasRoomFor(String frame, long atMost) {
        long queued = socket.queueSize();
        return queued + atMost <= MAX_FRAME_BYTES || queued + Utf8.size(frame) <= MAX_FRAME_BYTES;
    }

    @Override
    public long queuedBytes() {
        return state == State.CONNECTING ? 0 : socket.queueSize();
    }

    @Override
    public void close(int code, String reason) {
        if (!mayBeSent(code)) {
            throw new IllegalArgumentException(
                    "Close code " + code + " cannot be sent: use 1000, or 3000 to 4999 for what the protocol has no code for");
        }
        sending.lock();
        try {
            if (state == State.CLOSING) {
                return;
            }
            String fitting = fitting(reason);
            if (state == State.OPEN) {
                asked = new Close(code, fitting, false);
                socket.close(code, fitting);
            } else {
                asked = new Close(code, fitting, true);
                socket.cancel();
            }
            state = State.CLOSING;
        } finally {
            sending.unlock();
        }
    }

    @Override
    public void abort() {
        sending.lock();
        try {
            aborted = true;
            state = State.CLOSING;
            socket.cancel();
        } finally {
            sending.unlock();
        }
    }

    /**
     * On the reader's thread: a message was too big and did not reach OkHttp, which will read a close frame instead.
     *
     * @param messages how many there were before it; OkHttp may not have come to them yet
     */
    void refuseAfter(long messages) {
        tooBig = true;
        lastMessage = messages;
    }

    @Override
    public void onOpen(WebSocket webSocket, Response response) {
        sending.lock();
        try {
            if (state != State.CONNECTING) {
                return; // given up meanwhile: onFailure is on its way
            }
            socket = webSocket;
            state = State.OPEN;
        } finally {
            sending.unlock();
        }
        tell(listener::onOpen);
    }

    @Override
    public void onMessage(WebSocket webSocket, String text) {
        if (text.length() > maxMessageSize) {
            // only with compression: what arrived was small enough
            tooBig = true;
            end(webSocket, FrameLimiter.TOO_BIG, null);
        } else if (++messages <= lastMessage) {
            tell(() -> listener.onFrame(text));
        }
    }

    @Override
    public void onMessage(WebSocket webSocket, ByteString bytes) {
        if (++messages <= lastMessage) {
            tell(() -> listener.onBinary(bytes.size()));
        }
    }

    @Override
    public void onClosing(WebSocket webSocket, int code, String reason) {
        end(webSocket, code, reason);
    }

    /**
     * The peer's close frame is the last that comes, so this is the end for the listener; that our answer can still be
     * written is not certain and of no interest to it.
     */
    private void end(WebSocket webSocket, int code, String reason) {
        state = State.CLOSING;
        webSocket.close(mayBeSent(code) ? code : NORMAL, tooBig ? "message too big" : null);
        if (tooBig) {
            TransportException failure = messageTooBig(null);
            tellLast(() -> listener.onFailure(failure));
        } else {
            tellLast(() -> listener.onClosed(code, reason));
        }
    }

    /** Codes such as 1005, "there was none", exist only on paper. */
    private static boolean mayBeSent(int code) {
        return code >= NORMAL && code <= 1014 && (code < 1004 || code > 1006) || code >= 3000 && code <= 4999;
    }

    @Override
    public void onFailure(WebSocket webSocket, Throwable t, Response response) {
        boolean opened = state != State.CONNECTING;
        state = State.CLOSING;
        Close close = asked;
        if (close != null && (close.beforeOpen || webSocket.queueSize() == 0)) {
            // we wanted it to end, and nothing of what we sent was left behind
            tellLast(() -> listener.onClosed(close.code, close.reason == null ? "" : close.reason));
            return;
        }
        TransportException failure = failure(t, response, opened);
        tellLast(() -> listener.onFailure(failure));
    }

    private TransportException failure(Throwable t, Response response, boolean opened) {
        if (response != null && response.code() != 101) {
            return HandshakeRefusal.of(response, address, clock, t);
        }
        if (tooBig) {
            return messageTooBig(t);
        }
        if (t instanceof ProxyRefusedException) {
            return new TransportException(
                    "No connection to " + address + ": " + t.getMessage(), PROXY_LOGIN, null, null, -1, t);
        }
        if (t instanceof CredentialsException none) {
            return new TransportException(
                    "No connection to " + address + ": " + t.getMessage(), none.isPassing() ? 0 : UNAUTHORIZED, null, null, -1, t);
        }
        if (aborted) {
            return new TransportException("Connection to " + address + " was dropped on our side", t);
        }
        String what = opened ? "Connection to " + address + " was lost: " : "No connection to " + address + ": ";
        return new TransportException(what + t, t);
    }

    private TransportException messageTooBig(Throwable t) {
        return new TransportException(
                "Message from " + address + " is larger than maxMessageSize, " + maxMessageSize + " bytes: closed with "
                                      + FrameLimiter.TOO_BIG,
                t);
    }

    private void tell(Runnable call) {
        telling.lock();
        try {
            if (!told) {
                call.run();
            }
        } catch (Error broken) {
            // OkHttp ends the connection and tells nobody: who listens would wait for ever
            if (!told) {
                told = true;
                state = State.CLOSING;
                listener.onFailure(new TransportException(
                        "Connection to " + address + " was given up after " + broken.getClass().getName(), broken));
            }
            throw broken;
        } finally {
            telling.unlock();
        }
    }

    private void tellLast(Runnable call) {
        tell(() -> {
            told = true;
            call.run();
        });
    }

    private static String fitting(String reason) {
        String fitting = reason;
        while (fitting != null && Utf8.size(fitting) > MAX_REASON) {
            fitting = fitting.substring(0, fitting.length() - 1);
        }
        return fitting;
    }

    @Override
    public String toString() {
        return "WebSocketTransport[" + address + ", " + state + "]";
    }
}
