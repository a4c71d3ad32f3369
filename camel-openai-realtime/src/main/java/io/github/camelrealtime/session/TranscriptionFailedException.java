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

import io.github.camelrealtime.event.ServerEvent;

/**
 * A stretch of audio got no transcript. It names the item and where in the stream it lies, so that whoever has the
 * audio can try again.
 */
public class TranscriptionFailedException extends RealtimeException {

    /** The code when there is no transcript within the time given to it (option {@code transcriptTimeout}). */
    public static final String TIMEOUT = "timeout";

    private static final long serialVersionUID = 1L;

    private final String itemId;
    private final String code;
    private final long startMillis;
    private final long endMillis;

    public TranscriptionFailedException(String sessionName, String itemId, String code, long startMillis, long endMillis) {
        super(sessionName, "Session " + sessionName + ": no transcript for item " + itemId + " (" + startMillis + " to "
                           + endMillis + " ms of the audio): " + code
                           + (TIMEOUT.equals(code) ? " (option transcriptTimeout)" : ""));
        this.itemId = itemId;
        this.code = code;
        this.startMillis = startMillis;
        this.endMillis = endMillis;
    }

    /** What the service says of an item in {@code conversation.item.input_audio_transcription.failed}. */
    public static TranscriptionFailedException of(String sessionName, ServerEvent failed, long startMillis, long endMillis) {
        String code = failed.getJson().path("error").path("code").asText("unknown");
        return new TranscriptionFailedException(sessionName, failed.getItemId(), code, startMillis, endMillis);
    }

    public String getItemId() {
        return itemId;
    }

    /** The service's error code, or {@link #TIMEOUT}. */
    public String getCode() {
        return code;
    }

    /** Start of the stretch in ms of the audio given. */
    public long getStartMillis() {
        return startMillis;
    }

    /** End of the stretch in ms of the audio given. */
    public long getEndMillis() {
        return endMillis;
    }
}
