package io.github.camelrealtime.session;

/**
 * Something that went wrong with a session or with what was asked of it. Messages carry names, codes and ids, never
 * keys, audio or transcripts.
 */
public class RealtimeException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String sessionName;

    public RealtimeException(String sessionName, String message) {
        this(sessionName, message, null);
    }

    public RealtimeException(String sessionName, String message, Throwable cause) {
        super(message, cause);
        this.sessionName = sessionName;
    }

    /** Logical name of the session. */
    public String getSessionName() {
        return sessionName;
    }
}
