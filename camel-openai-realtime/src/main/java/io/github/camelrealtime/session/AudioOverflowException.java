package io.github.camelrealtime.session;

/** More audio waits to be sent than is allowed, and the overflow policy is to fail. */
public class AudioOverflowException extends RealtimeException {

    private static final long serialVersionUID = 1L;

    public AudioOverflowException(String sessionName, long queuedMillis, long maxMillis) {
        super(sessionName, "Session " + sessionName + ": " + queuedMillis + " ms of audio wait to be sent, allowed are "
                           + maxMillis + " ms (option maxQueuedAudio); the network is slower than the source, "
                           + "or choose another overflow policy");
    }
}
