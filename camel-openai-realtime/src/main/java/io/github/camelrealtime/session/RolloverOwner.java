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

import java.util.concurrent.CompletableFuture;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Whom a {@link Rollover} asks and tells when one connection follows another: the session. */
interface RolloverOwner {

    /**
     * How a session has passed from one connection to the next.
     *
     * @param cause    {@code planned} or {@code restart}
     * @param forced   whether there was no pause in time
     * @param restored what the new connection was told
     */
    record Passage(String cause, boolean forced, Replay.Result restored) {
    }

    /** What the service is to hold on a new connection, changes made meanwhile included; {@code null} if it need not be told. */
    ObjectNode configuration();

    /** Whether nobody speaks, and nothing is asked that is not answered. */
    boolean isPause();

    /**
     * Lets the present connection have what belongs to it; what is given from now on waits.
     *
     * @param  forced whether it is not a pause
     * @return        done when the connection has answered, or is not going to; never waits long
     */
    CompletableFuture<Void> handOver(boolean forced);

    /** The hand-over has come to nothing, and the present connection is admitted again: what waits leaves by it. */
    void keep(Epoch present);

    /**
     * Tells a configured connection most of what it has to know, while the present one still has all input. Fails if it cannot
     * be told.
     */
    CompletableFuture<Void> prepare(Epoch epoch);

    /** Tells a configured connection what it has to know of the session so far, or what is left of that. */
    CompletableFuture<Replay.Result> restore(Epoch epoch);

    /** The switch comes next: finals of the new connection are to come behind those of the old one. */
    void switching(Epoch from, Epoch to);

    /** Input goes the new way; what the old connection owes still comes. */
    void switched(Epoch from, Epoch to, Passage how);

    /**
     * An old connection has nothing to say any more.
     *
     * @param alive whether it still stands
     */
    void drained(Epoch epoch, boolean alive);

    /** The session ends before an old connection has drained. */
    void abandoned(Epoch epoch);
}
