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
 * An HTTP answer in place of 101.
 *
 * @param status     HTTP status
 * @param body       the answer's JSON; null for the service's usual error object
 * @param times      how many handshakes it meets
 * @param retryAfter value of {@code Retry-After} in whole seconds; null for none
 */
record HandshakeRefusal(int status, String body, int times, Duration retryAfter) {
}
