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

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelrealtime.transport.Transport;

/**
 * One connection of a service that counts samples: it knows of each item which samples it consists of. What it says waits
 * until a test takes it. Its turn detection, if it has one, takes for speech what is louder than half of full scale.
 */
final class CountingService implements Transport {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int LOUD = 16_384;
    private static final int FRAME_MILLIS = 10;
    private static final int PREFIX_MILLIS = 300;
    private static final int SILENCE_MILLIS = 500;

    final int number;
    private final int rate;
    private final int width;
    private final boolean endsTurns;
    /** What it says, in order. */
    final Deque<String> events = new ArrayDeque<>();
    /** Items whose transcript is to come, which it may bring in any order. */
    final List<String> owed = new ArrayList<>();
    final Map<String, int[]> items = new HashMap<>();
    private int[] got = new int[1 << 16];
    private int written;
    private int bufferStart;
    private int heard;
    private int speechStart = -1;
    private int lastLoud;
    boolean alive = true;
    long queued;

    CountingService(int number, int rate, int width, boolean endsTurns) {
        this.number = number;
        this.rate = rate;
        this.width = width;
        this.endsTurns = endsTurns;
    }

    @Override
    public boolean send(String text) {
        if (!alive) {
            return false;
        }
        try {
            take(MAPPER.readTree(text));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
        return true;
    }

    private void take(JsonNode event) {
        switch (event.path("type").asText()) {
            case "input_audio_buffer.append" -> append(Base64.getDecoder().decode(event.path("audio").asText()));
            case "input_audio_buffer.commit" -> {
                if (written - bufferStart < rate / 10) {
                    events.add("{'type':'error','error':{'type':'invalid_request_error','code':"
                               + "'input_audio_buffer_commit_empty','message':'too small','event_id':'"
                               + event.path("event_id").asText() + "'}}");
                } else {
                    speechStart = -1;
                    commit(bufferStart, written);
                }
            }
            case "input_audio_buffer.clear" -> {
                bufferStart = written;
                speechStart = -1;
                events.add("{'type':'input_audio_buffer.cleared'}");
            }
            default -> throw new IllegalArgumentException(event.toString());
        }
    }

    private void append(byte[] audio) {
        int samples = audio.length / width;
        if (written + samples > got.length) {
            got = Arrays.copyOf(got, 2 * (written + samples));
        }
        for (int i = 0; i < samples; i++) {
            got[written++] = width == 1 ? audio[i] & 0xFF : (short) (audio[2 * i] & 0xFF | audio[2 * i + 1] << 8);
        }
        if (endsTurns) {
            listen();
        }
    }

    private void listen() {
        int frame = rate * FRAME_MILLIS / 1000;
        while (heard + frame <= written) {
            boolean loud = false;
            for (int i = heard; i < heard + frame; i++) {
                loud |= Math.abs(got[i]) >= LOUD;
            }
            if (loud && speechStart < 0) {
                speechStart = Math.max(bufferStart, heard - millis(PREFIX_MILLIS));
                speechStart = (speechStart * 1000 / rate) * rate / 1000;
                speechStart = Math.max(bufferStart, speechStart);
                events.add("{'type':'input_audio_buffer.speech_started','item_id':'" + nextId() + "','audio_start_ms':"
                           + speechStart * 1000L / rate + "}");
            }
            heard += frame;
            lastLoud = loud ? heard : lastLoud;
            if (speechStart >= 0 && heard - lastLoud >= millis(SILENCE_MILLIS)) {
                events.add("{'type':'input_audio_buffer.speech_stopped','item_id':'" + nextId() + "','audio_end_ms':"
                           + heard * 1000L / rate + "}");
                int start = speechStart;
                speechStart = -1;
                commit(start, heard);
            }
        }
    }

    private int millis(int millis) {
        return rate * millis / 1000;
    }

    private String nextId() {
        return "item_" + number + "_" + items.size();
    }

    private void commit(int from, int to) {
        String id = nextId();
        items.put(id, Arrays.copyOfRange(got, from, to));
        owed.add(id);
        bufferStart = to;
        events.add("{'type':'input_audio_buffer.committed','item_id':'" + id + "'}");
    }

    /** Brings one of the transcripts that are owed; those not committed to our knowledge come later. */
    String transcript(Random random) {
        return owed.remove(random.nextInt(owed.size()));
    }

    @Override
    public long queuedBytes() {
        return queued;
    }

    @Override
    public void close(int code, String reason) {
        alive = false;
    }

    @Override
    public void abort() {
        alive = false;
    }
}
