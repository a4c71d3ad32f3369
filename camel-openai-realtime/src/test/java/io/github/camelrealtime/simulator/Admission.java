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

import java.time.Duration;

/**
 * What became of a handshake.
 *
 * @param status     101 for those let in
 * @param body       of a refusal, JSON; null for those let in
 * @param retryAfter of a refusal, or null
 * @param session    of those let in
 */
record Admission(int status, String body, Duration retryAfter, SimulatedSession session) {

    private static final int SWITCHING = 101;

    static Admission granted(SimulatedSession session) {
        return new Admission(SWITCHING, null, null, session);
    }

    static Admission refused(int status, String body, Duration retryAfter) {
        return new Admission(status, body, retryAfter, null);
    }
}
