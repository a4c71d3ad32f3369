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
package io.github.camelrealtime.event;

/** The ways into a session. Which events may be sent depends on it (see {@link EventTypes#isAllowed}). */
public enum TransportKind {

    /** A WebSocket that carries the audio as well. */
    WEBSOCKET,
    /** The data channel of a WebRTC call; audio goes over media tracks. */
    WEBRTC,
    /** A SIP call by itself. It has no channel for client events: they go through its sideband. */
    SIP,
    /** A control WebSocket attached to a WebRTC or SIP call. */
    SIDEBAND
}
