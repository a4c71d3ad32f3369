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

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Ready-made faults of a session. */
public final class SessionFaults {

    private static final int ABNORMAL = 1006;

    private SessionFaults() {
    }

    /** Closes with this code. */
    public static SessionFault close(int code, String reason) {
        return session -> session.end(code, reason);
    }

    /** Drops the TCP connection with a reset, without a close frame. */
    public static SessionFault drop() {
        return session -> session.end(ABNORMAL, "");
    }

    /** A black hole: from now on nothing is processed and nothing is sent, but the connection stays and pings are answered. */
    public static SessionFault silence() {
        return SimulatedSession::fallSilent;
    }

    /** Hears nothing of what the client sends from now on, but says what it has to say: a black hole towards the service. */
    public static SessionFault deaf() {
        return SimulatedSession::fallDeaf;
    }

    /** Does what it is told, but nothing of what it says arrives: a black hole towards the client. */
    public static SessionFault mute() {
        return SimulatedSession::fallMute;
    }

    /** The session's time is up. */
    public static SessionFault expire(Expiry how) {
        return session -> session.expire(how);
    }

    /** The next server events of this type are lost, such as a confirmation or a transcript. */
    public static SessionFault lose(String type, int times) {
        return session -> session.tamper(type, times, null);
    }

    /** The next server events of this type come that late, while those behind them pass. */
    public static SessionFault delay(String type, int times, Duration by) {
        return session -> session.tamper(type, times, by);
    }

    /** Sends so many frames that make no sense, see {@link Nonsense}. */
    public static SessionFault nonsense(long seed, int frames) {
        return session -> new Nonsense(seed, session).send(frames);
    }

    /** Reads nothing more, pings included, so that what the client sends piles up; what it has sent before is answered. */
    public static SessionFault stopReading() {
        return SimulatedSession::stopReading;
    }

    /** Takes that long for each frame, by the simulator's clock, before it reads the next. */
    public static SessionFault readSlowly(Duration perFrame) {
        return session -> session.readSlowly(perFrame);
    }

    /** Sends a frame that breaks off as JSON. */
    public static SessionFault malformedJson() {
        return text("{\"type\":\"response.output_text.delta\",\"delta\":");
    }

    /** Sends this text as a frame. */
    public static SessionFault text(String frame) {
        return session -> session.sendNow(frame);
    }

    /** Sends a binary frame, which the protocol does not know. */
    public static SessionFault binary(int bytes) {
        return session -> session.sendBinaryNow(new byte[bytes]);
    }

    /** Sends one event of about so many bytes, a {@code conversation.item.retrieved}; at most 16 MiB, see {@code Faults.hugeFrame}. */
    public static SessionFault largeFrame(int bytes) {
        return session -> {
            ObjectNode event = event(session, "conversation.item.retrieved");
            event.putObject("item").put("id", "item_large").put("type", "message").put("status", "completed")
                    .put("role", "user").putArray("content").addObject().put("type", "input_audio")
                    // whole groups of base64
                    .put("audio", "A".repeat(bytes / 4 * 4)).putNull("transcript");
            session.sendNow(event.toString());
        };
    }

    /** Sends so many small events in a row, numbered in their member {@code audio_start_ms}. */
    public static SessionFault flood(int events) {
        return session -> {
            for (int i = 0; i < events; i++) {
                session.sendNow(event(session, "input_audio_buffer.speech_started").put("audio_start_ms", i)
                        .put("item_id", "item_flood").toString());
            }
        };
    }

    /** Sends an event of a type that nobody knows. */
    public static SessionFault unknownEvent() {
        return session -> session.sendNow(event(session, "session.weather.updated").put("sky", "clear").toString());
    }

    /** A key pressed on a telephone, as on SIP calls: an event without an event id. Not a fault of the service's. */
    public static SessionFault dtmf(String key) {
        return session -> session.dtmfNow(key);
    }

    private static ObjectNode event(SimulatedSession session, String type) {
        return JsonNodeFactory.instance.objectNode().put("type", type).put("event_id", session.nextEventId());
    }
}
