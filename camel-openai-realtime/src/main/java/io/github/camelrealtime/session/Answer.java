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

import io.github.camelrealtime.audio.AudioFormat;

/** What the model answered. May be used from any thread. */
public final class Answer {

    private static final byte[] NOTHING = new byte[0];

    private final ResponseResult response;
    private final ReplyAudio audio;
    private final String inputItemId;
    private final String inputTranscript;

    Answer(ResponseResult response, ReplyAudio audio, String inputItemId, String inputTranscript) {
        this.response = response;
        this.audio = audio;
        this.inputItemId = inputItemId;
        this.inputTranscript = inputTranscript;
    }

    public ResponseResult response() {
        return response;
    }

    /** Whether the audio was asked for. */
    public boolean isSpoken() {
        return audio != null;
    }

    /** Format of {@link #audio()}; {@code null} if that was not asked for. */
    public AudioFormat audioFormat() {
        return audio == null ? null : audio.format();
    }

    /**
     * What is heard of the messages that make up {@link ResponseResult#text()}, one after the other; of all that was heard, if
     * the service lists no output. Copied together at each
     * call, so not to be called by a thread that must not be held.
     */
    public byte[] audio() {
        if (audio == null) {
            return NOTHING;
        }
        return response.isEmpty() ? audio.ofAll() : audio.of(response.answerItemIds());
    }

    /** The item of the user's that was answered, {@code null} if the question did not end a turn. */
    public String inputItemId() {
        return inputItemId;
    }

    /** What the user said in it, {@code null} if that was not transcribed, or not by now (TRX-9). */
    public String inputTranscript() {
        return inputTranscript;
    }
}
