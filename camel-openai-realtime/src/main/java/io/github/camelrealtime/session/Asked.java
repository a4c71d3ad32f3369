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

/**
 * A question on its way. The futures are completed on threads that must not be held.
 *
 * @param sent   done when handed to the transport, with the item id of the user's turn if it ended one, else {@code null}
 * @param answer the answer if the response was completed; fails if the service refuses, cancels or fails it, if it does not
 *               come in time, or if the session is lost
 */
public record Asked(CompletableFuture<String> sent, CompletableFuture<Answer> answer) {

    static Asked failed(Exception reason) {
        return new Asked(CompletableFuture.failedFuture(reason), CompletableFuture.failedFuture(reason));
    }
}
