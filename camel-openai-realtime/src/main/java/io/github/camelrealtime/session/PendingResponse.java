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
import java.util.concurrent.TimeoutException;

/**
 * An answer that is waited for without a thread.
 *
 * @param sent   done when the request has been handed to the transport
 * @param result done with the response; fails with what went wrong, with {@link TimeoutException} if it took too long
 */
public record PendingResponse(CompletableFuture<Void> sent, CompletableFuture<ResponseResult> result) {

    static PendingResponse failed(Exception reason) {
        return new PendingResponse(CompletableFuture.failedFuture(reason), CompletableFuture.failedFuture(reason));
    }

    static PendingResponse of(
            String sessionName, ResponseSequencer.Request request, long timeoutMillis, Timers timers, Runnable abandon) {
        CompletableFuture<ResponseResult> result = new CompletableFuture<>();
        request.done.whenComplete((done, failure) -> {
            if (failure == null) {
                result.complete(done);
            } else {
                result.completeExceptionally(failure);
            }
        });
        request.sent.whenComplete((nothing, failure) -> {
            if (failure == null && timeoutMillis > 0) {
                Timers.Cancellable timer = timers.schedule(() -> {
                    if (result.completeExceptionally(new TimeoutException(
                            "Session " + sessionName + ": no response within " + timeoutMillis + " ms (option requestTimeout)"))) {
                        abandon.run();
                    }
                }, timeoutMillis);
                result.whenComplete((done, problem) -> timer.cancel());
            }
        });
        return new PendingResponse(request.sent, result);
    }
}
