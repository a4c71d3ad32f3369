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

import java.io.Closeable;
import java.io.IOException;

/**
 * Audio from a stream, without what stands around it: forward only, without {@code mark}, in flat memory. Not thread-safe.
 */
public interface AudioReader extends Closeable {

    /** What the audio bytes mean. */
    AudioFormat format();

    /** How many bytes of audio the header promises, -1 if it does not say. */
    long dataBytes();

    /**
     * Reads audio, and only audio: cut anywhere, not at whole frames. Blocks as the stream below does.
     *
     * @return                      how many bytes were read, -1 when the audio has ended
     * @throws AudioFormatException if the stream ends before the audio that was promised; all that arrived has been
     *                              returned by earlier calls then
     */
    int read(byte[] buffer, int offset, int length) throws IOException;
}
