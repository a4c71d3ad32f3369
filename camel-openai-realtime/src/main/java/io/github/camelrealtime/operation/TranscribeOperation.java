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
package io.github.camelrealtime.operation;

import java.util.concurrent.CompletableFuture;

import io.github.camelrealtime.session.RealtimeSession;
import io.github.camelrealtime.session.Transcript;
import io.github.camelrealtime.session.TranscriptionRun;
import io.github.camelrealtime.session.TurnMode;
import org.apache.camel.Exchange;

/**
 * {@code transcribe}: a recording becomes its transcript. The exchange has the session to itself; stretches of speech are
 * found by our own segmenter, silence is not submitted.
 */
final class TranscribeOperation {

    private TranscribeOperation() {
    }

    static CompletableFuture<OperationResult> start(Exchange exchange, OperationContext context) throws Exception {
        RealtimeSession session = context.session();
        if (session.config().turns() != TurnMode.CLIENT) {
            throw new IllegalStateException(
                    "Session " + session.name() + " does not end turns by our segmenter, which transcribe needs: put "
                                            + "operation=transcribe on the endpoint, or set segmentation=true");
        }
        return AudioBody.open(AudioSource.of(exchange), context).thenCompose(body -> transcribe(body, context));
    }

    private static CompletableFuture<OperationResult> transcribe(AudioBody body, OperationContext context) {
        TranscriptionRun run = context.session().transcribe();
        // nobody is to answer meanwhile, so there is nothing to pace even where nobody knows how long the source is
        Pacing pacing = context.settings().pacing().of(false);
        AudioFeed feed = new AudioFeed(body, run.intake(body.format()), pacing, context.timers(), context.worker());
        feed.start().whenComplete((millis, failure) -> {
            if (failure == null) {
                run.finish(millis);
            } else {
                run.fail(failure);
            }
        });
        run.result().whenComplete((transcript, failure) -> feed.stop());
        return run.result().thenApply(transcript -> new OperationResult(
                reply(transcript, context.settings()), null, transcript, null, null));
    }

    private static Object reply(Transcript transcript, OperationSettings settings) {
        return switch (settings.dataFormat()) {
            case PAYLOAD -> transcript.getText();
            case EVENT -> transcript;
            case RAW -> transcript.toJson();
        };
    }
}
