package io.github.camelrealtime.session;

/** What an error means for those who hear of it. */
public enum ErrorClass {
    /** Lost a harmless race; nobody needs to know. */
    BENIGN,
    /** A response was asked for while one was running: the sequencer sends it again. */
    SEQUENCE,
    /** That request was wrong; it fails alone and the session lives. */
    REQUEST,
    /** Worth another try later. */
    TRANSIENT,
    /** The session reached its greatest age. */
    EXPIRED,
    /** The call behind a sideband is over. */
    CALL_GONE,
    /** Dialling again is pointless until somebody changes the key, the model or the account. */
    FATAL
}
