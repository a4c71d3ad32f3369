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
package io.github.camelrealtime;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Names of sessions where they come from outside: a URI, or a message. */
final class UriNames {

    /** A name stands in logs, in management and in every exchange. */
    private static final int MAX_LENGTH = 256;
    private static final int ESCAPE_LENGTH = 3;
    private static final int HEX = 16;

    private UriNames() {
    }

    /**
     * Undoes percent escapes, Camel's own among them (it escapes blanks and the like in every URI). A plus stays one; what is
     * no escape, or escapes something else than UTF-8, stays as it is.
     */
    static String decode(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        StringBuilder decoded = new StringBuilder(text.length());
        int at = 0;
        while (at < text.length()) {
            int end = at;
            while (isEscape(text, end)) {
                end += ESCAPE_LENGTH;
            }
            if (end > at) {
                decoded.append(decodeRun(text.substring(at, end)));
                at = end;
            } else {
                decoded.append(text.charAt(at++));
            }
        }
        return decoded.toString();
    }

    private static boolean isEscape(String text, int at) {
        return at + ESCAPE_LENGTH <= text.length() && text.charAt(at) == '%'
                && Character.digit(text.charAt(at + 1), HEX) >= 0 && Character.digit(text.charAt(at + 2), HEX) >= 0;
    }

    private static String decodeRun(String escapes) {
        ByteBuffer bytes = ByteBuffer.allocate(escapes.length() / ESCAPE_LENGTH);
        for (int i = 0; i < escapes.length(); i += ESCAPE_LENGTH) {
            bytes.put((byte) Integer.parseInt(escapes, i + 1, i + ESCAPE_LENGTH, HEX));
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException e) {
            return escapes;
        }
    }

    /**
     * Holds a name that came with a message against what a name may be.
     *
     * @throws IllegalArgumentException saying what is wrong, without repeating the name
     */
    static void check(String name) {
        String wrong = name.indexOf('*') >= 0 ? "holds a wildcard; an operation needs one session"
                : name.length() > MAX_LENGTH ? "is a name of " + name.length() + " characters, at most " + MAX_LENGTH + " are allowed"
                : name.chars().anyMatch(Character::isISOControl) ? "holds control characters"
                : null;
        if (wrong != null) {
            throw new IllegalArgumentException("Header " + OpenAIRealtimeConstants.OVERRIDE_SESSION_NAME + " (or the name in toD) " + wrong);
        }
    }
}
