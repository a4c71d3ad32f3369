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

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A WebSocket peer without manners: writes what it is told, at any size, and reads only when asked. */
final class RawServer implements AutoCloseable {

    interface Script {
        void run(Connection connection) throws Exception;
    }

    private final ServerSocket server;
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger accepted = new AtomicInteger();

    RawServer(Script script) throws IOException {
        server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        executor.execute(() -> accept(script));
    }

    URI uri() {
        return URI.create("ws://" + server.getInetAddress().getHostAddress() + ":" + server.getLocalPort()
                          + "/v1/realtime?model=gpt-realtime");
    }

    /** Connections whose script has not ended. */
    int open() {
        return open.get();
    }

    int accepted() {
        return accepted.get();
    }

    private void accept(Script script) {
        try {
            while (true) {
                Socket socket = server.accept();
                accepted.incrementAndGet();
                open.incrementAndGet();
                executor.execute(() -> run(script, socket));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void run(Script script, Socket socket) {
        try (socket) {
            script.run(new Connection(socket));
        } catch (Exception e) {
            // the client went away, or the test is over: what it should have seen the test asserts
        } finally {
            open.decrementAndGet();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        executor.shutdownNow();
    }

    record Frame(int opcode, byte[] payload) {

        String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }

        int closeCode() {
            return opcode == 8 ? ByteBuffer.wrap(payload).getShort() & 0xffff : -1;
        }
    }

    static final class Connection {

        final Socket socket;
        final DataInputStream in;
        final OutputStream out;

        Connection(Socket socket) throws IOException {
            this.socket = socket;
            this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            this.out = socket.getOutputStream();
        }

        /** Reads the request's head. */
        String request() throws IOException {
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                head.write(in.readByte());
            }
            return head.toString(StandardCharsets.ISO_8859_1);
        }

        String upgrade() throws IOException {
            String request = request();
            String key = request.replaceFirst("(?s).*Sec-WebSocket-Key: (\\S+).*", "$1");
            write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                  + accept(key) + "\r\n\r\n");
            return request;
        }

        private static String accept(String key) {
            try {
                return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1")
                        .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII)));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }

        void write(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
        }

        void frame(int opcode, boolean last, byte[] payload) throws IOException {
            header(opcode, last, payload.length);
            out.write(payload);
            out.flush();
        }

        void text(String text) throws IOException {
            frame(1, true, text.getBytes(StandardCharsets.UTF_8));
        }

        void header(int opcode, boolean last, long length) throws IOException {
            ByteBuffer header = ByteBuffer.allocate(10).put((byte) (opcode | (last ? 0x80 : 0)));
            if (length < 126) {
                header.put((byte) length);
            } else if (length < 65_536) {
                header.put((byte) 126).putShort((short) length);
            } else {
                header.put((byte) 127).putLong(length);
            }
            out.write(header.array(), 0, header.position());
            out.flush();
        }

        void close(int code, String reason) throws IOException {
            byte[] text = reason.getBytes(StandardCharsets.UTF_8);
            frame(8, true, ByteBuffer.allocate(2 + text.length).putShort((short) code).put(text).array());
        }

        /** The next frame of the client, unmasked. */
        Frame read() throws IOException {
            int first = in.readUnsignedByte();
            long length = in.readUnsignedByte() & 0x7f;
            if (length == 126) {
                length = in.readUnsignedShort();
            } else if (length == 127) {
                length = in.readLong();
            }
            byte[] mask = in.readNBytes(4);
            byte[] payload = in.readNBytes((int) length);
            for (int i = 0; i < payload.length; i++) {
                payload[i] ^= mask[i & 3];
            }
            return new Frame(first & 0x0f, payload);
        }

        /** Reads until the client hangs up. */
        void drain() throws IOException {
            byte[] waste = new byte[8192];
            while (in.read(waste) >= 0) {
                // nothing is kept
            }
        }
    }
}
