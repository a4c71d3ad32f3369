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
import java.util.Objects;

/** The audio of a stream whose header has been read, or that never had one. */
final class AudioData implements AudioReader {

    private final InputStream in;
    private final String container;
    private final AudioFormat format;
    private final long dataBytes;
    private long position;

    /**
     * @param container for messages
     * @param dataBytes how many bytes there must be, -1 for as many as come
     */
    AudioData(InputStream in, String container, AudioFormat format, long dataBytes) {
        this.in = in;
        this.container = container;
        this.format = format;
        this.dataBytes = dataBytes;
    }

    @Override
    public AudioFormat format() {
        return format;
    }

    @Override
    public long dataBytes() {
        return dataBytes;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        if (length == 0) {
            return 0;
        }
        int wanted = length;
        if (dataBytes >= 0) {
            wanted = (int) Math.min(length, dataBytes - position);
            if (wanted == 0) {
                return -1;
            }
        }
        int n = in.read(buffer, offset, wanted);
        if (n > 0) {
            position += n;
        } else if (n < 0 && dataBytes >= 0) {
            throw new AudioFormatException("truncated: the " + container + " file's header promises " + dataBytes
                                           + " bytes of audio, " + position + " arrived; send the whole file, or declare what "
                                           + "is there as raw audio without the header");
        }
        return n;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
