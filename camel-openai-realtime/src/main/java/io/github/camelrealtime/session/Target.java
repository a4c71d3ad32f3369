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
package io.github.camelrealtime.session;

import java.net.URI;
import java.util.Map;
import java.util.function.Supplier;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.transport.TransportFactory;

/**
 * A place that a session can be dialled at: a model in a region of a provider, with credentials for it.
 *
 * @param name        of the fallback; {@code null} for the session's own place
 * @param model       model of the session there
 * @param uri         address, query included
 * @param headers     handshake headers, asked for at every dial since credentials expire and rotate
 * @param firstUpdate the {@code session} member of the first {@code session.update} there; {@code null} for none
 * @param transports  makes the connections; {@code null} for those of the session
 */
public record Target(
        String name, String model, URI uri, Supplier<Map<String, String>> headers, ObjectNode firstUpdate,
        TransportFactory transports) {

    /** Without credentials. */
    @Override
    public String toString() {
        return (name == null ? "its own place" : "fallback " + name) + ", model " + model + ", " + uri;
    }
}
