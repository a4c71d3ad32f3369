package io.github.camelrealtime.event;

/** How an event becomes a message body. */
public enum EventDataFormat {
    /** {@code byte[]} for audio, {@code String} for text and transcripts, {@code Map} for the rest. */
    PAYLOAD,
    /** The {@link ServerEvent} itself. */
    EVENT,
    /** The JSON text as it came. */
    RAW
}
