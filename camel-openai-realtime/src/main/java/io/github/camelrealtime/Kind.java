package io.github.camelrealtime;

import java.util.Locale;

/** What an endpoint is about: the first part of its URI. */
public enum Kind {
    /** Events of a session, operations on it. The default. */
    SESSION,
    /** A route as a function tool. */
    TOOL,
    /** Creating and controlling calls. */
    CALL,
    /** Minting client secrets. */
    TOKEN,
    /** Signed webhooks. */
    WEBHOOK;

    /** The kind of this name, {@code null} if there is none. */
    static Kind find(String name) {
        for (Kind kind : values()) {
            if (kind.uriName().equals(name)) {
                return kind;
            }
        }
        return null;
    }

    String uriName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
