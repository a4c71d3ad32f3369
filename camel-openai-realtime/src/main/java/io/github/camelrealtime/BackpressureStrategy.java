package io.github.camelrealtime;

/** What happens to events when a route is slower than they come. The socket is read all the same. */
public enum BackpressureStrategy {
    /**
     * Events beyond the bounds are lost to this consumer, which says so: by an error event, a counter, and health DOWN until
     * the route has caught up.
     */
    FAIL,
    /** The oldest waiting audio delta makes room; other events are never dropped for it. */
    DROP_OLDEST,
    /** New audio deltas are dropped; other events are not. */
    DROP_NEWEST
}
