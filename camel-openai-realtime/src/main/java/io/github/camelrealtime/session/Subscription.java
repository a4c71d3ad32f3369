package io.github.camelrealtime.session;

/**
 * Somebody who gets the events of a session, in order. Attached to the session and not to its socket, so that it
 * neither matters who opened the session nor how often it reconnects.
 */
public interface Subscription {

    /**
     * One event. Called on the socket's reader thread (or whoever made a {@code camel.*} event): it must not block, must
     * not run a route and must not throw.
     */
    void onEvent(SessionEvent event);
}
