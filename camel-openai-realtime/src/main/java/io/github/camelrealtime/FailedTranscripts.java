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

import io.github.camelrealtime.event.EventFilter;
import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.session.LocalEvents;
import io.github.camelrealtime.session.SessionEvent;
import io.github.camelrealtime.session.TranscriptAssembler;
import io.github.camelrealtime.session.TranscriptionFailedException;
import org.apache.camel.Exchange;

/**
 * Makes a failed exchange of speech for which there is no transcript, so that a route of transcripts gets transcripts and
 * nothing else, and what is missing goes where all failures of the route go.
 *
 * <p>Unless the option says otherwise this holds for consumers that asked for transcripts; who asked for errors, for this
 * event or for everything gets the event.
 */
final class FailedTranscripts {

    private static final String TRANSCRIPT = "transcript";

    private final EventFilter filter;
    private final FailedTranscriptHandling handling;

    /** @param handling {@code null} if the option is not set */
    FailedTranscripts(EventFilter filter, FailedTranscriptHandling handling) {
        this.filter = filter;
        this.handling = handling;
    }

    /**
     * Fails the exchange if it is to be; it has its headers and body already.
     *
     * @return whether it is to be
     */
    boolean apply(Exchange exchange, SessionEvent event) {
        String type = event.event().getType();
        boolean failed = EventTypes.CONVERSATION_ITEM_INPUT_AUDIO_TRANSCRIPTION_FAILED.equals(type)
                || LocalEvents.TRANSCRIPT_MISSING.equals(type);
        if (!failed || !isException(type)) {
            return false;
        }
        fail(exchange, failure(event));
        return true;
    }

    /** Makes an exchange one for the route's error handler and not for the route. */
    static void fail(Exchange exchange, Exception failure) {
        exchange.setException(failure);
        // an error handler takes an exchange that comes to it with an exception for one that the route has failed; this keeps it
        // from trying again by way of the route. Not the marks of bridgeErrorHandler: with them no route can be the dead letter
        // endpoint, as its error handler would take the exchange for failed too
        exchange.setRollbackOnly(true);
    }

    private boolean isException(String type) {
        return handling == null ? filter.acceptsOnlyAs(TRANSCRIPT, type) : handling == FailedTranscriptHandling.EXCEPTION;
    }

    private static TranscriptionFailedException failure(SessionEvent event) {
        TranscriptAssembler.Progress progress = event.transcript();
        long start = progress == null || progress.startMillis() == null ? 0 : progress.startMillis();
        long end = progress == null || progress.endMillis() == null ? 0 : progress.endMillis();
        return LocalEvents.TRANSCRIPT_MISSING.equals(event.event().getType())
                ? new TranscriptionFailedException(
                        event.sessionName(), event.event().getItemId(), TranscriptionFailedException.TIMEOUT, start, end)
                : TranscriptionFailedException.of(event.sessionName(), event.event(), start, end);
    }
}
