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
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import okio.Buffer;
import okio.ByteString;
import okio.ForwardingSource;
import okio.Source;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class FrameLimiterTest {

    private static final int LIMIT = 70_000;
    private static final String CLOSE_1009 = "880203f1";

    private final List<Long> tooBigAfter = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(ints = { 1, 2, 3, 7, 10, 100, 8192 })
    @DisplayName("CONN-11 streams within the limit pass unchanged, however they are cut")
    void passesUnchanged(int largestRead) throws IOException {
        Random random = new Random(largestRead);
        Buffer stream = new Buffer();
        for (int i = 0; i < 60; i++) {
            message(stream, random);
        }
        ByteString expected = stream.snapshot();
        assertThat(read(stream, largestRead, random)).isEqualTo(expected);
        assertThat(tooBigAfter).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = { 1, 2, 3, 7, 10, 100, 8192 })
    @DisplayName("CONN-11 in place of a message above the limit stands a close frame, and then the end")
    void closesInsteadOfATooBigMessage(int largestRead) throws IOException {
        Random random = new Random(largestRead);
        Buffer stream = new Buffer();
        for (int i = 0; i < 20; i++) {
            message(stream, random);
        }
        ByteString before = stream.snapshot();
        frame(stream, 1, true, LIMIT + 1);
        frame(stream, 1, true, 5);
        assertThat(read(stream, largestRead, random).hex()).isEqualTo(before.hex() + CLOSE_1009);
        assertThat(tooBigAfter).containsExactly(20L);
    }

    @Test
    @DisplayName("CONN-11 the limit itself is within the limit")
    void theLimitItselfPasses() throws IOException {
        Buffer stream = new Buffer();
        frame(stream, 1, true, LIMIT);
        frame(stream, 1, false, LIMIT - 10);
        frame(stream, 9, true, 125);
        frame(stream, 0, true, 10);
        ByteString expected = stream.snapshot();
        assertThat(read(stream, 8192, new Random(1))).isEqualTo(expected);
    }

    @Test
    @DisplayName("CONN-11 the frames of a message count together; the message is finished before the close")
    void fragmentsCountTogether() throws IOException {
        Buffer stream = new Buffer();
        frame(stream, 1, false, 40_000);
        frame(stream, 9, true, 100);
        frame(stream, 0, false, 30_000);
        ByteString before = stream.snapshot();
        frame(stream, 0, true, 1);
        assertThat(read(stream, 500, new Random(1)).hex()).isEqualTo(before.hex() + "8000" + CLOSE_1009);
        assertThat(tooBigAfter).containsExactly(0L);
    }

    @ParameterizedTest
    @ValueSource(longs = { Long.MIN_VALUE, -1, Long.MAX_VALUE, 1L << 40 })
    @DisplayName("CONN-11 absurd lengths are too big as well, on control frames too")
    void absurdLengths(long length) throws IOException {
        for (int first : new int[] { 0x81, 0x82, 0x89 }) {
            Buffer stream = new Buffer().writeByte(first).writeByte(127).writeLong(length).writeUtf8("whatever");
            assertThat(read(stream, 4, new Random(1)).hex()).isEqualTo(CLOSE_1009);
        }
    }

    @Test
    @DisplayName("CONN-11 a stream that ends within a header ends there")
    void endWithinAHeader() throws IOException {
        Buffer stream = new Buffer();
        frame(stream, 1, true, 5);
        stream.writeByte(0x81).writeByte(126).writeByte(1);
        ByteString expected = stream.snapshot();
        assertThat(read(stream, 8192, new Random(1))).isEqualTo(expected);
        assertThat(read(new Buffer(), 10, new Random(1)).size()).isZero();
    }

    private ByteString read(Buffer stream, int largestRead, Random random) throws IOException {
        Source pieces = new ForwardingSource(stream) {
            @Override
            public long read(Buffer sink, long byteCount) throws IOException {
                return super.read(sink, Math.min(byteCount, 1 + random.nextInt(largestRead)));
            }
        };
        try (Source limited = new FrameLimiter(pieces, LIMIT, tooBigAfter::add)) {
            Buffer collected = new Buffer();
            // as OkHttp reads: now and then it has eaten up what was there
            Buffer sink = new Buffer();
            while (limited.read(sink, 8192) != -1) {
                if (random.nextBoolean()) {
                    collected.write(sink, sink.size());
                } else if (random.nextBoolean()) {
                    collected.write(sink, sink.size() / 2);
                }
            }
            collected.write(sink, sink.size());
            assertThat(limited.read(sink, 8192)).isEqualTo(-1);
            return collected.readByteString();
        }
    }

    private static void message(Buffer stream, Random random) {
        int left = random.nextInt(4) == 0 ? random.nextInt(LIMIT) : random.nextInt(300);
        int opcode = 1 + random.nextInt(2);
        while (random.nextInt(3) == 0) {
            int part = random.nextInt(left + 1);
            frame(stream, opcode, false, part);
            left -= part;
            opcode = 0;
            if (random.nextBoolean()) {
                frame(stream, 9, true, random.nextInt(126));
            }
        }
        frame(stream, opcode, true, left);
    }

    private static void frame(Buffer stream, int opcode, boolean last, int length) {
        stream.writeByte(opcode | (last ? 0x80 : 0));
        if (length < 126) {
            stream.writeByte(length);
        } else if (length < 65_536) {
            stream.writeByte(126).writeShort(length);
        } else {
            stream.writeByte(127).writeLong(length);
        }
        byte[] payload = new byte[length];
        new Random(length).nextBytes(payload);
        stream.write(payload);
    }
}
