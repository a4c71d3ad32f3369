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

import io.github.camelrealtime.event.ServerEvent;

/**
 * What becomes of an event that the service acknowledges.
 *
 * @param sent   done when the event has been handed to the transport
 * @param answer the service's acknowledgement, {@code null} if there was nothing to send; fails if the event could not be sent,
 *               if the service refuses it ({@link RequestRefusedException}) or says nothing within {@code itemAckTimeout}
 *               ({@link TimedOutException}), and if the session is lost
 */
public record Acknowledged(CompletableFuture<Void> sent, CompletableFuture<ServerEvent> answer) {

    /** There is nothing to send, and so nothing to wait for. */
    static final Acknowledged NOTHING
            = new Acknowledged(CompletableFuture.completedFuture(null), CompletableFuture.completedFuture(null));

    static Acknowledged failed(Throwable reason) {
        return new Acknowledged(CompletableFuture.failedFuture(reason), CompletableFuture.failedFuture(reason));
    }
}
