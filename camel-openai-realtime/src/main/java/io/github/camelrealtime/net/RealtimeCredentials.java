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
package io.github.camelrealtime.net;

import java.net.URI;

/**
 * Gives the bearer token for a connection: a token of Microsoft Entra (scope {@code https://ai.azure.com/.default}), one from
 * a vault, a client secret made elsewhere. Used instead of an API key.
 *
 * <p>It is asked for every connection and every REST call, when it is about to be made, and what it gave is not kept:
 * keeping a token as long as it is valid is its own business. It is called on the thread that connects, which it may hold for
 * as long as a connection may take to be made; no lock is held. May be called by several threads at a time.
 */
@FunctionalInterface
public interface RealtimeCredentials {

    /**
     * The token.
     *
     * @param  address   where it will be sent: {@code https:} for a REST call and for a {@code wss:} connection too
     * @return           without the word {@code Bearer}; blank or {@code null} fails the connection for good
     * @throws Exception if there is none now; the connection is tried again as after any other failure, and the text of the
     *                   exception may be logged
     */
    String bearerToken(URI address) throws Exception;
}
