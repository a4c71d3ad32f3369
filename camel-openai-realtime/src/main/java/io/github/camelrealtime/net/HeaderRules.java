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
package io.github.camelrealtime.net;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Which handshake headers may be added by hand, and what a header can carry. */
public final class HeaderRules {

    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Map<String, String> BY_OPTION = Map.of(
            "authorization", "use option apiKey or credentials",
            "api-key", "use option apiKey with provider=azure",
            "openai-organization", "use option organization",
            "openai-project", "use option project",
            "openai-safety-identifier", "use option safetyIdentifier",
            "openai-beta", "it belongs to the Beta API, which is switched off; leave it out");
    private static final Set<String> RESERVED = Set.of(
            "host", "connection", "upgrade", "cookie", "content-length", "content-type", "transfer-encoding", "te", "trailer",
            "keep-alive", "expect", "origin", "http2-settings");
    private static final Set<String> RESERVED_PREFIXES = Set.of("sec-", "proxy-", "openai-", ":");

    private HeaderRules() {
    }

    /**
     * Checks a header that is to be added to the handshake.
     *
     * @param  option                   prefix of the option, for the error text
     * @throws IllegalArgumentException naming the header and never its value
     */
    public static void checkCustom(String option, String name, String value) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (BY_OPTION.containsKey(lower)) {
            throw new IllegalArgumentException("Option " + option + name + " is refused: " + BY_OPTION.get(lower));
        }
        if (RESERVED.contains(lower) || RESERVED_PREFIXES.stream().anyMatch(lower::startsWith)) {
            throw new IllegalArgumentException(
                    "Option " + option + name + " is refused: the header is part of the connection itself; leave it out");
        }
        if (!TOKEN.matcher(name).matches()) {
            throw new IllegalArgumentException("Option " + option + "*: the name of a header has a character that none may "
                                               + "have; letters, digits and hyphens are expected");
        }
        checkValue(option + name, value);
    }

    /**
     * Checks that a value can be sent as a header.
     *
     * @throws IllegalArgumentException naming the option and never the value
     */
    public static void checkValue(String option, String value) {
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException("Option " + option + " is empty: give it a value, or leave it out");
        }
        if (!isPrintable(value)) {
            throw new IllegalArgumentException("Option " + option + " cannot be sent as a header: it holds a character that is "
                                               + "not printable ASCII, say a line break; take it out");
        }
    }

    static boolean isPrintable(String text) {
        return text.chars().allMatch(c -> c >= ' ' && c <= '~');
    }
}
