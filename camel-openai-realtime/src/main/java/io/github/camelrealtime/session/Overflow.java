package io.github.camelrealtime.session;

/** What happens to audio for the model when more than the allowed ms of it wait to be sent. */
public enum Overflow {
    /** The exchange waits (no thread does). */
    BLOCK,
    /** The audio that has waited longest is dropped and counted. */
    DROP_OLDEST,
    /** The audio that does not fit is dropped and counted. */
    DROP_NEWEST,
    /** The exchange fails. */
    FAIL
}
