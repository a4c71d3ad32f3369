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

/** Where a session is in its life. */
public enum SessionState {
    /** Never opened, or closed in good order; it may be opened (again). */
    IDLE,
    /** A connection is being made (for the first time or after a loss), or the next attempt is waiting for its time. */
    CONNECTING,
    /** The connection stands, the configuration is not yet confirmed. */
    CONFIGURING,
    /** Configured: audio and events flow. */
    READY,
    /** Being closed: what was accepted still leaves, what is owed still arrives. */
    CLOSING,
    /** Lost for good or refused. Everybody who waited has been told; only an explicit open dials again. */
    FAILED
}
