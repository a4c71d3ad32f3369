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

import java.time.Duration;

import io.github.camelrealtime.simulator.SimulatorClock.Cancellable;

/** {@code idle_timeout_ms}: a user who stays silent after an answer has been played is addressed once more. */
final class IdleTimeout {

    private final SessionContext context;
    private final InputAudio input;
    private final ResponseEngine responses;
    private Cancellable timer;
    private long saidUntilMillis;

    IdleTimeout(SessionContext context, InputAudio input, ResponseEngine responses) {
        this.context = context;
        this.input = input;
        this.responses = responses;
        responses.whenSaid(this::arm);
    }

    /** Audio came in, or the configuration changed: speech stops the timer. */
    void inputChanged() {
        if (timer != null && (input.isSpeaking() || responses.isActive() || timeoutMillis() == 0)) {
            timer.cancel();
            timer = null;
        }
    }

    private void arm(long playbackMillis) {
        inputChanged();
        if (timeoutMillis() > 0) {
            saidUntilMillis = input.endMillis();
            timer = context.timer().schedule(Duration.ofMillis(playbackMillis + timeoutMillis()), this::expire);
        }
    }

    private void expire() {
        timer = null;
        if (!input.isSpeaking() && !responses.isActive()) {
            input.commitSilence(saidUntilMillis);
        }
    }

    private long timeoutMillis() {
        return context.config().turnDetection().path("idle_timeout_ms").asLong(0);
    }
}
