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

import java.util.concurrent.CompletableFuture;

/**
 * One commit of the input buffer, from the wish to the item it became.
 */
public final class Commit {

    private final String eventId;
    private final long startMillis;
    private final long endMillis;
    private final CompletableFuture<Void> sent = new CompletableFuture<>();
    private final CompletableFuture<String> itemId = new CompletableFuture<>();

    /** @param eventId of the event that commits, {@code null} if there is nothing to commit */
    Commit(String eventId, long startMillis, long endMillis) {
        this.eventId = eventId;
        this.startMillis = startMillis;
        this.endMillis = endMillis;
    }

    String eventId() {
        return eventId;
    }

    /** Start of the committed stretch in ms of the audio given. */
    public long startMillis() {
        return startMillis;
    }

    /** End of the committed stretch in ms of the audio given. */
    public long endMillis() {
        return endMillis;
    }

    /** Done when the commit has been handed to the transport, or at once if there was nothing to commit; fails if it was not. */
    public CompletableFuture<Void> sent() {
        return sent;
    }

    /**
     * The id of the conversation item, known with {@code input_audio_buffer.committed}; fails if the service refuses the
     * commit, does not answer in time, or is lost. {@code null} if there was nothing to commit.
     */
    public CompletableFuture<String> itemId() {
        return itemId;
    }
}
