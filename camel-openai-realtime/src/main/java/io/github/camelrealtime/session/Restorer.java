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

/** What a {@link Rollover} needs of the session's life. */
interface Restorer {

    /** Tells a configured connection what it has to know, once; fails if it cannot be told. */
    CompletableFuture<Replay.Result> restore(Epoch epoch);

    /** Nothing could even be tried to make this connection. */
    void unmade(Epoch epoch, SessionClosedException reason);

    /** The connection stands and has been told all that there is. */
    void made(Epoch epoch);

    /** The future becomes what becomes of the session: done when it is ready. */
    void follow(CompletableFuture<Void> over);
}
