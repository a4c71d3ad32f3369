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
import java.util.Random;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelrealtime.event.EventCodec;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Audio in and out at the codec: a {@code response.output_audio.delta} becomes bytes, bytes become an
 * {@code input_audio_buffer.append}. The yardstick is what one would write without thinking: a JSON tree and
 * {@code java.util.Base64}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class AudioDeltaBenchmark {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int BYTES_PER_MILLI = 48;

    @Param({ "20", "100", "400" })
    private int millis;

    private String frame;
    private byte[] audio;

    @Setup
    public void setUp() {
        audio = new byte[millis * BYTES_PER_MILLI];
        new Random(1).nextBytes(audio);
        frame = "{\"type\":\"response.output_audio.delta\",\"event_id\":\"event_E6U0uu5iYiFiuEN7mAc9g\","
                + "\"response_id\":\"resp_E6U0utdfn8rQdwHYPNrmv\",\"item_id\":\"item_E6U0uHIVQSnuTXndsNjl4\","
                + "\"output_index\":0,\"content_index\":0,\"delta\":\"" + Base64.getEncoder().encodeToString(audio) + "\"}";
    }

    @Benchmark
    public byte[] decode() throws Exception {
        return EventCodec.decode(frame).getAudio();
    }

    @Benchmark
    public byte[] decodeByTree() throws Exception {
        JsonNode tree = MAPPER.readTree(frame);
        return Base64.getDecoder().decode(tree.path("delta").textValue());
    }

    @Benchmark
    public String encode() {
        return EventCodec.encodeAppend(audio, 0, audio.length, "evt_1");
    }

    @Benchmark
    public String encodeByTree() throws Exception {
        return MAPPER.writeValueAsString(MAPPER.createObjectNode()
                .put("type", "input_audio_buffer.append").put("event_id", "evt_1")
                .put("audio", Base64.getEncoder().encodeToString(audio)));
    }
}
