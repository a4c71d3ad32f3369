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

import io.github.camelrealtime.audio.AudioContainer;
import io.github.camelrealtime.audio.AudioFormat;

/**
 * What option {@code audioFormat} says of audio bodies.
 *
 * @param kind      how to find the format
 * @param raw       the declared format, for {@link Kind#RAW}
 * @param container the declared kind of file, for {@link Kind#CONTAINER}
 */
public record BodyFormat(Kind kind, AudioFormat raw, AudioContainer container) {

    /** How the format of a body is known. */
    public enum Kind {
        /** From the header if there is one; else byte arrays are in the session's input format, and streams are refused. */
        AUTO,
        /** From its header, which must be there. */
        CONTAINER,
        /** Declared: there is no header. */
        RAW
    }

    public static final BodyFormat AUTO = new BodyFormat(Kind.AUTO, null, null);

    /**
     * Reads {@code auto}, {@code wav}, {@code aiff}, {@code au} or a raw format such as
     * {@code pcm16;rate=16000;channels=2}.
     *
     * @throws IllegalArgumentException if it is none of these
     */
    public static BodyFormat parse(String text) {
        if ("auto".equals(text)) {
            return AUTO;
        }
        AudioContainer container = AudioContainer.ofWord(text);
        if (container != null) {
            return new BodyFormat(Kind.CONTAINER, null, container);
        }
        try {
            return new BodyFormat(Kind.RAW, AudioFormat.parse(text), null);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("Option audioFormat is neither auto, wav, aiff, au nor a raw format. "
                                               + e.getMessage(), e);
        }
    }

    /** In the words of the option. */
    @Override
    public String toString() {
        return switch (kind) {
            case AUTO -> "auto";
            case CONTAINER -> container.word();
            case RAW -> raw.toString();
        };
    }
}
