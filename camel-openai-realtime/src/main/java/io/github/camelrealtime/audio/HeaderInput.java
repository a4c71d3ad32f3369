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
package io.github.camelrealtime.audio;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Reads the header of an audio file; where it is cut the message says so, and where. */
final class HeaderInput {

    /** Larger than any real header chunk; a broken size must not reserve memory. */
    private static final int MAX_CHUNK = 64 * 1024;
    private static final int SCRAP = 8 * 1024;

    private final InputStream in;
    private final String container;

    HeaderInput(InputStream in, String container) {
        this.in = in;
        this.container = container;
    }

    /** As many bytes as the header must have here. */
    byte[] read(int length, String where) throws IOException {
        byte[] bytes = new byte[length];
        if (in.readNBytes(bytes, 0, length) < length) {
            throw truncated("inside " + where);
        }
        return bytes;
    }

    /** The eight bytes before a chunk; {@code null} at the end of the stream. */
    byte[] chunkHeader() throws IOException {
        byte[] header = new byte[8];
        int n = in.readNBytes(header, 0, header.length);
        if (n == 0) {
            return null;
        }
        if (n < header.length) {
            throw truncated("inside a chunk header");
        }
        return header;
    }

    /** A chunk that is needed, with its padding. */
    byte[] chunk(String name, long size) throws IOException {
        if (size > MAX_CHUNK) {
            throw refused("'s " + name + " chunk claims " + size + " bytes");
        }
        byte[] chunk = read((int) size, "its " + name + " chunk");
        skip(size & 1);
        return chunk;
    }

    void skip(long bytes) throws IOException {
        long left = bytes;
        byte[] scrap = new byte[(int) Math.min(left, SCRAP)];
        while (left > 0) {
            int n = in.read(scrap, 0, (int) Math.min(left, scrap.length));
            if (n < 0) {
                throw truncated("before its audio");
            }
            left -= n;
        }
    }

    /** @param why goes on where "the WAV file" ends; what to do is added */
    AudioFormatException refused(String why) {
        return new AudioFormatException("the " + container + " file" + why + "; " + ForeignFormats.REMEDY);
    }

    private AudioFormatException truncated(String where) {
        return new AudioFormatException("truncated: the " + container + " file ends " + where + "; send the whole file");
    }

    static boolean hasWord(byte[] bytes, int at, String word) {
        for (int i = 0; i < word.length(); i++) {
            if (at + i >= bytes.length || bytes[at + i] != (byte) word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    static String word(byte[] bytes, int at) {
        return new String(bytes, at, 4, StandardCharsets.ISO_8859_1);
    }

    static int bigUint16(byte[] bytes, int at) {
        return (bytes[at] & 0xFF) << 8 | (bytes[at + 1] & 0xFF);
    }

    static long bigUint32(byte[] bytes, int at) {
        return (long) bigUint16(bytes, at) << 16 | bigUint16(bytes, at + 2);
    }
}
