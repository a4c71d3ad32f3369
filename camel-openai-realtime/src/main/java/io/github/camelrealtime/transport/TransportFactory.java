package io.github.camelrealtime.transport;

/** Opens connections of one kind. */
public interface TransportFactory {

    /**
     * Starts to open a connection and returns at once; the listener hears how it went.
     */
    Transport open(TransportRequest request, TransportListener listener);
}
