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
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import io.github.camelrealtime.session.Configs;
import io.github.camelrealtime.session.FakeTransports;
import io.github.camelrealtime.session.RealtimeSession;
import io.github.camelrealtime.session.Timers;
import io.github.camelrealtime.transport.TransportListener;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * From a frame to a subscriber, on the socket's thread: decoding, and all that a session of default options does with an
 * audio delta of an answer that goes on.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SessionBenchmark {

    private static final int BYTES = 4_800;

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private TransportListener socket;
    private String frame;
    private long received;

    @Setup
    public void setUp() {
        FakeTransports transports = new FakeTransports();
        RealtimeSession session = new RealtimeSession("bench", Configs.manual().build(), transports, Timers.system(timer));
        session.subscribe(event -> received++);
        session.open();
        transports.last().ready();
        socket = transports.last().listener;
        transports.last().say("{'type':'response.created','event_id':'event_0','response':{'id':'resp_1','status':'in_progress'}}");
        transports.last().say("{'type':'response.output_item.added','event_id':'event_1','response_id':'resp_1','output_index':0,"
                              + "'item':{'id':'item_1','type':'message','role':'assistant','status':'in_progress','content':[]}}");
        frame = "{\"type\":\"response.output_audio.delta\",\"event_id\":\"event_2\",\"response_id\":\"resp_1\","
                + "\"item_id\":\"item_1\",\"output_index\":0,\"content_index\":0,\"delta\":\""
                + Base64.getEncoder().encodeToString(new byte[BYTES]) + "\"}";
    }

    @TearDown
    public void tearDown() {
        timer.shutdownNow();
    }

    @Benchmark
    public long frameToSubscriber() {
        socket.onFrame(frame);
        return received;
    }
}
