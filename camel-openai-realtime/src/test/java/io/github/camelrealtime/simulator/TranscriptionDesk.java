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

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.simulator.TranscriptionScript.Mode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has committed audio transcribed on worker threads and tells the client, in the way the scenario wants. */
final class TranscriptionDesk {

    private static final Logger LOG = LoggerFactory.getLogger(TranscriptionDesk.class);
    private static final int REMEMBERED = 8;
    private static final String PREFIX = "conversation.item.input_audio_transcription.";

    private final SessionContext context;
    private final Transcriber transcriber;
    private final OutOfOrder outOfOrder;
    /** What has been heard or is being listened to, if the model listens too: the ears work once. */
    private final Map<AudioClip, Hearing> hearings = new LinkedHashMap<>();

    TranscriptionDesk(SessionContext context, Transcriber transcriber) {
        this.context = context;
        this.transcriber = transcriber;
        outOfOrder = new OutOfOrder(context.timer(), script().delay());
    }

    /** Whether the session wants transcripts at all. */
    boolean areConfigured() {
        return context.config().transcription().isObject() && script().mode() != Mode.NEVER;
    }

    /** Hears what the user said, for the model. */
    void listen(AudioClip clip, Consumer<Transcription> receiver) {
        if (!context.scenario().listens()) {
            context.background().run(() -> hear(clip), receiver);
            return;
        }
        Hearing known = hearings.get(clip);
        if (known != null) {
            known.whenHeard(receiver);
            return;
        }
        Hearing hearing = new Hearing();
        hearings.put(clip, hearing);
        if (hearings.size() > REMEMBERED) {
            hearings.remove(hearings.keySet().iterator().next());
        }
        hearing.whenHeard(receiver);
        context.background().run(() -> hear(clip), hearing::heard);
    }

    /** Transcribes an item that has been announced. */
    void start(String itemId, AudioClip clip) {
        if (!areConfigured()) {
            return;
        }
        JsonNode config = context.config().transcription();
        if (script().mode() == Mode.FAILED) {
            tell(itemId, clip, config, Transcription.failed(script().code(), script().message()));
            return;
        }
        int place = outOfOrder.enter();
        listen(clip, heard -> {
            Runnable telling = () -> tell(itemId, clip, config, heard);
            switch (script().mode()) {
                case LATE -> context.timer().schedule(script().delay(), telling);
                case OUT_OF_ORDER -> outOfOrder.leave(place, telling);
                default -> telling.run();
            }
        });
    }

    /**
     * Transcribes before the item is announced.
     *
     * @param receiver called on a worker thread, with what is left to be sent
     */
    void startAhead(String itemId, AudioClip clip, Consumer<Ahead> receiver) {
        JsonNode config = context.config().transcription();
        context.background().runHeld(() -> hear(clip), heard -> receiver.accept(new Ahead(
                () -> tellDeltas(itemId, config, heard), () -> tellOutcome(itemId, clip, config, heard))));
    }

    /**
     * A transcription that came before its item. Both to be run on the lane.
     *
     * @param deltas  sends the partial transcripts
     * @param outcome sends the final one, or the failure
     */
    record Ahead(Runnable deltas, Runnable outcome) {
    }

    private void tell(String itemId, AudioClip clip, JsonNode config, Transcription heard) {
        tellDeltas(itemId, config, heard);
        tellOutcome(itemId, clip, config, heard);
    }

    private Transcription hear(AudioClip clip) {
        try {
            return transcriber.transcribe(clip);
        } catch (RuntimeException e) {
            LOG.warn("The transcriber failed on samples {}..{} of {}", clip.firstSample(),
                    clip.firstSample() + clip.samples(), clip.sessionId(), e);
            return Transcription.failed("transcription_error", "Input transcription failed.");
        }
    }

    private void tellDeltas(String itemId, JsonNode config, Transcription heard) {
        if (heard.isFailure()) {
            return;
        }
        // whisper-1 does not stream: one delta, equal to the whole
        Iterable<String> deltas = config.path("model").asText().equals("whisper-1") && !heard.text().isEmpty()
                ? List.of(heard.text()) : heard.deltas();
        for (String delta : deltas) {
            ObjectNode event = event("delta", itemId);
            context.downlink().send(context.downlink().delta(event, delta));
        }
    }

    private void tellOutcome(String itemId, AudioClip clip, JsonNode config, Transcription heard) {
        if (heard.isFailure()) {
            ObjectNode failed = event("failed", itemId);
            failed.putObject("error").put("type", "server_error").put("code", heard.failureCode())
                    .put("message", heard.failureMessage()).putNull("param");
            context.downlink().send(failed);
            return;
        }
        Item item = context.conversation().find(itemId);
        if (item != null) {
            item.transcript(heard.text());
        }
        if (config.path("model").asText().equals("gpt-4o-transcribe-diarize")) {
            int number = 1;
            for (Transcription.Segment segment : heard.segments(clip.millis())) {
                context.downlink().send(event("segment", itemId).put("id", "seg_" + number++)
                        .put("speaker", segment.speaker()).put("text", segment.text())
                        .put("start", segment.startMillis() / 1000.0).put("end", segment.endMillis() / 1000.0));
            }
        }
        ObjectNode completed = event("completed", itemId).put("transcript", heard.text());
        if (ModelProfile.takesKeywords(config.path("model").asText())) {
            ArrayNode languages = completed.putArray("languages");
            for (JsonNode language : config.path("languages").isEmpty() ? List.of(config.path("language")) : config.path("languages")) {
                languages.add(language.asText("en").equals("null") ? "en" : language.asText("en"));
            }
        }
        completed.set("usage", TokenMeter.transcription(config.path("model").asText(), clip, heard.text()));
        if (context.config().includesLogprobs()) {
            completed.set("logprobs", logprobs(completed.arrayNode(), heard));
        }
        context.downlink().send(completed);
    }

    private ObjectNode event(String name, String itemId) {
        return context.downlink().event(PREFIX + name).put("item_id", itemId).put("content_index", 0);
    }

    private static ArrayNode logprobs(ArrayNode list, Transcription heard) {
        for (String token : heard.deltas()) {
            ObjectNode entry = list.addObject().put("token", token).put("logprob", -0.01);
            ArrayNode bytes = entry.putArray("bytes");
            for (byte value : token.getBytes(StandardCharsets.UTF_8)) {
                bytes.add(value & 0xFF);
            }
        }
        return list;
    }

    /** One clip's hearing, and who waits for it. */
    private static final class Hearing {

        private final List<Consumer<Transcription>> waiting = new ArrayList<>();
        private Transcription result;

        private void whenHeard(Consumer<Transcription> receiver) {
            if (result == null) {
                waiting.add(receiver);
            } else {
                receiver.accept(result);
            }
        }

        private void heard(Transcription transcription) {
            result = transcription;
            List<Consumer<Transcription>> receivers = List.copyOf(waiting);
            waiting.clear();
            receivers.forEach(receiver -> receiver.accept(transcription));
        }
    }

    private TranscriptionScript script() {
        return context.behaviour().transcription;
    }
}
