package io.github.camelrealtime.operation;

/** How far an operation has to be before its exchange goes on. Nothing that waits holds a thread. */
public enum Await {
    /** Not at all: the exchange goes on when the operation has been taken in. */
    NONE,
    /** Handed to the network. */
    SENT,
    /** The model's response is done. */
    RESPONSE,
    /** The service has made an item of the audio. */
    COMMITTED,
    /** The transcript of that item is final. */
    COMPLETED
}
