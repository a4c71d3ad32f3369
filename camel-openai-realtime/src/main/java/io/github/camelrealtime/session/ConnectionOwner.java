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

import com.fasterxml.jackson.databind.JsonNode;

/** Whom a {@link SessionConnection} tells of the turns of its life: the session. */
interface ConnectionOwner {

    /** About to dial for the first time. Called under the connection's lock: only to forget what was before. */
    void opening();

    /** A new attempt is being made. Called under the connection's lock. */
    void dialling(Epoch epoch);

    /** Events may go out from now on. Called under the connection's lock: only to take note, {@link #ready} follows. */
    void admit(Epoch epoch);

    /**
     * Events go out.
     *
     * @param outage   what is over by this, {@code null} if the session was opened
     * @param restored what the connection was told of the session so far
     */
    void ready(Epoch epoch, Outage outage, Replay.Result restored);

    /** The connection is lost: what is given from now on waits for the next. Called under the connection's lock. */
    void hold();

    /**
     * The connection is lost and the next takes its place: those who wait for an answer are to be told, what has not been
     * sent yet stays. The next attempt does not begin before this returns.
     */
    void interrupted(Epoch epoch, Outage outage);

    /**
     * Nothing more comes and nothing more can be sent; those who wait are to be told why. The next connection does not begin
     * before this returns.
     *
     * @param epoch what ended, {@code null} if it was between two attempts
     * @param lost  whether nobody here asked for it
     */
    void gone(Epoch epoch, SessionClosedException reason, boolean lost);

    /** Lets out what was accepted and waits for what is owed; done in any case after the drain time-out. */
    CompletableFuture<Void> drain();

    /**
     * Lets out what was accepted and waits for what is owed; what is given from now on waits for {@link #admit}. Done in any
     * case after the drain time-out.
     */
    CompletableFuture<Void> pause();

    /** The last moment before the connection is closed. */
    void closing(Epoch epoch);

    /** What the service says that it has configured, on the present connection or on a standby. */
    void configured(Epoch epoch, JsonNode session);
}
