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

import java.security.Principal;

import mockwebserver3.RecordedRequest;
import okhttp3.Headers;
import okhttp3.HttpUrl;

/**
 * A request to be let in, by a socket or without one.
 *
 * @param client subject of the certificate that the client showed; null without one
 */
record HandshakeRequest(String method, HttpUrl url, Headers headers, String client) {

    static HandshakeRequest of(RecordedRequest request) {
        Principal peer = request.getHandshake() == null ? null : request.getHandshake().peerPrincipal();
        return new HandshakeRequest(request.getMethod(), request.getUrl(), request.getHeaders(), peer == null ? null : peer.getName());
    }
}
