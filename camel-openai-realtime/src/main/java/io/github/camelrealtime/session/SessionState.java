package io.github.camelrealtime.session;

/** Where a session is in its life. */
public enum SessionState {
    /** Never opened, or closed in good order; it may be opened (again). */
    IDLE,
    /** A connection is being made, or the next attempt is waiting for its time. */
    CONNECTING,
    /** The connection stands, the configuration is not yet confirmed. */
    CONFIGURING,
    /** Configured: audio and events flow. */
    READY,
    /** Being closed: what was accepted still leaves, what is owed still arrives. */
    CLOSING,
    /** Lost or refused. Everybody who waited has been told; only an explicit open dials again. */
    FAILED
}
