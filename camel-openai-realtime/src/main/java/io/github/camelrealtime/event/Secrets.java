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

import java.util.regex.Pattern;

/**
 * Takes credentials out of text that leaves for logs, exceptions and headers. What identifies the kind of secret stays,
 * so that the reader knows what was there.
 */
public final class Secrets {

    /** Characters that keys are made of; the service itself puts asterisks into those it quotes. */
    private static final String KEY = "[A-Za-z0-9._~+/=*-]";

    /** API keys, client secrets, webhook secrets. Rather a word too many ("sk-learn") than a key too few. */
    private static final Pattern PREFIXED = Pattern.compile("(?<![A-Za-z0-9])(sk-|ek_|whsec_)[A-Za-z0-9+/=_*-]{3,}");

    private static final Pattern BEARER = Pattern.compile("(?i)\\b(Bearer(?:\\s+|%20))" + KEY + "{4,}");

    /** {@code api-key: …}, {@code "api_key":"…"}, {@code api-key=…}, {@code openai-insecure-api-key.…}; no error code. */
    private static final Pattern API_KEY
            = Pattern.compile("(?i)((?<!invalid_)api[-_]?key\"?(?:\\s*[:=]\\s*\"?|\\.))" + KEY + "{4,}");

    private Secrets() {
    }

    /** The text with every credential's value replaced by {@code ***}; {@code null} stays {@code null}. */
    public static String mask(String text) {
        if (text == null) {
            return null;
        }
        String masked = BEARER.matcher(text).replaceAll("$1***");
        masked = API_KEY.matcher(masked).replaceAll("$1***");
        return PREFIXED.matcher(masked).replaceAll("$1***");
    }
}
