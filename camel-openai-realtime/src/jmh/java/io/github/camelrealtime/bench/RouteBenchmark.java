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
package io.github.camelrealtime.bench;

import java.util.Base64;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import io.github.camelrealtime.OpenAIRealtimeComponent;
import io.github.camelrealtime.SessionConsumer;
import io.github.camelrealtime.event.EventCodec;
import io.github.camelrealtime.event.ServerEvent;
import io.github.camelrealtime.session.SessionEvent;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * From a frame to a routed exchange, without the socket: decoding, the lane, the hop to the consumer's thread, the
 * exchange with its headers, one processor. What decoding alone costs is in {@link AudioDeltaBenchmark}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RouteBenchmark {

    private static final int BATCH = 500;

    private final AtomicLong routed = new AtomicLong();
    private DefaultCamelContext context;
    private SessionConsumer consumer;
    private String frame;

    @Setup
    public void setUp() throws Exception {
        context = new DefaultCamelContext();
        context.disableJMX();
        OpenAIRealtimeComponent component = context.getComponent("openai-realtime", OpenAIRealtimeComponent.class);
        component.getConfiguration().setApiKey("sk-bench");
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("openai-realtime:bench?eventTypes=audio&connectOn=manual").routeId("bench")
                        .process(exchange -> routed.incrementAndGet());
            }
        });
        context.start();
        consumer = (SessionConsumer) context.getRoute("bench").getConsumer();
        frame = "{\"type\":\"response.output_audio.delta\",\"event_id\":\"event_1\",\"response_id\":\"resp_1\","
                + "\"item_id\":\"item_1\",\"output_index\":0,\"content_index\":0,\"delta\":\""
                + Base64.getEncoder().encodeToString(new byte[4800]) + "\"}";
    }

    @TearDown
    public void tearDown() {
        context.stop();
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long frameToRoute() throws Exception {
        long target = routed.get() + BATCH;
        for (int i = 0; i < BATCH; i++) {
            ServerEvent event = EventCodec.decode(frame);
            consumer.onEvent(new SessionEvent(event, "bench", "sess_1", 1, 0, null, null));
        }
        while (routed.get() < target) {
            Thread.onSpinWait();
        }
        return target;
    }
}
