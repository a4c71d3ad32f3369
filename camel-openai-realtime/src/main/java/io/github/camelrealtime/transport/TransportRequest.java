package io.github.camelrealtime.transport;

import java.net.URI;
import java.util.Map;

/**
 * Where to connect and with which headers. The headers hold credentials: {@link #toString()} leaves them out.
 *
 * @param uri     a {@code ws:} or {@code wss:} address, query included
 * @param headers handshake headers by name
 */
public record TransportRequest(URI uri, Map<String, String> headers) {

    public TransportRequest {
        headers = Map.copyOf(headers);
    }

    @Override
    public String toString() {
        return "TransportRequest[" + uri + ", headers " + headers.keySet() + "]";
    }
}
