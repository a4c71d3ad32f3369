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

import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;

import io.github.camelrealtime.operation.Operation;
import org.apache.camel.util.URISupport;

/**
 * What the author of a {@code toD} wrote, taken apart: literal text is the author's, and only what stands in
 * <code>${…}</code> comes with a message. So whatever an expression gives, it stays in its place: a name cannot bring
 * options along, and a value no further options (SEC-3), nor a file or a bean of ours in its place.
 */
final class DynamicUri {

    private static final String SIMPLE = "$simple{";
    private static final String SHORT = "${";
    /** Stands for what an expression gives; no author writes it. */
    private static final String FILLER = "\uE000";
    /** What makes a value more than a text: a file or a bean in its place. */
    private static final List<String> REFERENCES = List.of("file:", "classpath:", "resource:", "#");

    /** What stands before the name: scheme, colon and, if written, the kind {@code session}. */
    private final String prefix;
    private final boolean namedByMessage;
    /** With its question mark and with expressions in it; empty if there is none. */
    private final String query;
    private final boolean fixedQuery;

    private DynamicUri(String prefix, boolean namedByMessage, String query) {
        this.prefix = prefix;
        this.namedByMessage = namedByMessage;
        this.query = query;
        this.fixedQuery = !hasExpression(query);
    }

    /**
     * @param  scheme   of the component
     * @param  template as the author wrote it, property placeholders resolved
     * @return          {@code null} if a message chooses the whole URI, if it is of another kind than session, or if no message
     *                  has a say in it
     */
    static DynamicUri parse(String scheme, String template) {
        String prefix = scheme + ":";
        if (!template.startsWith(prefix)) {
            return null;
        }
        if (template.startsWith("//", prefix.length())) {
            prefix += "//";
        }
        int colon = template.indexOf(':', prefix.length());
        Kind kind = colon < 0 ? null : Kind.find(template.substring(prefix.length(), colon));
        if (kind == Kind.SESSION) {
            prefix = template.substring(0, colon + 1);
        } else if (kind != null) {
            return null;
        }
        int mark = queryStart(template);
        String name = template.substring(prefix.length(), mark);
        DynamicUri uri = new DynamicUri(prefix, hasExpression(name), template.substring(mark));
        return uri.namedByMessage || !uri.fixedQuery ? uri : null;
    }

    /** Whether messages choose the session, and not only options. */
    boolean isNamedByMessage() {
        return namedByMessage;
    }

    /**
     * The query of one message's URI, with its question mark; empty if there is none.
     *
     * @throws IllegalArgumentException if what an expression gave is more than the value of an option
     */
    String queryOf(String uri) {
        if (fixedQuery) {
            if (!uri.endsWith(query)) {
                throw refusal("it does not end in the options that the route gives");
            }
            return query;
        }
        String head = query.substring(0, expression(query, 0));
        int mark = uri.indexOf('?');
        if (mark < 0 || !uri.startsWith(head, mark) || uri.indexOf(head, mark + 1) >= 0 && head.length() > 1) {
            throw refusal("the name, or the value of an option, has options in it");
        }
        Map<String, Object> options = options(uri.substring(mark + 1));
        Map<String, Object> written = options(filled(query).substring(1));
        if (!options.keySet().equals(written.keySet()) || options.values().stream().anyMatch(List.class::isInstance)) {
            throw refusal("it has other options than the route gives");
        }
        options.forEach((option, value) -> {
            String given = plain(value);
            if (plain(written.get(option)).startsWith(FILLER)
                    && REFERENCES.stream().anyMatch(prefix -> given.regionMatches(true, 0, prefix, 0, prefix.length()))) {
                throw refusal("the value for option " + option + " refers to a file or a bean, which only the route may do");
            }
        });
        return uri.substring(mark);
    }

    /** Whether these options ask for {@code transcribe}, whose sessions no message names. */
    static boolean transcribes(String query) {
        Object operation = query.isEmpty() ? null : options(query.substring(1)).get("operation");
        try {
            return operation instanceof String text && Operation.fromValue(text) == Operation.TRANSCRIBE;
        } catch (IllegalArgumentException e) {
            // the endpoint says so better
            return false;
        }
    }

    /**
     * The name of the session in one message's URI, unescaped as in any URI.
     *
     * @throws IllegalArgumentException if the name brings options along
     */
    String nameOf(String uri, String queryOfUri) {
        String name = uri.substring(prefix.length(), uri.length() - queryOfUri.length());
        if (name.indexOf('?') >= 0) {
            throw refusal("the name of the session has a question mark in it: options belong into the URI of the route");
        }
        return UriNames.decode(name);
    }

    /** The text of a value, whatever it is wrapped in: whether Camel unwraps it once or twice must not matter. */
    private static String plain(Object value) {
        String text = UriNames.decode(String.valueOf(value)).strip();
        while (text.startsWith("RAW(") || text.startsWith("RAW{")) {
            text = text.substring("RAW(".length()).strip();
        }
        return text;
    }

    private static Map<String, Object> options(String query) {
        try {
            return URISupport.parseQuery(query);
        } catch (URISyntaxException e) {
            throw refusal("its options cannot be read");
        }
    }

    /** Does not repeat the URI, of which anything may have come from anywhere. */
    private static IllegalArgumentException refusal(String what) {
        return new IllegalArgumentException("toD of openai-realtime: the URI that this message gives is refused: " + what);
    }

    private static int queryStart(String template) {
        for (int i = 0; i < template.length(); i++) {
            i = skipExpression(template, i);
            if (i < template.length() && template.charAt(i) == '?') {
                return i;
            }
        }
        return template.length();
    }

    private static boolean hasExpression(String text) {
        return expression(text, 0) < text.length();
    }

    /** Where the next expression begins; the end of the text if there is none. */
    private static int expression(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            if (text.startsWith(SHORT, i) || text.startsWith(SIMPLE, i)) {
                return i;
            }
        }
        return text.length();
    }

    private static String filled(String text) {
        StringBuilder filled = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            int next = expression(text, at);
            filled.append(text, at, next);
            if (next < text.length()) {
                filled.append(FILLER);
            }
            at = skipExpression(text, next);
        }
        return filled.toString();
    }

    /** The first place from here on that is not in an expression; expressions may hold others. */
    private static int skipExpression(String text, int from) {
        int at = from;
        while (text.startsWith(SHORT, at) || text.startsWith(SIMPLE, at)) {
            int depth = 0;
            do {
                char c = text.charAt(at++);
                depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            } while (at < text.length() && (depth > 0 || text.charAt(at - 1) != '}'));
        }
        return at;
    }
}
