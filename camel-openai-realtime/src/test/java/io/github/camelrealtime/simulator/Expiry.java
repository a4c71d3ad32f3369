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

/** How a session ends whose time is up. The service has been seen to leave out either half. */
public enum Expiry {

    /** The error {@code session_expired}, then close 1001 with its words as the reason. */
    ERROR_AND_CLOSE,
    /** The error alone: the connection stays, and nothing is answered any more. */
    ERROR,
    /** Close 1001 with the reason alone. */
    CLOSE
}
