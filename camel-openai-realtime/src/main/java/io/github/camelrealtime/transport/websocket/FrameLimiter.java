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
import java.util.function.LongConsumer;

import okio.Buffer;
import okio.ForwardingSource;
import okio.Source;

/**
 * Bounds what comes in. OkHttp collects a whole message in memory, however large, before anyone can look at it; so this
 * stands between socket and OkHttp, follows the frame headers in the stream of bytes, and lets nothing of a message pass
 * that is announced larger than the limit. In its place OkHttp reads a close frame with code 1009, and then the end:
 * thus it ends the connection in good order, answering 1009 to the peer.
 *
 * <p>Read by one thread, the connection's reader.
 */
final class FrameLimiter extends ForwardingSource {

    /** RFC 6455 §7.4.1: a message too big to process. */
    static final int TOO_BIG = 1009;

    /** Two bytes and the longest form of the length. A server does not mask, so there is no key. */
    private static final int MAX_HEADER = 10;

    private final long maxMessageBytes;
    private final LongConsumer onTooBig;

    /** Bytes of the current frame still to come. */
    private long rest;
    /** Bytes of the current message, all its frames so far. */
    private long message;
    /** Messages that have passed whole. */
    private long complete;
    /** The beginning of a header whose end has not come yet: OkHttp may not see it before it is judged. */
    private final Buffer held = new Buffer();
    private boolean ended;

    /**
     * @param onTooBig called before OkHttp sees the close, with the number of messages before it; what comes beyond that
     *                 number is half a message
     */
    FrameLimiter(Source source, long maxMessageBytes, LongConsumer onTooBig) {
        super(source);
        this.maxMessageBytes = maxMessageBytes;
        this.onTooBig = onTooBig;
    }

    @Override
    public long read(Buffer sink, long byteCount) throws IOException {
        long start = sink.size();
        // a read that brought no more than the beginning of a header has brought nothing yet
        while (sink.size() == start) {
            if (ended) {
                return -1;
            }
            sink.write(held, held.size());
            if (super.read(sink, Math.max(1, byteCount - (sink.size() - start))) == -1) {
                ended = true;
                break;
            }
            follow(sink, start);
        }
        return sink.size() == start ? -1 : sink.size() - start;
    }

    /** Goes from header to header through what has been read. */
    private void follow(Buffer sink, long start) {
        long at = start + rest;
        while (at < sink.size()) {
            int header = headerLength(sink, at);
            if (sink.size() - at < header) {
                hold(sink, at);
                break;
            }
            long length = payloadLength(sink, at, header);
            if (isTooBig(sink.getByte(at), length)) {
                onTooBig.accept(complete);
                endInsteadOf(sink, at);
                return;
            }
            if (isLastOfMessage(sink.getByte(at))) {
                complete++;
            }
            at += header + length;
        }
        rest = at - sink.size();
    }

    private static int headerLength(Buffer sink, long at) {
        if (sink.size() - at < 2) {
            return MAX_HEADER;
        }
        return switch (sink.getByte(at + 1) & 0x7f) {
            case 126 -> 4;
            case 127 -> MAX_HEADER;
            default -> 2;
        };
    }

    /** Negative for lengths beyond 2^63, which are too big in any case. */
    private static long payloadLength(Buffer sink, long at, int header) {
        if (header == 2) {
            return sink.getByte(at + 1) & 0x7f;
        }
        long length = 0;
        for (long i = at + 2; i < at + header; i++) {
            length = length << 8 | sink.getByte(i) & 0xff;
        }
        return length;
    }

    private boolean isTooBig(byte first, long length) {
        int opcode = first & 0x0f;
        boolean control = (opcode & 0x08) != 0;
        if (!control) {
            message = opcode == 0 ? message + length : length;
        }
        return length < 0 || length > maxMessageBytes || !control && message > maxMessageBytes;
    }

    private static boolean isLastOfMessage(byte first) {
        return (first & 0x80) != 0 && (first & 0x08) == 0;
    }

    private void endInsteadOf(Buffer sink, long at) {
        boolean continued = (sink.getByte(at) & 0x0f) == 0;
        cut(sink, at);
        if (continued) {
            // OkHttp wants the message finished before the close
            sink.writeByte(0x80).writeByte(0);
        }
        sink.writeByte(0x88).writeByte(2).writeShort(TOO_BIG);
        ended = true;
    }

    /** Byte by byte: okio's own copy would share the memory that is about to be cut off and written again. */
    private void hold(Buffer sink, long at) {
        for (long i = at; i < sink.size(); i++) {
            held.writeByte(sink.getByte(i));
        }
        cut(sink, at);
    }

    private static void cut(Buffer sink, long at) {
        try (Buffer.UnsafeCursor cursor = sink.readAndWriteUnsafe(new Buffer.UnsafeCursor())) {
            cursor.resizeBuffer(at);
        }
    }
}
