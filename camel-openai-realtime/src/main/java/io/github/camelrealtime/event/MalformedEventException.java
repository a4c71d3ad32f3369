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
package io.github.camelrealtime.event;

/**
 * A frame that is no event: not JSON, not an object, without a string {@code type}, or with audio that is not base64.
 * The connection is none the worse for it. The message says what is wrong and where; it never quotes the frame, which
 * may hold speech, and for the same reason there is no cause.
 */
public class MalformedEventException extends Exception {

    private static final long serialVersionUID = 1L;

    /** What is wrong with a frame, without its details. */
    public enum Kind {
        /** No JSON, nested too deeply, or something follows it. */
        NO_JSON,
        /** JSON, but no object. */
        NO_OBJECT,
        /** Without a {@code type} that is a string. */
        NO_TYPE,
        /** Audio that is not base64. */
        NO_AUDIO,
        /** Binary, where the protocol has text. */
        BINARY
    }

    private final Kind kind;

    public MalformedEventException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Kind getKind() {
        return kind;
    }
}
