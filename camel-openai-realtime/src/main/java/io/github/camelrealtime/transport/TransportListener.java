package io.github.camelrealtime.transport;

/**
 * Told what happens on one {@link Transport}. Calls come one at a time and in order, on a thread of the transport
 * that must not be held: no I/O, no route, no waiting. After {@link #onClosed} or {@link #onFailure}, exactly one of
 * which comes, nothing follows.
 */
public interface TransportListener {

    /** The connection stands (HTTP 101 for a WebSocket). */
    void onOpen();

    /** A text frame arrived, whole. */
    void onFrame(String frame);

    /** A binary frame arrived; the protocol has none. Recoverable. */
    void onBinary(int bytes);

    /** The connection ended with a close frame, from either side. */
    void onClosed(int code, String reason);

    /** The connection could not be made, or ended without a close frame. */
    void onFailure(TransportException failure);
}
