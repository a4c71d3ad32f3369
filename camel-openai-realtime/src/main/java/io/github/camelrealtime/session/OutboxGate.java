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

import io.github.camelrealtime.transport.Transport;

/**
 * The gate of an {@link Outbox}: by which connection things leave, if any, what it can take now, and what it has got. Not
 * thread-safe: the outbox's lock guards it. Sends nothing.
 */
final class OutboxGate {

    /** {@code null} while the gate is shut. */
    private Transport transport;
    /** By which things left until the gate was shut, {@code null} once it is known what becomes of those. */
    private Transport shutOff;
    /** Event id of the commit that the ordered lane rests for, {@code null} if it does not. */
    private String unansweredCommit;
    /** Everything behind a {@link OutboxEntry#hold} waits for the next connection. */
    private boolean held;
    /** What was handed over on this connection, in characters of frames. */
    private long handed;

    /** Opens: everything goes through this transport from now on. */
    void open(Transport to) {
        transport = to;
        shutOff = null;
        unansweredCommit = null;
        held = false;
        handed = 0;
    }

    /** Shuts. */
    void shut() {
        shutOff = transport == null ? shutOff : transport;
        transport = null;
        unansweredCommit = null;
        held = false;
    }

    /** What waits has been sorted out: what the lost connection comes to refuse from now on is too late for that. */
    void cut() {
        shutOff = null;
    }

    /** Whether what this transport refuses waits with the rest: its connection stands, or it is still to be sorted out. */
    boolean keeps(Transport refusing) {
        return refusing == transport || refusing == shutOff;
    }

    boolean isOpen() {
        return transport != null;
    }

    /** By which things leave, {@code null} while the gate is shut. */
    Transport transport() {
        return transport;
    }

    /** Whether the ordered lane waits, for the answer to a commit or for the next connection. */
    boolean rests() {
        return unansweredCommit != null || held;
    }

    /** Whether so much waits in the transport that it gets no more for now. */
    boolean isFull() {
        return transportBytes() > Outbox.MARK_BYTES;
    }

    /** This entry of the ordered lane is to leave next: it may be one that the others have to rest for. */
    void passing(OutboxEntry entry) {
        if (entry.isCommit()) {
            unansweredCommit = entry.eventId();
        }
        held = entry.isHold();
    }

    /** @param characters of a frame that the transport took */
    void handed(long characters) {
        handed += characters;
    }

    /**
     * A commit is answered, or does not leave: the ordered lane rests for it no longer.
     *
     * @param eventId of any event; of another than that commit it changes nothing, nor does {@code null}
     */
    void answered(String eventId) {
        if (isAwaited(eventId)) {
            unansweredCommit = null;
        }
    }

    /** Whether the ordered lane rests until this commit is answered. */
    boolean isAwaited(String eventId) {
        return eventId != null && eventId.equals(unansweredCommit);
    }

    /** How much of what was handed over on this connection the service has taken, in characters, roughly. */
    long carried() {
        return transport == null ? 0 : handed - transport.queuedBytes();
    }

    /** What waits in the transport, in bytes. */
    long transportBytes() {
        return transport == null ? 0 : transport.queuedBytes();
    }
}
