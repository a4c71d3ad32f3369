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

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.simulator.Frame.Direction;

/**
 * What crossed the wire of one session, to be kept, looked at and played again, see {@link Scenario.Builder#replay}.
 *
 * <p>On disk it is a file of JSON lines. The first says which version it is and what the session was: {@code
 * {"recording":1,"type":"realtime","model":"gpt-realtime"}}. Each other line is an event or the end: {@code
 * {"at":120,"from":"client","event":{…}}} and {@code {"at":9000,"from":"server","close":{"code":1000,"reason":"OK"}}}, {@code at}
 * in ms since the first. Audio lies beside it, {@code name.client.audio} and {@code name.server.audio}, as the bytes of the wire
 * without base64; the event has {@code {"file":"client","offset":0,"length":4800}} in its place. What may be secret is masked
 * when the recording is made, and {@code expires_at} is told in seconds after the beginning.
 */
public final class Recording {

    private static final int VERSION = 1;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> SIDES = List.of("client", "server");

    private final SessionType type;
    private final String model;
    private final List<Line> lines;

    Recording(SessionType type, String model, List<Line> lines) {
        this.type = type;
        this.model = model;
        this.lines = List.copyOf(lines);
    }

    /**
     * One line.
     *
     * @param at     ms since the first
     * @param client whether the client sent it
     * @param event  the event, audio included; null for a close
     * @param code   close code; 0 for an event
     * @param reason of the close; null for an event
     */
    record Line(long at, boolean client, JsonNode event, int code, String reason) {
    }

    /** Everything a session has said and heard so far; see {@link RealtimeSimulator.Builder#retainedAudio} for how much audio is kept. */
    public static Recording of(SimulatedSession session) {
        List<Frame> frames = session.frames();
        long start = frames.isEmpty() ? 0 : frames.get(0).atMillis();
        List<Line> lines = new ArrayList<>();
        for (Frame frame : frames) {
            lines.add(new Line(frame.atMillis() - start, frame.direction() == Direction.RECEIVED,
                    Sanitiser.withoutSecrets(frame.json(), start), 0, null));
        }
        if (!session.isOpen()) {
            long last = lines.isEmpty() ? 0 : lines.get(lines.size() - 1).at();
            lines.add(new Line(last, session.isClosedByClient(), null, session.closeCode(), session.closeReason()));
        }
        return new Recording(session.type(), session.model(), lines);
    }

    /** The same without what was said: texts, transcripts, arguments and instructions give way to their lengths, audio to silence. */
    public Recording withoutContent() {
        return new Recording(type, model, lines.stream().map(line -> new Line(line.at(), line.client(),
                line.event() == null ? null : Sanitiser.withoutContent(line.event()), line.code(), line.reason())).toList());
    }

    public SessionType type() {
        return type;
    }

    /** The conversation's model; null in a transcription session. */
    public String model() {
        return model;
    }

    /** Client events in order; for somebody who plays the client. */
    public List<JsonNode> clientEvents() {
        return lines.stream().filter(line -> line.client() && line.event() != null).map(Line::event).toList();
    }

    List<Line> lines() {
        return lines;
    }

    /** Whether both say the same in the same order, whatever the times. */
    public boolean saysTheSameAs(Recording other) {
        return type == other.type && untimed().equals(other.untimed());
    }

    /** As text: numbers that have been read are of other kinds than numbers that were made. */
    private List<String> untimed() {
        return lines.stream().map(line -> line.client() + " " + line.event() + " " + line.code() + " " + line.reason()).toList();
    }

    // ---- files

    /**
     * Writes it, and its audio beside it.
     *
     * @param file {@code name.jsonl}; what is there is replaced
     */
    public void write(Path file) throws IOException {
        List<ByteArrayOutputStream> audio = List.of(new ByteArrayOutputStream(), new ByteArrayOutputStream());
        StringBuilder text = new StringBuilder();
        text.append(JSON.createObjectNode().put("recording", VERSION).put("type", type.wireName()).put("model", model)).append('\n');
        for (Line line : lines) {
            int side = line.client() ? 0 : 1;
            ObjectNode json = JSON.createObjectNode().put("at", line.at()).put("from", SIDES.get(side));
            if (line.event() == null) {
                json.putObject("close").put("code", line.code()).put("reason", line.reason());
            } else {
                json.set("event", aside(line.event(), SIDES.get(side), audio.get(side)));
            }
            text.append(json).append('\n');
        }
        Files.writeString(file, text);
        for (int side = 0; side < SIDES.size(); side++) {
            Files.write(beside(file, SIDES.get(side)), audio.get(side).toByteArray());
        }
    }

    /**
     * Reads what {@link #write} has written.
     *
     * @throws IOException              if a file cannot be read
     * @throws IllegalArgumentException if it is no recording, or of another version
     */
    public static Recording read(Path file) throws IOException {
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            JsonNode head = JSON.readTree(reader.readLine());
            if (head == null || head.path("recording").asInt() != VERSION) {
                throw new IllegalArgumentException(file + ": not a recording of version " + VERSION);
            }
            List<byte[]> audio = new ArrayList<>();
            for (String side : SIDES) {
                audio.add(Files.readAllBytes(beside(file, side)));
            }
            List<Line> lines = new ArrayList<>();
            for (String text = reader.readLine(); text != null; text = reader.readLine()) {
                lines.add(line(JSON.readTree(text), audio));
            }
            SessionType type = head.path("type").asText().equals(SessionType.TRANSCRIPTION.wireName())
                    ? SessionType.TRANSCRIPTION : SessionType.REALTIME;
            return new Recording(type, head.path("model").asText(null), lines);
        }
    }

    private static Line line(JsonNode json, List<byte[]> audio) {
        boolean client = json.path("from").asText().equals(SIDES.get(0));
        JsonNode close = json.path("close");
        return json.has("event") ? new Line(json.path("at").asLong(), client, back(json.get("event"), audio), 0, null)
                : new Line(json.path("at").asLong(), client, null, close.path("code").asInt(), close.path("reason").asText());
    }

    private static Path beside(Path file, String side) {
        String name = file.getFileName().toString();
        return file.resolveSibling((name.endsWith(".jsonl") ? name.substring(0, name.length() - ".jsonl".length()) : name) + "." + side
                                   + ".audio");
    }

    private static JsonNode aside(JsonNode event, String side, ByteArrayOutputStream audio) {
        String member = Sanitiser.audioMember(event);
        if (member == null) {
            return event;
        }
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(event.path(member).textValue());
        } catch (IllegalArgumentException e) {
            // no audio, or audio that was not kept: as it is
            return event;
        }
        if (!Base64.getEncoder().encodeToString(bytes).equals(event.path(member).textValue())) {
            return event;
        }
        ObjectNode copy = event.deepCopy();
        copy.putObject(member).put("file", side).put("offset", audio.size()).put("length", bytes.length);
        audio.writeBytes(bytes);
        return copy;
    }

    private static JsonNode back(JsonNode event, List<byte[]> audio) {
        for (String member : Sanitiser.AUDIO_MEMBERS) {
            JsonNode place = event.path(member);
            if (place.isObject() && place.has("offset")) {
                int offset = place.path("offset").asInt();
                byte[] all = audio.get(SIDES.indexOf(place.path("file").asText()));
                byte[] bytes = Arrays.copyOfRange(all, offset, offset + place.path("length").asInt());
                ((ObjectNode) event).set(member, JsonNodeFactory.instance.textNode(Base64.getEncoder().encodeToString(bytes)));
            }
        }
        return event;
    }
}
