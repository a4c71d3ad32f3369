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
 * How the socket ends on its own.
 *
 * @param events after that many client events; 0 to go by time
 * @param time   after the session was opened; null to go by events
 * @param code   close code; 1006 drops the TCP connection without a close frame
 * @param reason close reason
 */
record SocketEnding(int events, Duration time, int code, String reason) {
}
