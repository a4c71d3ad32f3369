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

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** One TCP connection in the hands of a {@link Fault}. Not thread-safe but where it says so. */
public final class RawConnection {

    private static final String KEY_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int BUFFER = 1 << 16;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private final List<String> received;
    private final CountDownLatch serverClosed;
    private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private volatile int pingsAnswered;
    private String requestLine = "";

    RawConnection(Socket socket, List<String> received, CountDownLatch serverClosed) throws IOException {
        this.socket = socket;
        this.received = received;
        this.serverClosed = serverClosed;
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), BUFFER));
        out = new BufferedOutputStream(socket.getOutputStream(), BUFFER);
    }

    /** Reads the request and answers 101, whatever it asks for. */
    public void upgrade() throws IOException {
        readRequest();
        sendBytes(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                + accept(headers.getOrDefault("Sec-WebSocket-Key", "")) + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    /** Reads the HTTP request without answering. */
    public void readRequest() throws IOException {
        requestLine = readLine();
        for (String line = readLine(); !line.isEmpty(); line = readLine()) {
            int colon = line.indexOf(':');
            headers.put(line.substring(0, colon).trim(), line.substring(colon + 1).trim());
        }
    }

    /** The request line, empty before the request has been read. */
    public String requestLine() {
        return requestLine;
    }

    /** The request's headers, by names in any case. */
    public Map<String, String> headers() {
        return headers;
    }

    public void sendText(String text) throws IOException {
        send(RawFrame.text(text));
    }

    public void send(RawFrame frame) throws IOException {
        out.write(RawFrame.header(frame.fin(), frame.opcode(), frame.payload().length));
        out.write(frame.payload());
        out.flush();
    }

    /** Puts a text frame into the buffer only; {@link #flush} or a full buffer sends it. For floods. */
    public void bufferText(String text) throws IOException {
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        out.write(RawFrame.header(true, RawFrame.TEXT, payload.length));
        out.write(payload);
    }

    public void flush() throws IOException {
        out.flush();
    }

    /** Sends bytes as they are, frame or not. */
    public void sendBytes(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    /**
     * The next text message of the client. Pings met on the way are answered.
     *
     * @throws EOFException if the client closes instead
     */
    public String readText() throws IOException {
        StringBuilder message = new StringBuilder();
        while (true) {
            RawFrame frame = RawFrame.read(in);
            switch (frame.opcode()) {
                case RawFrame.PING -> {
                    send(new RawFrame(true, RawFrame.PONG, frame.payload()));
                    pingsAnswered++;
                }
                case RawFrame.CLOSE -> {
                    send(frame);
                    throw new EOFException("The client has closed");
                }
                case RawFrame.TEXT, RawFrame.CONTINUATION -> {
                    message.append(frame.text());
                    if (frame.fin()) {
                        received.add(message.toString());
                        return message.toString();
                    }
                }
                default -> { }
            }
        }
    }

    /** Pings met and answered so far. Any thread. */
    public int pingsAnswered() {
        return pingsAnswered;
    }

    /** Reads until an event of this type has come. */
    public JsonNode await(String type) throws IOException {
        JsonNode event = JSON.readTree(readText());
        while (!event.path("type").asText().equals(type)) {
            event = JSON.readTree(readText());
        }
        return event;
    }

    /** Goes on reading and answering pings until the client closes. */
    public void serveUntilClosed() throws IOException {
        while (true) {
            readText();
        }
    }

    /** Does nothing at all, reading included, until the server is closed. */
    public void freeze() throws InterruptedException {
        serverClosed.await();
    }

    /** Closes with a TCP reset. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Closes the TCP connection in order, but without a close frame. */
    public void drop() throws IOException {
        socket.close();
    }

    private String readLine() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.readUnsignedByte(); c != '\n'; c = in.readUnsignedByte()) {
            line.append((char) c);
        }
        return line.toString().stripTrailing();
    }

    private static String accept(String key) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            return Base64.getEncoder().encodeToString(sha1.digest((key + KEY_SUFFIX).getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-1", e);
        }
    }
}
