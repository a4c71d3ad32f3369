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

import java.util.Locale;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.audio.WavWriter;
import io.github.camelrealtime.event.EventDataFormat;
import io.github.camelrealtime.session.Answer;
import io.github.camelrealtime.session.RealtimeException;
import io.github.camelrealtime.session.RealtimeSession;
import io.github.camelrealtime.session.SessionConfig;

/**
 * What is made of an answer.
 *
 * @param format         what the body becomes; {@code null} = text, and only if the exchange waits for another reason
 * @param modality       what the model is asked to answer with; {@code null} = as the session has it
 * @param maxAudioMillis most of a spoken answer that is kept, in ms
 */
public record ReplySettings(ReplyFormat format, Modality modality, long maxAudioMillis) {

    private static final String MODALITIES = "output_modalities";
    private static final long MOST = 3_600_000;

    /**
     * Checks what can be known before anything is asked.
     *
     * @throws IllegalArgumentException for options that cannot go together, or are out of range
     */
    void check(Await await, EventDataFormat dataFormat) {
        if (maxAudioMillis < 1 || maxAudioMillis > MOST) {
            throw new IllegalArgumentException(
                    "Option maxReplyAudio (ms) is " + maxAudioMillis + ", allowed is 1 to " + MOST);
        }
        if (format != null && await != null && await != Await.RESPONSE) {
            throw new IllegalArgumentException("Option replyFormat is about an answer that is waited for, so it cannot go with await="
                                               + await.name().toLowerCase(Locale.ROOT));
        }
        if (isSpoken() && modality == Modality.TEXT) {
            throw new IllegalArgumentException("replyFormat=" + name() + " needs an answer in audio, so it cannot go with "
                                               + "outputModality=text");
        }
        if (isSpoken() && dataFormat != EventDataFormat.PAYLOAD) {
            throw new IllegalArgumentException("replyFormat=" + name() + " makes a byte array of the answer, so it cannot go "
                                               + "with dataFormat=" + dataFormat.name().toLowerCase(Locale.ROOT));
        }
    }

    /**
     * Checks against the operation of the URI.
     *
     * @throws IllegalArgumentException if that never has an answer
     */
    public void check(Operation operation) {
        if (format != null && operation != Operation.AUTO && !OperationRules.asks(operation)) {
            throw new IllegalArgumentException("Option replyFormat is about the answer of the model, which operation="
                                               + operation.value() + " does not ask for");
        }
    }

    /**
     * Checks against the session as it was configured.
     *
     * @throws IllegalArgumentException if its answers have no audio
     */
    public void check(SessionConfig config, String sessionName) {
        if (isSpoken() && modality == null && config.isWritten()) {
            throw noAudio(sessionName);
        }
    }

    private IllegalArgumentException noAudio(String sessionName) {
        return new IllegalArgumentException(
                "replyFormat=" + name() + " needs an answer in audio, but session " + sessionName
                                            + " is asked to answer in text; set outputModality=audio, or replyFormat=text");
    }

    /** Whether the answer is wanted as audio. */
    boolean isSpoken() {
        return format == ReplyFormat.WAV || format == ReplyFormat.PCM;
    }

    /** MIME type of a spoken reply. */
    public String contentType() {
        return format == ReplyFormat.WAV ? "audio/wav" : "application/octet-stream";
    }

    private String name() {
        return format.name().toLowerCase(Locale.ROOT);
    }

    /**
     * What the response is to be asked for.
     *
     * @param  given                    what the route says about it, which wins; {@code null} for nothing
     * @return                          {@code null} for nothing
     * @throws IllegalArgumentException if audio is wanted and will not come
     */
    ObjectNode response(ObjectNode given, RealtimeSession session) {
        JsonNode asked = given == null ? null : given.get(MODALITIES);
        if (asked == null && modality == null) {
            check(session.config(), session.name());
            return given;
        }
        if (asked != null) {
            if (isSpoken() && asked.size() == 1 && Modality.TEXT.wireName().equals(asked.get(0).asText())) {
                throw noAudio(session.name());
            }
            return given;
        }
        ObjectNode response = given == null ? JsonNodeFactory.instance.objectNode() : given.deepCopy();
        response.putArray(MODALITIES).add(modality.wireName());
        return response;
    }

    /** The body made of a spoken answer. */
    byte[] audio(Answer answer, RealtimeSession session) throws RealtimeException {
        if (answer.response().isWritten()) {
            throw new RealtimeException(
                    session.name(), "Session " + session.name() + ": the model answered in text, so there is nothing for replyFormat="
                                    + name());
        }
        byte[] audio = answer.audio();
        if (format == ReplyFormat.PCM) {
            return audio;
        }
        byte[] header = WavWriter.header(answer.audioFormat(), audio.length);
        // chunks of a WAV file have an even length
        byte[] wav = new byte[header.length + audio.length + (audio.length & 1)];
        System.arraycopy(header, 0, wav, 0, header.length);
        System.arraycopy(audio, 0, wav, header.length, audio.length);
        return wav;
    }
}
