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
 * What the service says, made fit for a log line: names and ids come through as they are, and nobody's words, no line breaks
 * and no megabytes do (SEC-13).
 */
public final class LogText {

    private static final int LONGEST = 80;

    private LogText() {
    }

    /** Type, code or id from the wire; {@code null} stays {@code null}. */
    public static String of(String said) {
        if (said == null || isPlain(said)) {
            return said;
        }
        StringBuilder text = new StringBuilder(LONGEST + 20);
        int shown = Math.min(said.length(), LONGEST);
        for (int i = 0; i < shown; i++) {
            char c = said.charAt(i);
            text.append(isPlain(c) ? c : '?');
        }
        if (shown < said.length()) {
            text.append("... (").append(said.length()).append(" characters)");
        }
        return text.toString();
    }

    private static boolean isPlain(String said) {
        if (said.length() > LONGEST) {
            return false;
        }
        for (int i = 0; i < said.length(); i++) {
            if (!isPlain(said.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPlain(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '.' || c == '-' || c == ':'
                || c == '#' || c == '/';
    }
}
