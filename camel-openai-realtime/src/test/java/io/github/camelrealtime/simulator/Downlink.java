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

import java.util.concurrent.Executor;
import java.util.function.Consumer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.simulator.Frame.Direction;

/** Makes server events and sends them. Used on the session's lane. */
final class Downlink {

    private static final int UNKNOWN_EVERY = 5;
    private static final int PADDED_LENGTH = 16;

    private final Ids ids;
    private final Behaviour behaviour;
    private final FrameLog log;
    private final Wire wire;
    private final Executor lane;
    private final Delivery delivery;
    private final Tampering tampering = new Tampering();
    private Consumer<String> whenSent = type -> { };
    private boolean silent;
    private boolean closed;
    private int sent;
    private ObjectNode heldBack;

    /** @param lane where an event that was held back is sent if none follows at once */
    Downlink(Ids ids, Behaviour behaviour, FrameLog log, Wire wire, Executor lane, Delivery delivery) {
        this.ids = ids;
        this.lane = lane;
        this.behaviour = behaviour;
        this.delivery = delivery;
        this.log = log;
        this.wire = wire;
    }

    /** A new event with the two members that all have; type comes first, as on the live wire. */
    ObjectNode event(String type) {
        return JsonNodeFactory.instance.objectNode().put("type", type).put("event_id", ids.event());
    }

    /** Adds {@code delta} and, where the service sends it and the scenario wants it, {@code obfuscation}. */
    ObjectNode delta(ObjectNode event, String delta) {
        event.put("delta", delta);
        if (behaviour.obfuscation) {
            event.put("obfuscation", ids.padding(PADDED_LENGTH - delta.length() % PADDED_LENGTH));
        }
        return event;
    }

    /** The event is not to be changed afterwards. */
    void send(ObjectNode event) {
        sent++;
        boolean strange = behaviour.unknownEvents && isTurnOf(UNKNOWN_EVERY);
        if (strange) {
            event.putObject("member_of_the_future").put("level", sent);
        }
        if (isTurnOf(behaviour.swapEvery) && heldBack == null) {
            heldBack = event;
            lane.execute(this::sendHeldBack);
        } else {
            transmit(event);
            sendHeldBack();
        }
        if (isTurnOf(behaviour.duplicateEvery)) {
            transmit(event);
        }
        if (strange) {
            send(event("session.weather.updated").put("sky", "clear"));
        }
    }

    private void sendHeldBack() {
        if (heldBack != null) {
            ObjectNode event = heldBack;
            heldBack = null;
            transmit(event);
        }
    }

    private void transmit(ObjectNode event) {
        if (silent || closed) {
            return;
        }
        String type = event.path("type").asText();
        Tampering.Plan plan = tampering.next(type);
        Runnable transmission = () -> {
            log.add(Direction.SENT, event);
            wire.send(event.toString());
        };
        if (plan == null) {
            delivery.event(transmission);
        } else if (plan.isLoss()) {
            log.lost();
        } else {
            delivery.late(transmission, plan.by());
        }
        whenSent.accept(type);
    }

    Tampering tampering() {
        return tampering;
    }

    private boolean isTurnOf(int every) {
        return every > 0 && sent % every == 0;
    }

    /** Told the type of each event that is sent. */
    void whenSent(Consumer<String> listener) {
        whenSent = listener;
    }

    /** From now on nothing is sent. */
    void fallSilent() {
        silent = true;
    }

    /** Sends text as it is, event or not; {@link TraceCheck} looks away. */
    void sendRaw(String text, JsonNode logged) {
        if (closed) {
            return;
        }
        delivery.inOrder(() -> {
            log.addScripted(logged);
            wire.send(text);
        });
    }

    void sendBinary(byte[] bytes) {
        delivery.inOrder(() -> wire.send(bytes));
    }

    /** Closes after what has been sent; nothing is sent after it. */
    void close(int code, String reason) {
        closed = true;
        delivery.inOrder(() -> {
            log.closed();
            wire.close(code, reason);
        });
    }

    void error(ProtocolError error, JsonNode clientEventId) {
        ObjectNode event = event("error");
        ObjectNode body = event.putObject("error").put("type", "invalid_request_error");
        body.put("code", error.code()).put("message", error.getMessage()).put("param", error.param());
        boolean echo = behaviour.errorEventIds && clientEventId != null && clientEventId.isTextual();
        body.put("event_id", echo ? clientEventId.textValue() : null);
        send(event);
    }
}
