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
 * When a connection is followed by the next, in ms since 1970. Made of what the service says of its end, never of a constant
 * (ROLL-1): that was 15, 30 and 60 minutes in turn.
 *
 * @param beginMillis when the next is dialled; from then on the first pause is taken
 * @param forceMillis when a pause is waited for no longer
 */
record RolloverPlan(long beginMillis, long forceMillis) {

    /** As long a session lives whose end the service does not tell, in ms. */
    static final long USUAL_LIFE_MILLIS = 60 * 60_000;

    /**
     * Of a life that is shorter than twice the time kept for a rollover the second half is kept, and all is scaled down with it.
     *
     * @param nowMillis     when the connection became the present one
     * @param expiresMillis when the service ends it; 0, or what is over already, for unknown
     * @param random        in [0, 1), spreads sessions that were opened together
     */
    static RolloverPlan of(SessionConfig.Rollover settings, long nowMillis, long expiresMillis, double random) {
        long end = expiresMillis > nowMillis ? expiresMillis : nowMillis + USUAL_LIFE_MILLIS;
        long kept = settings.beforeMillis() + settings.jitterMillis();
        double scale = kept == 0 ? 1 : Math.min(1, (end - nowMillis) / 2.0 / kept);
        long before = (long) (settings.beforeMillis() * scale);
        long jitter = (long) (settings.jitterMillis() * scale * random);
        long deadline = Math.min(before, (long) (settings.deadlineMillis() * scale));
        return new RolloverPlan(end - before - jitter, end - deadline);
    }
}
