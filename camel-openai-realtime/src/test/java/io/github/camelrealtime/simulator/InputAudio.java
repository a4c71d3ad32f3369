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
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.simulator.TranscriptionScript.Mode;

/** The user's side of the sound: buffer, voice detection, commits. */
final class InputAudio {

    private static final double LEAST_COMMIT_MILLIS = 100;
    /** How much silence is kept for a commit by hand while the voice detector listens. */
    private static final long KEPT_SILENCE_SECONDS = 60;

    private final SessionContext context;
    private final TranscriptionDesk transcriptions;
    private final ResponseEngine responses;
    private final SerialLane lane;
    private final InputBuffer buffer;
    private final List<SampleRange> committed = new CopyOnWriteArrayList<>();
    private SpeechDetector detector;
    private JsonNode detectorConfig;
    private volatile long appended;
    private long cursor;
    private long speechFirst;
    private String speechItemId;

    InputAudio(SessionContext context, TranscriptionDesk transcriptions, ResponseEngine responses, SerialLane lane) {
        this.context = context;
        this.transcriptions = transcriptions;
        this.responses = responses;
        this.lane = lane;
        buffer = new InputBuffer(context.config().inputFormat());
        configured();
    }

    /** The session's configuration has changed. */
    void configured() {
        if (buffer.format() != context.config().inputFormat()) {
            buffer.changeFormat(context.config().inputFormat());
            detectorConfig = null;
        }
        JsonNode wanted = context.config().turnDetection();
        if (!wanted.equals(detectorConfig)) {
            detectorConfig = wanted;
            detector = wanted.isObject() ? new SpeechDetector(wanted) : null;
            cursor = buffer.end();
            speechItemId = null;
        }
    }

    void append(byte[] wire) {
        buffer.append(wire);
        appended = buffer.end();
        listen();
    }

    /** {@code input_audio_buffer.clear}. */
    void clear() {
        buffer.clear();
        cursor = buffer.end();
        speechItemId = null;
        detector = detectorConfig.isObject() ? new SpeechDetector(detectorConfig) : null;
        context.downlink().send(context.downlink().event("input_audio_buffer.cleared"));
    }

    /** {@code input_audio_buffer.commit}. */
    void commit() {
        if (buffer.pendingMillis() < LEAST_COMMIT_MILLIS) {
            throw ProtocolError.of("input_audio_buffer_commit_empty", String.format(Locale.ROOT,
                    "Error committing input audio buffer: buffer too small. Expected at least 100ms of audio, but buffer"
                            + " only has %.2fms of audio.", buffer.pendingMillis()), null);
        }
        SampleRange range = new SampleRange(buffer.first(), buffer.end());
        String itemId = speechItemId == null ? context.ids().item() : speechItemId;
        AudioClip clip = take(range);
        if (speechItemId != null) {
            // the rest of what is being said becomes an item of its own
            speechItemId = context.ids().item();
            speechFirst = buffer.first();
        }
        cursor = Math.max(cursor, buffer.first());
        if (context.behaviour().transcription.mode() == Mode.BEFORE_SPEECH_STOPPED && transcriptions.areConfigured()) {
            lane.hold();
            transcriptions.startAhead(itemId, clip, ahead -> lane.release(() -> {
                ahead.deltas().run();
                announce(itemId, clip, ahead.outcome());
            }));
            return;
        }
        announce(itemId, clip, () -> transcriptions.start(itemId, clip));
    }

    /** Samples appended since the session began. Any thread. */
    long appendedSamples() {
        return appended;
    }

    /** Everything committed so far, in order. Any thread. */
    List<SampleRange> committedRanges() {
        return List.copyOf(committed);
    }

    /** Position of the end of the audio, in milliseconds of all audio. */
    long endMillis() {
        return buffer.millisAt(buffer.end());
    }

    /** True while somebody speaks. */
    boolean isSpeaking() {
        return speechItemId != null;
    }

    /** The idle timeout: commits the silence that is pending, as the service does, and has it answered. */
    void commitSilence(long fromMillis) {
        if (buffer.pendingMillis() < LEAST_COMMIT_MILLIS) {
            return;
        }
        String itemId = context.ids().item();
        context.downlink().send(context.downlink().event("input_audio_buffer.timeout_triggered")
                .put("audio_start_ms", fromMillis).put("audio_end_ms", endMillis()).put("item_id", itemId));
        AudioClip clip = take(new SampleRange(buffer.first(), buffer.end()));
        cursor = Math.max(cursor, buffer.first());
        announce(itemId, clip, () -> {
            transcriptions.start(itemId, clip);
            responses.createAutomatic();
        });
    }

    private void listen() {
        if (detector == null) {
            return;
        }
        int frame = buffer.format().rate() * SpeechDetector.FRAME_MILLIS / 1000;
        boolean listening = true;
        while (listening && buffer.end() - cursor >= frame) {
            double rms = buffer.rms(cursor, frame);
            cursor += frame;
            switch (detector.hear(rms)) {
                case STARTED -> speechStarted(frame);
                case STOPPED -> listening = speechStopped();
                case NONE -> { }
            }
        }
        if (speechItemId == null) {
            buffer.dropBefore(cursor - KEPT_SILENCE_SECONDS * buffer.format().rate());
        }
    }

    private void speechStarted(int frame) {
        long onset = cursor - (long) SpeechDetector.ONSET_FRAMES * frame;
        long prefix = (long) detector.prefixMillis() * buffer.format().rate() / 1000;
        speechFirst = Math.max(buffer.first(), onset - prefix);
        speechItemId = context.ids().item();
        context.downlink().send(context.downlink().event("input_audio_buffer.speech_started")
                .put("audio_start_ms", buffer.millisAt(speechFirst)).put("item_id", speechItemId));
        if (detectorConfig.path("interrupt_response").asBoolean(true)) {
            responses.interrupt();
        }
    }

    /** @return whether to go on listening at once */
    private boolean speechStopped() {
        String itemId = speechItemId;
        speechItemId = null;
        long end = cursor;
        long endMillis = buffer.millisAt(end);
        if (speechFirst == end) {
            // committed by hand up to this very frame: nothing is left of this turn
            sendStopped(endMillis, itemId);
            return true;
        }
        AudioClip clip = take(new SampleRange(speechFirst, end));
        if (context.behaviour().transcription.mode() == Mode.BEFORE_SPEECH_STOPPED && transcriptions.areConfigured()) {
            lane.hold();
            transcriptions.startAhead(itemId, clip, ahead -> lane.release(() -> {
                ahead.deltas().run();
                endTurn(itemId, clip, endMillis, ahead.outcome());
                listen();
            }));
            return false;
        }
        endTurn(itemId, clip, endMillis, () -> transcriptions.start(itemId, clip));
        return true;
    }

    private void endTurn(String itemId, AudioClip clip, long endMillis, Runnable transcribe) {
        sendStopped(endMillis, itemId);
        announce(itemId, clip, () -> {
            transcribe.run();
            if (detectorConfig.path("create_response").asBoolean(true)) {
                responses.createAutomatic();
            }
        });
    }

    private void sendStopped(long endMillis, String itemId) {
        context.downlink().send(context.downlink().event("input_audio_buffer.speech_stopped")
                .put("audio_end_ms", endMillis).put("item_id", itemId));
    }

    private AudioClip take(SampleRange range) {
        byte[] pcm = buffer.take(range);
        committed.add(range);
        return new AudioClip(context.sessionId(), range.first(), range.length(), pcm, buffer.format().rate());
    }

    /** The item joins the conversation; {@code committed} and its events follow as the scenario wants, then what comes next. */
    private void announce(String itemId, AudioClip clip, Runnable next) {
        Item item = Item.userAudio(itemId);
        if (context.config().type() == SessionType.REALTIME) {
            // kept for conversation.item.retrieve; a transcription session has no way to ask for it
            item.userSound(clip);
        }
        String previous = context.conversation().lastId();
        context.conversation().append(item);
        Acknowledgement wish = context.behaviour().committed;
        if (!wish.sent()) {
            return;
        }
        Runnable announcement = () -> {
            Downlink downlink = context.downlink();
            ObjectNode event = downlink.event("input_audio_buffer.committed");
            downlink.send(event.put("previous_item_id", previous).put("item_id", itemId));
            downlink.send(Conversation.itemEvent(downlink, "conversation.item.added", previous, item));
            downlink.send(Conversation.itemEvent(downlink, "conversation.item.done", previous, item));
            next.run();
        };
        if (wish.delay().isZero()) {
            announcement.run();
        } else {
            context.timer().schedule(wish.delay(), announcement);
        }
    }
}
