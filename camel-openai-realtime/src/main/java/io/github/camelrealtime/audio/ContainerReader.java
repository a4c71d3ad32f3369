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

/** What the readers of containers have in common once the header has been read: the rest is its audio. */
abstract class ContainerReader implements AudioReader {

    /** What stands behind the header. */
    abstract AudioData audio();

    @Override
    public AudioFormat format() {
        return audio().format();
    }

    @Override
    public long dataBytes() {
        return audio().dataBytes();
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        return audio().read(buffer, offset, length);
    }

    /** Closes the stream below. */
    @Override
    public void close() throws IOException {
        audio().close();
    }
}
