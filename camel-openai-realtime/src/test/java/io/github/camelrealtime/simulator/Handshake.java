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
package io.github.camelrealtime.simulator;

import okhttp3.Headers;

/**
 * A request that reached the simulator, for assertions.
 *
 * @param method   HTTP method
 * @param path     path without the query
 * @param query    query without the question mark; null if there is none
 * @param headers  all headers, {@code Authorization} included
 * @param client   subject of the certificate that the client showed, null without TLS or without one
 * @param status   what was answered, 101 for an accepted WebSocket
 * @param atMillis simulator's clock, milliseconds since the epoch
 */
public record Handshake(String method, String path, String query, Headers headers, String client, int status, long atMillis) {

    /** The first header of that name, null if absent. */
    public String header(String name) {
        return headers.get(name);
    }

    /** The value of {@code Authorization}, null if absent. */
    public String authorization() {
        return headers.get("Authorization");
    }

    @Override
    public String toString() {
        // without the headers: they hold a key
        return method + " " + path + (query == null ? "" : "?" + query) + " -> " + status;
    }
}
