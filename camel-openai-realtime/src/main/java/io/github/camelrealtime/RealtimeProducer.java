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

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.LongAdder;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelrealtime.operation.Operation;
import io.github.camelrealtime.operation.OperationContext;
import io.github.camelrealtime.operation.OperationResult;
import io.github.camelrealtime.operation.OperationSettings;
import io.github.camelrealtime.operation.Overrides;
import io.github.camelrealtime.session.Answer;
import io.github.camelrealtime.session.RealtimeSession;
import io.github.camelrealtime.session.ResponseFailedException;
import io.github.camelrealtime.session.ResponseResult;
import io.github.camelrealtime.session.TimedOutException;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeTimedOutException;
import org.apache.camel.Message;
import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.WritableHealthCheckRepository;
import org.apache.camel.spi.RouteIdAware;
import org.apache.camel.support.DefaultAsyncProducer;

/**
 * What the producers have in common: an operation gives a future, the future ends the exchange, exactly once. If it is
 * done at once the exchange goes on on the caller's thread; if not, on a worker, as futures are completed on threads of
 * the socket and the timer.
 */
public abstract class RealtimeProducer extends DefaultAsyncProducer implements RouteIdAware {

    private final LongAdder started = new LongAdder();
    private final LongAdder ended = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private OperationSettings settings;
    private HealthCheck healthCheck;
    /** A producer of a template has none. */
    private String routeId;

    RealtimeProducer(OpenAIRealtimeEndpoint endpoint) {
        super(endpoint);
    }

    @Override
    public OpenAIRealtimeEndpoint getEndpoint() {
        return (OpenAIRealtimeEndpoint) super.getEndpoint();
    }

    OpenAIRealtimeComponent component() {
        return getEndpoint().getComponent();
    }

    OperationSettings settings() {
        return settings;
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        settings = getEndpoint().operationSettings();
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        WritableHealthCheckRepository checks = healthChecks();
        if (checks != null) {
            healthCheck = new SessionHealthCheck(
                    "producer:openai-realtime-" + (routeId == null ? getEndpoint().getName() : routeId), getEndpoint(),
                    this::complaint);
            healthCheck.setEnabled(component().isHealthCheckProducerEnabled());
            checks.addHealthCheck(healthCheck);
        }
    }

    @Override
    protected void doStop() throws Exception {
        WritableHealthCheckRepository checks = healthChecks();
        if (checks != null && healthCheck != null) {
            checks.removeHealthCheck(healthCheck);
        }
        healthCheck = null;
        super.doStop();
    }

    @Override
    public String getRouteId() {
        return routeId;
    }

    @Override
    public void setRouteId(String routeId) {
        this.routeId = routeId;
    }

    @ManagedAttribute(description = "Operation of the endpoint; a header may ask for another")
    public String getOperation() {
        return getEndpoint().getConfiguration().getOperation().value();
    }

    @ManagedAttribute(description = "Operations begun and not ended")
    public long getPendingOperations() {
        return Math.max(0, started.sum() - ended.sum());
    }

    @ManagedAttribute(description = "Operations that failed")
    public long getFailedOperations() {
        return failed.sum();
    }

    /** What is wrong beyond the state of sessions, for the health check; {@code null} if nothing is. */
    String complaint() {
        return null;
    }

    private WritableHealthCheckRepository healthChecks() {
        return HealthCheckHelper.getHealthCheckRepository(
                getEndpoint().getCamelContext(), "producers", WritableHealthCheckRepository.class);
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        CompletableFuture<OperationResult> future;
        started.increment();
        try {
            future = start(exchange);
        } catch (Exception e) {
            failed.increment();
            ended.increment();
            exchange.setException(e);
            callback.done(true);
            return true;
        }
        if (future.isDone()) {
            future.whenComplete((result, failure) -> finish(exchange, result, failure));
            callback.done(true);
            return true;
        }
        future.whenComplete((result, failure) -> {
            Runnable rest = () -> {
                finish(exchange, result, failure);
                callback.done(false);
            };
            if (!isQueued(rest)) {
                // the component has stopped: nobody else can end this exchange
                rest.run();
            }
        });
        return false;
    }

    private boolean isQueued(Runnable work) {
        ExecutorService worker = component().worker();
        try {
            if (worker != null) {
                worker.execute(work);
            }
            return worker != null;
        } catch (RejectedExecutionException stopped) {
            return false;
        }
    }

    /**
     * What the exchange asks for: the header, which stays, or else the option.
     *
     * @throws IllegalArgumentException naming the header and what is possible, if it holds anything else
     */
    Operation operation(Exchange exchange) {
        Object header = exchange.getMessage().getHeader(OpenAIRealtimeConstants.OPERATION);
        if (header == null) {
            return getEndpoint().getConfiguration().getOperation();
        }
        if (header instanceof Operation operation) {
            return operation;
        }
        try {
            return Operation.fromValue(header.toString());
        } catch (IllegalArgumentException e) {
            String kind = header instanceof String ? "" : ", of type " + header.getClass().getSimpleName();
            throw new IllegalArgumentException("Header " + OpenAIRealtimeConstants.OPERATION + kind + ": " + e.getMessage(), e);
        }
    }

    /** Starts the operation that the exchange asks for. */
    abstract CompletableFuture<OperationResult> start(Exchange exchange) throws Exception;

    OperationContext context(RealtimeSession session, Overrides overrides) {
        return new OperationContext(
                session, settings, component().timersInUse(), component().worker(), component().registry()::close, overrides);
    }

    private void finish(Exchange exchange, OperationResult result, Throwable failure) {
        ended.increment();
        if (failure != null) {
            failed.increment();
            Throwable cause = translate(exchange, failure);
            if (cause instanceof ResponseFailedException ended) {
                ended(exchange.getMessage(), ended);
            }
            exchange.setException(cause);
            return;
        }
        Message message = exchange.getMessage();
        if (result.reply() != null) {
            message.setBody(result.reply());
        }
        if (result.itemId() != null) {
            message.setHeader(OpenAIRealtimeConstants.ITEM_ID, result.itemId());
        }
        if (result.audio() != null) {
            message.setHeader(OpenAIRealtimeConstants.AUDIO_FORMAT, result.audio().toString());
            message.setHeader(OpenAIRealtimeConstants.SAMPLE_RATE, result.audio().sampleRate());
        }
        if (result.imageBytes() > 0) {
            message.setHeader(OpenAIRealtimeConstants.IMAGE_BYTES, result.imageBytes());
        }
        if (result.transcript() != null) {
            message.setHeader(OpenAIRealtimeConstants.SESSION_NAME, result.transcript().getSessionName());
        }
        if (result.inputItemId() != null) {
            message.setHeader(OpenAIRealtimeConstants.INPUT_ITEM_ID, result.inputItemId());
        }
        if (result.answer() != null) {
            answer(message, result.answer());
        }
    }

    /** How it ended, for routes that handle the failure. */
    private static void ended(Message message, ResponseFailedException ended) {
        message.setHeader(OpenAIRealtimeConstants.RESPONSE_ID, ended.getResponseId());
        message.setHeader(OpenAIRealtimeConstants.RESPONSE_STATUS, ended.getStatus());
        if (ended.getReason() != null) {
            message.setHeader(OpenAIRealtimeConstants.STATUS_REASON, ended.getReason());
        }
        if (ended.getCode() != null) {
            message.setHeader(OpenAIRealtimeConstants.ERROR_CODE, ended.getCode());
        }
    }

    private void answer(Message message, Answer answer) {
        response(message, answer.response());
        if (answer.inputTranscript() != null) {
            message.setHeader(OpenAIRealtimeConstants.INPUT_TRANSCRIPT, answer.inputTranscript());
        }
        if (answer.isSpoken()) {
            message.setHeader(OpenAIRealtimeConstants.TRANSCRIPT, answer.response().text());
            message.setHeader(OpenAIRealtimeConstants.AUDIO_FORMAT, answer.audioFormat().toString());
            message.setHeader(OpenAIRealtimeConstants.SAMPLE_RATE, answer.audioFormat().sampleRate());
            message.setHeader(Exchange.CONTENT_TYPE, settings.reply().contentType());
        }
    }

    private static void response(Message message, ResponseResult response) {
        message.setHeader(OpenAIRealtimeConstants.RESPONSE_ID, response.responseId());
        message.setHeader(OpenAIRealtimeConstants.RESPONSE_STATUS, response.status());
        tokens(message, OpenAIRealtimeConstants.INPUT_TOKENS, response.usage().path("input_tokens"));
        tokens(message, OpenAIRealtimeConstants.OUTPUT_TOKENS, response.usage().path("output_tokens"));
        tokens(message, OpenAIRealtimeConstants.TOTAL_TOKENS, response.usage().path("total_tokens"));
    }

    private static void tokens(Message message, String header, JsonNode number) {
        if (number.isInt()) {
            message.setHeader(header, number.intValue());
        }
    }

    private static Throwable translate(Exchange exchange, Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof CancellationException) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof TimedOutException late) {
            ExchangeTimedOutException timedOut
                    = new ExchangeTimedOutException(exchange, late.getTimeoutMillis(), late.getMessage());
            timedOut.initCause(late);
            return timedOut;
        }
        return cause;
    }
}
