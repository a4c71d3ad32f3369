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

import com.fasterxml.jackson.databind.JsonNode;

/** The audio formats of the wire and how their bytes become samples. */
enum WireFormat {

    PCM("audio/pcm", 24_000, 2),
    ULAW("audio/pcmu", 8_000, 1),
    ALAW("audio/pcma", 8_000, 1);

    private final String type;
    private final int rate;
    private final int bytesPerSample;

    WireFormat(String type, int rate, int bytesPerSample) {
        this.type = type;
        this.rate = rate;
        this.bytesPerSample = bytesPerSample;
    }

    /** @param format a format object that has been validated */
    static WireFormat of(JsonNode format) {
        for (WireFormat known : values()) {
            if (known.type.equals(format.path("type").asText())) {
                return known;
            }
        }
        throw new IllegalArgumentException("No such audio format: " + format);
    }

    /** Samples a second. */
    int rate() {
        return rate;
    }

    int bytesPerSample() {
        return bytesPerSample;
    }

    /** Wire bytes to signed 16-bit little-endian samples; whole samples only. */
    byte[] toPcm16(byte[] wire) {
        if (this == PCM) {
            return wire;
        }
        byte[] pcm = new byte[wire.length * 2];
        for (int i = 0; i < wire.length; i++) {
            Pcm.put(pcm, i, this == ULAW ? G711.fromUlaw(wire[i]) : G711.fromAlaw(wire[i]));
        }
        return pcm;
    }

    /** Samples at this format's rate to wire bytes. */
    byte[] fromSamples(short[] samples) {
        byte[] wire = new byte[samples.length * bytesPerSample];
        for (int i = 0; i < samples.length; i++) {
            switch (this) {
                case PCM -> Pcm.put(wire, i, samples[i]);
                case ULAW -> wire[i] = G711.toUlaw(samples[i]);
                case ALAW -> wire[i] = G711.toAlaw(samples[i]);
            }
        }
        return wire;
    }
}
