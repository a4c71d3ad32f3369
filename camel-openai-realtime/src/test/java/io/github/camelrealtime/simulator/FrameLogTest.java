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
package io.github.camelrealtime.simulator;

import java.util.List;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.simulator.Frame.Direction;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class FrameLogTest {

    private final VirtualClock clock = new VirtualClock(7);

    @Test
    @DisplayName("SIM-4 a full log drops its oldest frames and counts them")
    void bounded() {
        FrameLog log = new FrameLog(clock, 0);
        for (int i = 0; i < FrameLog.MAX_FRAMES + 3; i++) {
            log.add(Direction.SENT, event("e" + i));
        }
        List<Frame> frames = log.snapshot();
        assertThat(frames).hasSize(FrameLog.MAX_FRAMES);
        assertThat(frames.get(0).type()).isEqualTo("e3");
        assertThat(frames.get(0).atMillis()).isEqualTo(7);
        assertThat(log.dropped()).isEqualTo(3);
    }

    @Test
    @DisplayName("SIM-4 audio past the room for it is kept as its length; other events and the frame itself are untouched")
    void audioRoom() {
        FrameLog log = new FrameLog(clock, 1_500);
        ObjectNode append = event("input_audio_buffer.append").put("audio", "A".repeat(1_000));
        log.add(Direction.RECEIVED, append);
        log.add(Direction.RECEIVED, append);
        ObjectNode text = event("response.output_text.delta").put("delta", "B".repeat(1_000));
        log.add(Direction.SENT, text);
        assertThat(log.ofType(Direction.RECEIVED, "input_audio_buffer.append")).extracting(node -> node.path("audio").asText())
                .containsExactly("A".repeat(1_000), "(1000 characters not kept)");
        assertThat(append.path("audio").asText()).hasSize(1_000);
        assertThat(log.snapshot().get(2).json()).isEqualTo(text);
        assertThat(log.ofType(Direction.SENT, "input_audio_buffer.append")).isEmpty();
    }

    private static ObjectNode event(String type) {
        return JsonNodeFactory.instance.objectNode().put("type", type);
    }
}
