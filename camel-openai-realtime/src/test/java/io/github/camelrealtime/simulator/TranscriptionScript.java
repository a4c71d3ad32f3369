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

/**
 * How transcripts of the user's audio come: as soon as the transcriber has them, unless told otherwise.
 *
 * @param mode    the way
 * @param delay   for late and out of order
 * @param code    for failed
 * @param message for failed
 */
public record TranscriptionScript(Mode mode, Duration delay, String code, String message) {

    /** Deltas and the final transcript as soon as the transcriber returns. */
    public static TranscriptionScript prompt() {
        return new TranscriptionScript(Mode.PROMPT, Duration.ZERO, null, null);
    }

    /** No transcription event at all, ever. */
    public static TranscriptionScript never() {
        return new TranscriptionScript(Mode.NEVER, Duration.ZERO, null, null);
    }

    /** Always {@code …transcription.failed} with this code; the transcriber is not asked. */
    public static TranscriptionScript failed(String code) {
        return new TranscriptionScript(Mode.FAILED, Duration.ZERO, code, "Input transcription failed.");
    }

    /** Everything that long after the transcriber returned. */
    public static TranscriptionScript late(Duration delay) {
        return new TranscriptionScript(Mode.LATE, delay, null, null);
    }

    /**
     * The deltas come before {@code speech_stopped}, or before {@code committed} for a commit by hand, as the streaming
     * models send them: the session holds still at the end of the speech until the transcriber has returned.
     */
    public static TranscriptionScript beforeSpeechStopped() {
        return new TranscriptionScript(Mode.BEFORE_SPEECH_STOPPED, Duration.ZERO, null, null);
    }

    /**
     * Every other transcript, from the first one, waits until the one after it has been sent, but no longer than this.
     *
     * @param atMost when it comes in any case
     */
    public static TranscriptionScript outOfOrder(Duration atMost) {
        return new TranscriptionScript(Mode.OUT_OF_ORDER, atMost, null, null);
    }

    /** Ways. */
    public enum Mode {
        PROMPT, NEVER, FAILED, LATE, BEFORE_SPEECH_STOPPED, OUT_OF_ORDER
    }
}
