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

/** What a step of {@link ConnectionState} leaves to be done, without its lock. */
final class ConnectionStep {

    private ConnectionStep() {
    }

    /**
     * Somebody wants the session open.
     *
     * @param first to be dialled, {@code null} if there is nothing to do
     * @param after what must be over before it is asked again, {@code null} if it need not be asked again
     * @param ready what the asker gets, {@code null} if it is to be asked again
     */
    record Opening(Epoch first, CompletableFuture<Void> after, CompletableFuture<Void> ready) {

        static Opening answer(CompletableFuture<Void> ready) {
            return new Opening(null, null, ready);
        }
    }

    /**
     * The session takes audio.
     *
     * @param over   the outage that is over, {@code null} if the session was opened
     * @param opened to be completed when the owner has been told
     */
    record Ready(Outage over, CompletableFuture<Void> opened) {
    }

    /**
     * An epoch is of no use any more.
     *
     * @param again       whether another attempt is to be made; if not, nothing has changed yet
     * @param delayMillis until then
     * @param told        to be completed when the owner has been told, {@code null} if it is not to be told
     * @param spent       whether there is none because no reconnect is left
     */
    record Setback(boolean again, long delayMillis, CompletableFuture<Void> told, boolean spent) {

        static Setback again(long delayMillis, CompletableFuture<Void> told) {
            return new Setback(true, delayMillis, told, false);
        }

        static Setback last(boolean spent) {
            return new Setback(false, 0, null, spent);
        }
    }

    /**
     * The session is without a connection until somebody opens it again.
     *
     * @param gate    behind which the owner is to be told
     * @param told    to be completed when it has been told, before the others
     * @param opening to be failed
     * @param closed  to be completed last, {@code null} if nobody asked for the end
     */
    record End(EventGate gate, CompletableFuture<Void> told, CompletableFuture<Void> opening, CompletableFuture<Void> closed) {
    }

    /**
     * Somebody wants another connection.
     *
     * @param epoch to be ended, {@code null} if there is nothing to do
     * @param over  what the asker gets; to be completed if there is an epoch to be ended
     */
    record Restart(Epoch epoch, CompletableFuture<Void> over) {
    }

    /**
     * Somebody wants the session closed.
     *
     * @param wanted whether there is anything to do
     * @param ready  whether the session was ready, so that things may be owed
     * @param epoch  to be closed, {@code null} if it was between two attempts
     * @param done   what the asker gets
     */
    record Closing(boolean wanted, boolean ready, Epoch epoch, CompletableFuture<Void> done) {
    }
}
