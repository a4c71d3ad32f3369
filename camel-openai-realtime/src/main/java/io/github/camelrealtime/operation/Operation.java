package io.github.camelrealtime.operation;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a producer can be asked to do with a session. */
public enum Operation {
    AUTO,
    APPEND_AUDIO,
    COMMIT_AUDIO,
    CLEAR_AUDIO,
    END_TURN,
    SEND_TEXT,
    CREATE_ITEM,
    CREATE_RESPONSE,
    CANCEL_RESPONSE,
    INTERRUPT,
    TRUNCATE_ITEM,
    DELETE_ITEM,
    RETRIEVE_ITEM,
    UPDATE_SESSION,
    SEND_EVENT,
    TRANSCRIBE,
    MUTE,
    UNMUTE,
    OPEN_SESSION,
    CLOSE_SESSION;

    /** The name in URIs and headers: {@code append-audio}. */
    public String value() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Finds an operation by {@code append-audio}, {@code appendAudio} or {@code APPEND_AUDIO}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Operation fromValue(String text) {
        String plain = plain(text);
        for (Operation operation : values()) {
            if (plain(operation.name()).equals(plain)) {
                return operation;
            }
        }
        throw new IllegalArgumentException("Unknown operation; possible are "
                                           + Arrays.stream(values()).map(Operation::value).collect(Collectors.joining(", ")));
    }

    private static String plain(String text) {
        return text.replace("-", "").replace("_", "").toLowerCase(Locale.ROOT);
    }
}
