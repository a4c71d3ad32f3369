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
package io.github.camelrealtime.simulator.fault;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * One WebSocket frame (RFC 6455 section 5.2), right or wrong.
 *
 * @param fin     whether it ends its message
 * @param opcode  {@link #TEXT}, {@link #CLOSE}, …
 * @param payload unmasked
 */
public record RawFrame(boolean fin, int opcode, byte[] payload) {

    public static final int CONTINUATION = 0;
    public static final int TEXT = 1;
    public static final int BINARY = 2;
    public static final int CLOSE = 8;
    public static final int PING = 9;
    public static final int PONG = 10;

    private static final int FIN = 0x80;
    private static final int MASKED = 0x80;
    private static final int LENGTH_16 = 126;
    private static final int LENGTH_64 = 127;
    private static final int LARGEST_HEADER = 10;

    /** A whole text message. */
    public static RawFrame text(String text) {
        return new RawFrame(true, TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    /** A close frame. */
    public static RawFrame close(int code, String reason) {
        byte[] words = reason.getBytes(StandardCharsets.UTF_8);
        return new RawFrame(true, CLOSE, ByteBuffer.allocate(2 + words.length).putShort((short) code).put(words).array());
    }

    /** The payload as text. */
    public String text() {
        return new String(payload, StandardCharsets.UTF_8);
    }

    /** The header an unmasked frame of this length has. */
    public static byte[] header(boolean fin, int opcode, long length) {
        ByteBuffer header = ByteBuffer.allocate(LARGEST_HEADER).put((byte) (opcode | (fin ? FIN : 0)));
        if (length < LENGTH_16) {
            header.put((byte) length);
        } else if (length <= 0xFFFF) {
            header.put((byte) LENGTH_16).putShort((short) length);
        } else {
            header.put((byte) LENGTH_64).putLong(length);
        }
        byte[] bytes = new byte[header.position()];
        header.flip().get(bytes);
        return bytes;
    }

    /** Header and payload, not masked, as a server sends them. */
    public byte[] toBytes() {
        byte[] header = header(fin, opcode, payload.length);
        return ByteBuffer.allocate(header.length + payload.length).put(header).put(payload).array();
    }

    /** Reads one frame of a client. */
    static RawFrame read(DataInputStream in) throws IOException {
        int first = in.readUnsignedByte();
        int second = in.readUnsignedByte();
        long length = second & ~MASKED;
        if (length == LENGTH_16) {
            length = in.readUnsignedShort();
        } else if (length == LENGTH_64) {
            length = in.readLong();
        }
        byte[] mask = new byte[(second & MASKED) == 0 ? 0 : 4];
        in.readFully(mask);
        byte[] payload = new byte[Math.toIntExact(length)];
        in.readFully(payload);
        for (int i = 0; i < payload.length && mask.length > 0; i++) {
            payload[i] ^= mask[i % mask.length];
        }
        return new RawFrame((first & FIN) != 0, first & 0x0F, payload);
    }
}
