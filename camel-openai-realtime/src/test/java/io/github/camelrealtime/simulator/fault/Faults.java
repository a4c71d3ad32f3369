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

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Ready-made faults. Unless said otherwise each one opens a session as the service does, with {@code session.created} and a
 * {@code session.updated} for the client's first {@code session.update}, before it goes wrong.
 */
public final class Faults {

    private static final String SESSION = "{\"type\":\"realtime\",\"object\":\"realtime.session\","
            + "\"id\":\"sess_RawRawRawRawRawRaw001\",\"model\":\"gpt-realtime\",\"output_modalities\":[\"audio\"],"
            + "\"instructions\":\"\",\"tools\":[],\"tool_choice\":\"auto\",\"max_output_tokens\":\"inf\",\"tracing\":null,"
            + "\"truncation\":\"auto\",\"prompt\":null,\"expires_at\":4102444800,\"audio\":{\"input\":{\"format\":"
            + "{\"type\":\"audio/pcm\",\"rate\":24000},\"transcription\":null,\"noise_reduction\":null,"
            + "\"turn_detection\":null},\"output\":{\"format\":{\"type\":\"audio/pcm\",\"rate\":24000},"
            + "\"voice\":\"alloy\",\"speed\":1.0}},\"include\":null}";
    private static final String SPEECH_STARTED = "{\"type\":\"input_audio_buffer.speech_started\",\"event_id\":\"event_%d\","
            + "\"audio_start_ms\":0,\"item_id\":\"item_raw\"}";
    private static final int PROTOCOL_RESERVED_BIT = 0x40;

    private Faults() {
    }

    /** No fault: opens a session and reads on until the client closes. */
    public static Fault none() {
        return configured(RawConnection::serveUntilClosed);
    }

    /** Accepts the TCP connection and reads the request, but never answers. */
    public static Fault silentHandshake() {
        return connection -> {
            connection.readRequest();
            connection.freeze();
        };
    }

    /** Sends one text frame of so many bytes, a {@code conversation.item.retrieved} with audio, then behaves. */
    public static Fault hugeFrame(int bytes) {
        return configured(connection -> {
            String head = "{\"type\":\"conversation.item.retrieved\",\"event_id\":\"event_huge\",\"item\":{\"id\":\"item_raw\","
                    + "\"type\":\"message\",\"status\":\"completed\",\"role\":\"user\",\"content\":[{\"type\":\"input_audio\","
                    + "\"transcript\":null,\"audio\":\"";
            String tail = "\"}]}}";
            // whole base64 groups, so that the audio can be decoded
            int audio = (bytes - head.length() - tail.length()) / 4 * 4;
            byte[] letters = new byte[audio];
            Arrays.fill(letters, (byte) 'A');
            connection.sendText(head + new String(letters, StandardCharsets.US_ASCII) + tail);
            connection.serveUntilClosed();
        });
    }

    /** Sends one event in fragments of so many bytes with a ping between each two, then behaves. */
    public static Fault fragmented(int bytes) {
        return configured(connection -> {
            byte[] event = String.format(SPEECH_STARTED, 1).getBytes(StandardCharsets.UTF_8);
            for (int at = 0; at < event.length; at += bytes) {
                int end = Math.min(event.length, at + bytes);
                connection.send(new RawFrame(end == event.length, at == 0 ? RawFrame.TEXT : RawFrame.CONTINUATION,
                        Arrays.copyOfRange(event, at, end)));
                if (end < event.length) {
                    connection.send(new RawFrame(true, RawFrame.PING, new byte[0]));
                }
            }
            connection.serveUntilClosed();
        });
    }

    /** Announces a frame, sends its first bytes and drops the connection. */
    public static Fault cutFrame() {
        return configured(connection -> {
            byte[] event = RawFrame.text(String.format(SPEECH_STARTED, 1)).toBytes();
            connection.sendBytes(Arrays.copyOf(event, event.length / 2));
            connection.drop();
        });
    }

    /** Sends a text frame that is not UTF-8. */
    public static Fault invalidUtf8() {
        return configured(connection -> {
            // an opening byte of two, followed by none that could continue it
            byte[] payload = "{\"type\":\"session.updated\",\"x\":\"\u00C3(\"}".getBytes(StandardCharsets.ISO_8859_1);
            connection.send(new RawFrame(true, RawFrame.TEXT, payload));
            connection.serveUntilClosed();
        });
    }

    /** Sends a text frame that breaks off as JSON, then a good event, then behaves. */
    public static Fault malformedJson() {
        return configured(connection -> {
            connection.sendText("{\"type\":\"response.output_text.delta\",\"delta\":");
            connection.sendText(String.format(SPEECH_STARTED, 1));
            connection.serveUntilClosed();
        });
    }

    /** Sends a frame with a reserved bit set, which a client must answer with 1002. */
    public static Fault reservedBit() {
        return configured(connection -> {
            byte[] frame = RawFrame.text(String.format(SPEECH_STARTED, 1)).toBytes();
            frame[0] |= PROTOCOL_RESERVED_BIT;
            connection.sendBytes(frame);
            connection.serveUntilClosed();
        });
    }

    /** Stops reading and answering pings, but keeps the connection. */
    public static Fault halfOpen() {
        return configured(RawConnection::freeze);
    }

    /** Never reads a frame, not even the first {@code session.update}, which it confirms all the same. */
    public static Fault neverReads() {
        return connection -> {
            connection.upgrade();
            created(connection);
            connection.sendText("{\"type\":\"session.updated\",\"event_id\":\"event_updated\",\"session\":" + SESSION + "}");
            connection.freeze();
        };
    }

    /**
     * Sends small events as fast as the connection takes them, then behaves.
     *
     * @param events how many {@code input_audio_buffer.speech_started}, numbered {@code event_0}, {@code event_1}, …
     */
    public static Fault flood(int events) {
        return configured(connection -> {
            for (int i = 0; i < events; i++) {
                connection.bufferText(String.format(SPEECH_STARTED, i));
            }
            connection.flush();
            connection.serveUntilClosed();
        });
    }

    /** Resets the TCP connection. */
    public static Fault reset() {
        return configured(RawConnection::reset);
    }

    /** Resets the TCP connection in the middle of the handshake. */
    public static Fault resetDuringHandshake() {
        return connection -> {
            connection.readRequest();
            connection.reset();
        };
    }

    /** Closes with any code, also those a library would refuse to send, such as 1006 or 1015. */
    public static Fault close(int code, String reason) {
        return configured(connection -> {
            connection.send(RawFrame.close(code, reason));
            connection.serveUntilClosed();
        });
    }

    /** A close frame whose payload is a single byte, which is illegal. */
    public static Fault brokenClose() {
        return configured(connection -> {
            connection.send(new RawFrame(true, RawFrame.CLOSE, new byte[1]));
            connection.serveUntilClosed();
        });
    }

    /** Opens a session as the service does, then does something else. */
    public static Fault configured(Fault then) {
        return connection -> {
            connection.upgrade();
            created(connection);
            JsonNode update = connection.await("session.update");
            connection.sendText("{\"type\":\"session.updated\",\"event_id\":\"event_updated\",\"session\":"
                    + update.path("session") + "}");
            then.strike(connection);
        };
    }

    private static void created(RawConnection connection) throws IOException {
        connection.sendText("{\"type\":\"session.created\",\"event_id\":\"event_created\",\"session\":" + SESSION + "}");
    }
}
