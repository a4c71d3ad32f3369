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
package io.github.camelrealtime;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

import io.github.camelrealtime.audio.AudioFormat;
import org.apache.camel.Exchange;
import org.apache.camel.spi.ExceptionHandler;
import org.apache.camel.support.DefaultConsumer;

/** Makes exchanges of events, gives them to the route of a consumer, and says whether the route is done with them. */
final class EventRouter {

    private final DefaultConsumer consumer;
    private final EventMapper mapper;
    private final FailedTranscripts failedTranscripts;
    private final LongAdder routed = new LongAdder();

    EventRouter(DefaultConsumer consumer, EventMapper mapper, FailedTranscripts failedTranscripts) {
        this.consumer = consumer;
        this.mapper = mapper;
        this.failedTranscripts = failedTranscripts;
    }

    /**
     * Takes an event through the route.
     *
     * @param format of the model's voice
     * @param done   told once, on this thread or another, whether the event is delivered: the route came to its end, or its
     *               error handler has dealt with the failure. What can never be delivered counts as delivered
     */
    void route(EventQueue.Numbered next, AudioFormat format, Consumer<Boolean> done) {
        Exchange exchange = consumer.createExchange(false);
        boolean failed;
        try {
            mapper.fill(exchange.getMessage(), next, format);
            failed = failedTranscripts.apply(exchange, next.event());
        } catch (RuntimeException e) {
            consumer.releaseExchange(exchange, false);
            handler().handleException("No exchange could be made of an event", e);
            done.accept(true);
            return;
        }
        routed.increment();
        consumer.getAsyncProcessor().process(exchange, doneSync -> {
            // a transcript that there is not will not come by being asked for again
            boolean delivered = failed || exchange.getException() == null && !exchange.isRollbackOnly();
            end(exchange);
            done.accept(delivered);
        });
    }

    /**
     * Gives an event that is not routed any more to the route's error handler, past the route: a dead letter. Returns when
     * that is done with it.
     */
    void refuse(EventQueue.Numbered next, AudioFormat format, Exception reason) {
        Exchange exchange = consumer.createExchange(false);
        try {
            mapper.fill(exchange.getMessage(), next, format);
            FailedTranscripts.fail(exchange, reason);
            consumer.getProcessor().process(exchange);
        } catch (Exception e) {
            exchange.setException(e);
        }
        end(exchange);
    }

    private void end(Exchange exchange) {
        if (exchange.getException() != null) {
            handler().handleException("Error processing exchange", exchange, exchange.getException());
        }
        consumer.releaseExchange(exchange, false);
    }

    private ExceptionHandler handler() {
        return consumer.getExceptionHandler();
    }

    /** Events given to the route, each time they were. */
    long routed() {
        return routed.sum();
    }
}
