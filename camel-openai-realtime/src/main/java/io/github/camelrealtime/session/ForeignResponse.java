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

/**
 * What occupies the default conversation without being a request of ours that is waited for: a response that the service
 * started itself or that was given up here, or one that the service says it runs and that we have not seen. Never for
 * ever, as its end may be lost. Not thread-safe: the sequencer's lock guards it.
 */
final class ForeignResponse {

    private final Timers timers;
    private String id;
    private boolean unseen;
    /** Tells the timer of an earlier case, which may be running already, from that of a later one. */
    private long cases;
    private Timers.Cancellable timer = Timers.Cancellable.NOTHING;

    ForeignResponse(Timers timers) {
        this.timers = timers;
    }

    /** Whether requests must wait. */
    boolean runs() {
        return id != null || unseen;
    }

    /** The one known by its id, {@code null} if none is. */
    String id() {
        return id;
    }

    /** Whether one is known by its id. */
    boolean isKnown() {
        return id != null;
    }

    /**
     * Keeps the place until the end of this response.
     *
     * @param responseId {@code null} for one that we have not seen
     * @param millis     for its end to come
     * @param doubt      run on a timer thread with the number of the case, for {@link #expire}, if it does not
     */
    void begin(String responseId, long millis, Doubt doubt) {
        id = responseId == null ? id : responseId;
        unseen |= responseId == null;
        timer.cancel();
        long thisCase = ++cases;
        timer = timers.schedule(() -> doubt.about(thisCase), millis);
    }

    /** The time of that case is over. */
    void expire(long thisCase) {
        if (thisCase == cases) {
            clear();
        }
    }

    /**
     * A response has ended that is none of our requests.
     *
     * @param outOfBand whether it was none of the default conversation
     */
    void done(String responseId, boolean outOfBand) {
        if (responseId == null || responseId.equals(id)) {
            clear();
        } else if (!outOfBand) {
            unseen = false;
            if (id == null) {
                clear();
            }
        }
    }

    void clear() {
        id = null;
        unseen = false;
        timer.cancel();
    }

    /** What to do when an end has not come. */
    @FunctionalInterface
    interface Doubt {

        void about(long thisCase);
    }
}
