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

import java.util.concurrent.atomic.LongAdder;

import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.event.ServerEvent;

/**
 * What becomes of final transcripts when their turn has come: one that says again what an earlier epoch gave out is kept back
 * ({@link EmittedAudio}), and the user's say up to where all are out ({@link Checkpoint}). Thread-safe.
 */
final class Finals {

    private final EmittedAudio emitted = new EmittedAudio();
    private final Checkpoint checkpoint;
    private final LongAdder repeated = new LongAdder();

    /** @param timeoutMillis from a commit until no final is expected any more */
    Finals(long timeoutMillis, Timers timers) {
        this.checkpoint = new Checkpoint(timeoutMillis, timers);
    }

    /** The user's audio was committed, and a final is to come. */
    void committed(Epoch epoch, ServerEvent event) {
        if (event.getItemId() != null) {
            checkpoint.committed(event.getItemId(), epoch.number, epoch.spans.find(event.getItemId()));
        }
    }

    /**
     * Takes a final just before it is given out.
     *
     * @return what is to be given out; {@code null} if nothing, as an earlier epoch has said it
     */
    SessionEvent take(Epoch epoch, SessionEvent event) {
        String type = event.event().getType();
        if (!EventTypes.settlesTranscript(type) || event.event().getItemId() == null) {
            // the model's: its audio is not given twice; or of nobody knows what
            return event;
        }
        Spans.Span span = epoch.spans.find(event.event().getItemId());
        Long settled = checkpoint.settled(event.event().getItemId(), span);
        if (emitted.has(epoch.number, span)) {
            repeated.increment();
            return null;
        }
        if (EventTypes.CONVERSATION_ITEM_INPUT_AUDIO_TRANSCRIPTION_COMPLETED.equals(type)) {
            emitted.add(epoch.number, span);
        }
        return event.settledTo(settled);
    }

    /** No final has come for an item in time; where all is settled now, {@code null} if unknown. */
    Long missing(Epoch epoch, String itemId) {
        return checkpoint.settled(itemId, epoch.spans.find(itemId));
    }

    /** Another stream begins, whose positions count from its own beginning. */
    void streamBegins() {
        emitted.clear();
        checkpoint.clear();
    }

    /** Finals kept back because an earlier epoch had given them out. */
    long repeated() {
        return repeated.sum();
    }
}
