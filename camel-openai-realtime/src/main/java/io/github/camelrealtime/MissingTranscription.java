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

import java.util.concurrent.atomic.AtomicBoolean;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.event.EventFilter;
import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.session.RealtimeSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says once that there will be no transcripts of the user, to whom wants some: the service makes none by itself (TRX-10).
 * Not to those who take what comes when transcription has been switched off on purpose.
 */
final class MissingTranscription {

    private static final Logger LOG = LoggerFactory.getLogger(MissingTranscription.class);

    private final OpenAIRealtimeEndpoint endpoint;
    private final boolean wanted;
    private final AtomicBoolean warned = new AtomicBoolean();

    MissingTranscription(OpenAIRealtimeEndpoint endpoint, EventFilter filter) {
        this.endpoint = endpoint;
        this.wanted = filter.accepts(EventTypes.CONVERSATION_ITEM_INPUT_AUDIO_TRANSCRIPTION_COMPLETED)
                || filter.accepts(EventTypes.CONVERSATION_ITEM_INPUT_AUDIO_TRANSCRIPTION_DELTA);
    }

    void check(RealtimeSession source) {
        boolean byDefault = endpoint.getConfiguration().getEventTypes() == null;
        if (wanted && !source.config().transcribesInput() && !(byDefault && isSwitchedOff(source))
                && warned.compareAndSet(false, true)) {
            LOG.warn("{} consumes transcripts, but session {} does not transcribe the user's speech: set option "
                     + "transcriptionModel, such as gpt-live-transcribe (or none, if none are wanted)",
                    endpoint, source.name());
        }
    }

    private static boolean isSwitchedOff(RealtimeSession source) {
        ObjectNode update = source.config().firstUpdate();
        return update != null && update.path("audio").path("input").path("transcription").isNull();
    }
}
