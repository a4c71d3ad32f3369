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

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** One item of a conversation, with the audio that belongs to it. */
final class Item {

    private final ObjectNode json;
    private final ByteArrayOutputStream audio = new ByteArrayOutputStream();
    private int bytesPerSecond = WireFormat.PCM.rate() * WireFormat.PCM.bytesPerSample();
    private long truncatedMillis = Long.MAX_VALUE;
    private AudioClip clip;
    /** Milliseconds at which the transcript up to a word has been said. */
    private final NavigableMap<Long, String> spoken = new TreeMap<>();

    /** @param json the item as the wire shows it; from now on this object's own */
    Item(ObjectNode json) {
        this.json = json;
    }

    static Item message(String id, String role, String status) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("id", id).put("type", "message").put("status", status)
                .put("role", role);
        json.putArray("content");
        return new Item(json);
    }

    /** A user's committed audio, not transcribed yet. */
    static Item userAudio(String id) {
        Item item = message(id, "user", "completed");
        item.json.withArray("content").addObject().put("type", "input_audio").putNull("transcript");
        return item;
    }

    String id() {
        return json.path("id").asText();
    }

    String type() {
        return json.path("type").asText();
    }

    String role() {
        return json.path("role").asText();
    }

    /** The live item. */
    ObjectNode json() {
        return json;
    }

    /** The item as of now, for an event. */
    ObjectNode snapshot() {
        return json.deepCopy();
    }

    /** What the user said. */
    void userSound(AudioClip said) {
        clip = said;
        bytesPerSecond = said.sampleRate() * 2;
        audio.writeBytes(said.pcm16());
    }

    /** The latest of what the user said, for somebody to listen to; null if nothing. */
    AudioClip clip() {
        return clip;
    }

    /** Where a piece of transcript begins to be heard. */
    void spoken(String transcriptSoFar) {
        spoken.put(audioMillis(), transcriptSoFar);
    }

    /** The next stretch of what the assistant says, in wire bytes. */
    void assistantSound(WireFormat format, byte[] wire) {
        bytesPerSecond = format.rate() * format.bytesPerSample();
        audio.writeBytes(wire);
    }

    boolean hasAudio() {
        return audio.size() > 0;
    }

    boolean isAssistantAudio() {
        return role().equals("assistant") && hasAudio();
    }

    long audioMillis() {
        return Math.min(audio.size() * 1000L / bytesPerSecond, truncatedMillis);
    }

    /** Cuts assistant audio; the transcript goes with it, or what was not heard of it. */
    void truncateAudio(long millis, boolean keepHeard) {
        truncatedMillis = millis;
        if (keepHeard) {
            Map.Entry<Long, String> last = spoken.floorEntry(millis);
            transcript(last == null ? "" : last.getValue());
            return;
        }
        JsonNode part = json.path("content").path(0);
        if (part instanceof ObjectNode content) {
            content.putNull("transcript");
        }
    }

    void transcript(String text) {
        if (json.path("content").path(0) instanceof ObjectNode part) {
            part.put("transcript", text);
        }
    }

    /** All texts and transcripts in it, joined by blanks. */
    String text() {
        StringBuilder text = new StringBuilder();
        for (JsonNode part : json.path("content")) {
            String words = part.path("text").asText("") + (part.path("transcript").isTextual()
                    ? part.path("transcript").textValue() : "");
            text.append(text.length() == 0 || words.isEmpty() ? "" : " ").append(words);
        }
        return text.toString();
    }

    /** As above, but in the shape of the published sample: content of type {@code audio} with a format. */
    ObjectNode asPublished() {
        ObjectNode copy = withAudio();
        for (JsonNode part : copy.path("content")) {
            if (part.path("type").asText().endsWith("_audio")) {
                ((ObjectNode) part).put("type", "audio").put("format", "pcm16");
            }
        }
        return copy;
    }

    /** The pictures in it. */
    long images() {
        long images = 0;
        for (JsonNode part : json.path("content")) {
            images += part.path("type").asText().equals("input_image") ? 1 : 0;
        }
        return images;
    }

    /** The item as {@code conversation.item.retrieved} shows it: with its audio. */
    ObjectNode withAudio() {
        ObjectNode copy = snapshot();
        if (hasAudio() && copy.path("content").path(0) instanceof ObjectNode part) {
            int kept = truncatedMillis == Long.MAX_VALUE ? audio.size()
                    : (int) Math.min(audio.size(), truncatedMillis * bytesPerSecond / 1000);
            part.put("audio", Base64.getEncoder().encodeToString(Arrays.copyOf(audio.toByteArray(), kept)));
        }
        return copy;
    }
}
