package io.github.camelrealtime.session;

import java.util.concurrent.CompletableFuture;

/**
 * One commit of the input buffer, from the wish to the item it became.
 */
public final class Commit {

    private final long startMillis;
    private final long endMillis;
    private final CompletableFuture<String> itemId = new CompletableFuture<>();

    Commit(long startMillis, long endMillis) {
        this.startMillis = startMillis;
        this.endMillis = endMillis;
    }

    /** Start of the committed stretch in ms of the audio given. */
    public long startMillis() {
        return startMillis;
    }

    /** End of the committed stretch in ms of the audio given. */
    public long endMillis() {
        return endMillis;
    }

    /**
     * The id of the conversation item, known with {@code input_audio_buffer.committed}; fails if the service refuses the
     * commit, does not answer in time, or is lost. {@code null} if there was nothing to commit.
     */
    public CompletableFuture<String> itemId() {
        return itemId;
    }
}
