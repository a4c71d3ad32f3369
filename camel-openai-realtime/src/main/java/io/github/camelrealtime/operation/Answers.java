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
package io.github.camelrealtime.operation;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

import io.github.camelrealtime.event.ServerEvent;
import io.github.camelrealtime.session.Acknowledged;

/** How long an exchange waits for what the service acknowledges: sent by default, {@code committed} = acknowledged. */
final class Answers {

    private Answers() {
    }

    /**
     * How long this exchange waits.
     *
     * @throws IllegalArgumentException if that has no meaning for the operation
     */
    static Await await(OperationContext context, Operation operation) {
        Await await = context.settings().await() == null ? Await.SENT : context.settings().await();
        if (await == Await.COMPLETED) {
            throw new IllegalArgumentException(
                    "await=completed has no meaning for " + operation.value() + ", which has no transcript; await=committed "
                                               + "waits until the service has acknowledged it");
        }
        return await;
    }

    /**
     * What the exchange goes on with.
     *
     * @param early the result if it does not wait for the answer
     * @param late  makes the result of the answer, which is {@code null} if there was nothing to do
     */
    static CompletableFuture<OperationResult> result(
            Acknowledged asked, Await await, OperationContext context, Operation operation, OperationResult early,
            Function<ServerEvent, OperationResult> late) {
        return switch (await) {
            case NONE -> AudioOperations.notAwaited(asked.sent(), context.session(), operation.value())
                    .thenApply(nothing -> early);
            case SENT -> asked.sent().thenApply(nothing -> early);
            default -> asked.answer().thenApply(late);
        };
    }
}
