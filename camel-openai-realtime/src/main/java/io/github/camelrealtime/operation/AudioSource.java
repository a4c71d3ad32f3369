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
package io.github.camelrealtime.operation;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.file.Path;

import io.github.camelrealtime.audio.AudioFormatException;
import org.apache.camel.Exchange;
import org.apache.camel.StreamCache;
import org.apache.camel.WrappedFile;

/**
 * Where the audio of a message comes from. Nothing has been read of it yet.
 *
 * @param piece  the audio, if it is a piece of a stream that goes on; {@code null} for a recording
 * @param stream the recording, or {@code null}
 * @param live   whether nobody can say how much it is and when it comes: a read may block, as with a device or with another
 *               program's output. Files, stream caches and arrays are not live
 */
record AudioSource(byte[] piece, InputStream stream, boolean live) {

    private static final String EXPECTED = "; audio is expected as byte[], ByteBuffer, InputStream, File or Path";

    /**
     * Looks at the body of an exchange.
     *
     * @throws AudioFormatException if that is no audio; it names the type of the body and nothing of its content
     */
    static AudioSource of(Exchange exchange) throws AudioFormatException {
        Object body = exchange.getMessage().getBody();
        if (body == null) {
            throw new AudioFormatException("The message has no body" + EXPECTED);
        }
        if (body instanceof CharSequence || body instanceof Reader || body instanceof char[]) {
            throw new AudioFormatException("The body is text (" + body.getClass().getSimpleName() + ")" + EXPECTED
                                           + ". operation=send-text says text to the model");
        }
        if (body instanceof byte[] bytes) {
            return new AudioSource(bytes, null, false);
        }
        if (body instanceof ByteBuffer buffer) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.duplicate().get(bytes);
            return new AudioSource(bytes, null, false);
        }
        return new AudioSource(null, stream(exchange, body), !isBounded(body));
    }

    private static InputStream stream(Exchange exchange, Object body) throws AudioFormatException {
        try {
            return Bodies.stream(exchange, body);
        } catch (IllegalArgumentException e) {
            throw new AudioFormatException(e.getMessage() + EXPECTED);
        }
    }

    private static boolean isBounded(Object body) {
        return body instanceof File || body instanceof Path || body instanceof WrappedFile || body instanceof StreamCache
                || body instanceof ByteArrayInputStream || body instanceof FileInputStream;
    }
}
