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

import org.apache.camel.Exchange;

/** One kind of thing that a producer does with an exchange. */
@FunctionalInterface
public interface SessionOperation {

    /**
     * Starts the operation. The exchange's body and headers are read before this returns or, for streams, by the worker; they
     * are not written.
     *
     * @return          done, on any thread, when the exchange may go on; fails with what the exchange is to fail with
     * @throws Exception if the exchange cannot be used; the same as a failed future
     */
    CompletableFuture<OperationResult> start(Exchange exchange, OperationContext context) throws Exception;
}
