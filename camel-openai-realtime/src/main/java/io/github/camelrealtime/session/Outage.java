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

import java.util.Locale;

/**
 * Why a session that was ready is without a connection for a while.
 *
 * @param kind      what happened
 * @param reason    the same in words, and what those are told who wait
 * @param sessionId the service's id of the session that ended, {@code null} if it had none
 * @param epoch     number of the connection that ended
 */
record Outage(Kind kind, SessionClosedException reason, String sessionId, int epoch) {

    enum Kind {
        /** The connection broke, or the service closed it. */
        LOST,
        /** The session of the service reached its greatest age. */
        EXPIRED,
        /** The connection stood, but the service said nothing any more, or took nothing any more. */
        STALLED,
        /** Somebody here asked for another connection. */
        RESTART;

        /** As events have it. */
        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Kind of(ErrorClass error) {
            return error == ErrorClass.EXPIRED ? EXPIRED : LOST;
        }
    }

    static Outage of(Kind kind, SessionClosedException reason, Epoch epoch) {
        return new Outage(kind, reason, epoch.sessionId, epoch.number);
    }

    /** What those are told whose answer will not come. */
    SessionReconnectingException told() {
        return new SessionReconnectingException(reason);
    }
}
