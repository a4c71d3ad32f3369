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

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.github.camelrealtime.audio.AudioFormat;
import io.github.camelrealtime.event.ServerEvent;

/**
 * The voice of one response, kept only while somebody waits for it (AOUT-7), and only up to a bound. The pieces are those of
 * the events: nothing is copied until the whole is asked for.
 *
 * <p>Filled by the reader thread; read once the response is done.
 */
final class ReplyAudio {

    private record Part(String itemId, int contentIndex) {
    }

    private final long maxMillis;
    private final Map<Part, List<byte[]>> parts = new LinkedHashMap<>();
    private AudioFormat format;
    private long bytes;

    /** @param maxMillis most audio kept, in ms */
    ReplyAudio(AudioFormat sessionFormat, long maxMillis) {
        this.format = sessionFormat;
        this.maxMillis = maxMillis;
    }

    long maxMillis() {
        return maxMillis;
    }

    /** The response begins, and names its format. */
    void begin(ServerEvent created) {
        format = ResponseEvents.audioFormat(created, format);
    }

    /** Returns whether there was room for it. */
    boolean add(ServerEvent delta) {
        byte[] audio = delta.getAudio();
        if (audio == null || audio.length == 0) {
            return true;
        }
        bytes += audio.length;
        if (format.millisOf(bytes) > maxMillis) {
            parts.clear();
            return false;
        }
        int contentIndex = delta.getContentIndex() == null ? 0 : delta.getContentIndex();
        parts.computeIfAbsent(new Part(delta.getItemId(), contentIndex), part -> new ArrayList<>()).add(audio);
        return true;
    }

    AudioFormat format() {
        return format;
    }

    /** The audio of all items in the order in which they began to be heard, each whole. */
    byte[] ofAll() {
        return of(parts.keySet().stream().map(Part::itemId).filter(Objects::nonNull).distinct().toList());
    }

    /** The audio of these items, in their order, each part whole though their pieces may have come mixed. */
    byte[] of(List<String> itemIds) {
        List<byte[]> pieces = new ArrayList<>();
        for (String itemId : itemIds) {
            parts.entrySet().stream().filter(entry -> itemId.equals(entry.getKey().itemId()))
                    .sorted((one, other) -> Integer.compare(one.getKey().contentIndex(), other.getKey().contentIndex()))
                    .forEach(entry -> pieces.addAll(entry.getValue()));
        }
        byte[] whole = new byte[Math.toIntExact(pieces.stream().mapToLong(piece -> piece.length).sum())];
        int end = 0;
        for (byte[] piece : pieces) {
            System.arraycopy(piece, 0, whole, end, piece.length);
            end += piece.length;
        }
        return whole;
    }
}
