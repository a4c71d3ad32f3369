package io.github.camelrealtime.session;

/** Who decides where a stretch of speech ends. */
public enum TurnMode {
    /** The service's voice activity detection commits. */
    SERVER,
    /** The route commits ({@code commit-audio}, {@code end-turn}). */
    MANUAL,
    /** Our own segmenter commits, for models that refuse turn detection. */
    CLIENT
}
