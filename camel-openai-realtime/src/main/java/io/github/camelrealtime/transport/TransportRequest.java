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
