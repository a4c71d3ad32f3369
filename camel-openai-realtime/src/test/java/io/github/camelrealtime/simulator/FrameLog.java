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

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.simulator.Frame.Direction;

/**
 * What crossed one session's wire, both ways. Bounded: the oldest frames fall out past {@value #MAX_FRAMES}, and audio
 * past the given amount is kept as its length only, so that a day of virtual time fits into memory. Any thread.
 */
final class FrameLog {

    static final int MAX_FRAMES = 200_000;

    private static final List<String> AUDIO_MEMBERS = List.of("audio", "delta");
    private static final int SHORT = 512;

    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Frame> frames = new ArrayDeque<>();
    private final SimulatorClock clock;
    private final TraceCheck check = new TraceCheck();
    private long audioRoom;
    private long dropped;
    private boolean lost;

    /** @param audioCharacters how many characters of base64 audio are kept in full */
    FrameLog(SimulatorClock clock, long audioCharacters) {
        this.clock = clock;
        this.audioRoom = audioCharacters;
    }

    void add(Direction direction, JsonNode json) {
        add(direction, json, false);
    }

    /** A frame that a test or a fault made up and sent. */
    void addScripted(JsonNode json) {
        add(Direction.SENT, json, true);
    }

    private void add(Direction direction, JsonNode json, boolean scripted) {
        String type = json.path("type").asText("");
        lock.lock();
        try {
            Frame frame = new Frame(direction, type, withinRoom(type, json), clock.millis(), scripted);
            frames.addLast(frame);
            check.look(frame);
            if (frames.size() > MAX_FRAMES) {
                frames.removeFirst();
                dropped++;
            }
        } finally {
            lock.unlock();
        }
    }

    List<Frame> snapshot() {
        lock.lock();
        try {
            return List.copyOf(frames);
        } finally {
            lock.unlock();
        }
    }

    List<JsonNode> ofType(Direction direction, String type) {
        return snapshot().stream()
                .filter(frame -> frame.direction() == direction && frame.type().equals(type))
                .map(Frame::json)
                .toList();
    }

    /** An event that was to be sent and was not: what follows cannot be judged as if it had been. */
    void lost() {
        lock.lock();
        try {
            lost = true;
        } finally {
            lock.unlock();
        }
    }

    /** A close frame has been sent. */
    void closed() {
        lock.lock();
        try {
            check.closed();
        } finally {
            lock.unlock();
        }
    }

    /** What is wrong with the frames, those that fell out of a full log included; nothing where a fault has taken some away. */
    List<String> violations() {
        lock.lock();
        try {
            return lost ? List.of() : check.violations();
        } finally {
            lock.unlock();
        }
    }

    /** Frames that fell out because the log was full. */
    long dropped() {
        lock.lock();
        try {
            return dropped;
        } finally {
            lock.unlock();
        }
    }

    private JsonNode withinRoom(String type, JsonNode json) {
        if (!type.equals("input_audio_buffer.append") && !type.equals("response.output_audio.delta")) {
            return json;
        }
        JsonNode kept = json;
        for (String member : AUDIO_MEMBERS) {
            int length = json.path(member).asText("").length();
            audioRoom -= length;
            if (audioRoom < 0 && length > SHORT) {
                kept = ((ObjectNode) kept).deepCopy().put(member, "(" + length + " characters not kept)");
            }
        }
        return kept;
    }
}
