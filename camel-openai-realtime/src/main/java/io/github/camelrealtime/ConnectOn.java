package io.github.camelrealtime;

/** When a session is opened. */
public enum ConnectOn {
    /** Once the Camel context has started, so that all routes are there. */
    START,
    /** With the first message. */
    FIRST_MESSAGE,
    /** By operation {@code open-session} only. */
    MANUAL
}
