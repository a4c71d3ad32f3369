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
package io.github.camelrealtime.event;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * The fast way for audio deltas. A JSON parser walks each of the thousands of base64 characters of such a frame; this
 * one reads the few short members and finds the end of the audio by its closing quote.
 *
 * <p>It knows flat objects whose first member is the type of an audio delta and whose other members are the ones it
 * expects, once each, as plain strings and integers. Anything else, be it an escape, a null, an unknown member or plain
 * nonsense, makes {@link #scan(String)} answer {@code null}: the frame then goes to the full parse, which also finds the
 * words for what is wrong. Hence both ways give the same for every frame, which a differential test checks.
 */
final class AudioDeltaScanner {

    /** Longer ones are not ids. Bounds what a hostile frame can make us look at twice. */
    private static final int MAX_STRING = HeadReader.LONGEST_ID;
    /** Nine digits always fit an int. */
    private static final int MAX_DIGITS = 9;
    /** Base64 characters whose working memory is kept by the thread, some 2 s of 24 kHz audio; longer ones get their own. */
    private static final int MAX_KEPT = 128 * 1024;
    private static final int CHARS = 2048;

    // only JDK types: a value of our own would pin our class loader to the threads of a pool
    private static final ThreadLocal<byte[]> BASE64 = new ThreadLocal<>();
    private static final ThreadLocal<char[]> PIECE = new ThreadLocal<>();

    private final String frame;
    private int at;
    private EventHead head;
    private byte[] audio;

    private AudioDeltaScanner(String frame) {
        this.frame = frame;
    }

    /** The event, or {@code null} if the frame is not of the plain kind. */
    static ServerEvent scan(String frame) {
        AudioDeltaScanner scanner = new AudioDeltaScanner(frame);
        return scanner.readObject() ? new ServerEvent(scanner.head, scanner.audio, frame, null, false) : null;
    }

    private boolean readObject() {
        if (!take('{') || !"type".equals(string()) || !take(':')) {
            return false;
        }
        String type = string();
        if (type == null) {
            return false;
        }
        if (!EventTypes.isAudioDelta(type)) {
            if (!FormerNames.isAudioDelta(type)) {
                return false;
            }
            type = EventTypes.RESPONSE_OUTPUT_AUDIO_DELTA;
        }
        head = new EventHead(type);
        while (take(',')) {
            String name = string();
            if (name == null || !take(':') || !readMember(name)) {
                return false;
            }
        }
        return take('}') && atEnd() && audio != null;
    }

    /** Each member once: which of two the parser would keep is its business. */
    private boolean readMember(String name) {
        return switch (name) {
            case "event_id" -> head.eventId == null && (head.eventId = string()) != null;
            case "item_id" -> head.itemId == null && (head.itemId = string()) != null;
            case "response_id" -> head.responseId == null && (head.responseId = string()) != null;
            case "output_index" -> head.outputIndex == null && (head.outputIndex = integer()) != null;
            case "content_index" -> head.contentIndex == null && (head.contentIndex = integer()) != null;
            case "delta" -> audio == null && (audio = base64()) != null;
            case "format", "obfuscation" -> string() != null;
            case "sample_rate", "channels", "elapsed_ms" -> integer() != null;
            default -> false;
        };
    }

    private boolean take(char expected) {
        skipBlanks();
        if (at < frame.length() && frame.charAt(at) == expected) {
            at++;
            return true;
        }
        return false;
    }

    private boolean atEnd() {
        skipBlanks();
        return at == frame.length();
    }

    private void skipBlanks() {
        while (at < frame.length()) {
            char c = frame.charAt(at);
            if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
                return;
            }
            at++;
        }
    }

    private String string() {
        if (!take('"')) {
            return null;
        }
        int limit = Math.min(frame.length(), at + MAX_STRING);
        for (int i = at; i < limit; i++) {
            char c = frame.charAt(i);
            if (c == '"') {
                String value = frame.substring(at, i);
                at = i + 1;
                return value;
            }
            if (c == '\\' || c < ' ') {
                return null;
            }
        }
        return null;
    }

    private Integer integer() {
        skipBlanks();
        int start = at;
        int value = 0;
        while (at < frame.length() && frame.charAt(at) >= '0' && frame.charAt(at) <= '9') {
            if (at - start == MAX_DIGITS) {
                return null;
            }
            value = value * 10 + frame.charAt(at++) - '0';
        }
        boolean leadingZero = at - start > 1 && frame.charAt(start) == '0';
        return at == start || leadingZero ? null : Integer.valueOf(value);
    }

    private byte[] base64() {
        if (!take('"')) {
            return null;
        }
        int end = frame.indexOf('"', at);
        if (end < 0) {
            return null;
        }
        byte[] decoded = decode(frame, at, end);
        at = end + 1;
        return decoded;
    }

    private static byte[] decode(String frame, int from, int to) {
        byte[] bytes = base64Memory(to - from);
        ByteBuffer in = ByteBuffer.wrap(bytes, 0, to - from);
        if (!copy(frame, from, to, in)) {
            return null;
        }
        in.flip();
        try {
            ByteBuffer out = Base64.getDecoder().decode(in);
            return out.limit() == out.array().length ? out.array() : Arrays.copyOf(out.array(), out.limit());
        } catch (IllegalArgumentException e) {
            // an escape, or no base64 at all: the full parse tells them apart
            return null;
        }
    }

    /**
     * Copies characters as bytes, false if one does not fit into a byte. {@code String.getBytes(from, to, bytes, 0)} would
     * cut U+0141 down to 'A' and call it base64. Both steps work on whole vectors of characters.
     */
    private static boolean copy(String frame, int from, int to, ByteBuffer target) {
        char[] piece = PIECE.get();
        if (piece == null) {
            piece = new char[CHARS];
            PIECE.set(piece);
        }
        CharsetEncoder encoder = StandardCharsets.ISO_8859_1.newEncoder();
        for (int start = from; start < to; start += CHARS) {
            int length = Math.min(CHARS, to - start);
            frame.getChars(start, start + length, piece, 0);
            if (encoder.encode(CharBuffer.wrap(piece, 0, length), target, false).isError()) {
                return false;
            }
        }
        return target.remaining() == 0;
    }

    private static byte[] base64Memory(int length) {
        if (length > MAX_KEPT) {
            return new byte[length];
        }
        byte[] bytes = BASE64.get();
        if (bytes == null || bytes.length < length) {
            bytes = new byte[Math.max(CHARS, Integer.highestOneBit(Math.max(1, length - 1)) << 1)];
            BASE64.set(bytes);
        }
        return bytes;
    }
}
