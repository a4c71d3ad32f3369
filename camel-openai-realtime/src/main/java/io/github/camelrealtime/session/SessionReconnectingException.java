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

/**
 * The connection that the answer was to come by is gone, and the session is being connected anew. What was asked for may
 * or may not have been done; it is not asked for again. The session takes operations: to repeat this one is for the route
 * to decide.
 *
 * <p>The cause says why the connection is gone.
 */
public class SessionReconnectingException extends SessionClosedException {

    private static final long serialVersionUID = 1L;

    SessionReconnectingException(SessionClosedException reason) {
        super(reason.getSessionName(), reason.getMessage() + "; the session is being connected anew, and what was asked for is "
                                       + "not repeated",
              reason.getCloseCode(), false, reason);
    }
}
