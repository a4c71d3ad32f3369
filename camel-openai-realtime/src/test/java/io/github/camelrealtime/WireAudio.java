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

import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelrealtime.simulator.SimulatedSession;

/** What a simulated session has got and given as audio. */
final class WireAudio {

    private WireAudio() {
    }

    /** All appended so far, in wire format. */
    static byte[] appended(SimulatedSession server) {
        return joined(server.received("input_audio_buffer.append"), "audio");
    }

    /** Bytes of audio in each append. */
    static List<Integer> appends(SimulatedSession server) {
        return server.received("input_audio_buffer.append").stream().map(event -> decoded(event, "audio").length).toList();
    }

    /** All of the model's voice so far. */
    static byte[] spoken(SimulatedSession server) {
        return joined(server.sent("response.output_audio.delta"), "delta");
    }

    /** PCM16 as numbers. */
    static short[] samples(byte[] pcm) {
        short[] samples = new short[pcm.length / 2];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (short) (pcm[2 * i] & 0xFF | pcm[2 * i + 1] << 8);
        }
        return samples;
    }

    private static byte[] joined(List<JsonNode> events, String member) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        events.forEach(event -> all.writeBytes(decoded(event, member)));
        return all.toByteArray();
    }

    private static byte[] decoded(JsonNode event, String member) {
        return Base64.getDecoder().decode(event.path(member).asText());
    }
}
