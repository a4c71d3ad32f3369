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

import io.github.camelrealtime.audio.AudioFormat;
import io.github.camelrealtime.session.Answer;
import io.github.camelrealtime.session.Transcript;

/**
 * What came of an operation.
 *
 * @param reply      the new body, or {@code null} to leave the body alone
 * @param answer     the answer that the reply was made of
 * @param transcript the transcript that the reply was made of
 * @param itemId     the conversation item made or named, or {@code null}
 * @param inputItemId the item of the user's turn that was ended, or {@code null}
 * @param audio      what the reply is in if it is the audio of an item, else {@code null}
 * @param imageBytes size of the image given, 0 if none
 */
public record OperationResult(
        Object reply, Answer answer, Transcript transcript, String itemId, String inputItemId, AudioFormat audio,
        long imageBytes) {

    OperationResult(Object reply, Answer answer, Transcript transcript, String itemId, String inputItemId) {
        this(reply, answer, transcript, itemId, inputItemId, null, 0);
    }

    public static final OperationResult DONE = new OperationResult(null, null, null, null, null);

    static OperationResult ofItem(String itemId) {
        return itemId == null ? DONE : new OperationResult(null, null, null, itemId, null);
    }

    OperationResult withReply(Object body) {
        return new OperationResult(body, answer, transcript, itemId, inputItemId, audio, imageBytes);
    }

    OperationResult withAudio(AudioFormat format) {
        return new OperationResult(reply, answer, transcript, itemId, inputItemId, format, imageBytes);
    }

    OperationResult withImage(long bytes) {
        return new OperationResult(reply, answer, transcript, itemId, inputItemId, audio, bytes);
    }
}
