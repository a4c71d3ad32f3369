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
package io.github.camelrealtime.simulator;

import java.time.Duration;

/**
 * When a fault strikes; once in each session it is meant for.
 *
 * @param kind    what is counted
 * @param count   the how manieth, from 1; 0 for times
 * @param type    event type; null unless the kind names one
 * @param time    since the session was opened; null for events
 * @param session the how manieth session of the simulator, from 1; 0 for every one
 */
public record Trigger(Kind kind, int count, String type, Duration time, int session) {

    /** At the nth client event, before it is processed; if the fault ends the session it never is. */
    public static Trigger atClientEvent(int n) {
        return new Trigger(Kind.CLIENT_EVENT, positive(n), null, null, 0);
    }

    /** At the nth client event of that type, before it is processed. */
    public static Trigger atClientEvent(String type, int nth) {
        return new Trigger(Kind.CLIENT_EVENT, positive(nth), type, null, 0);
    }

    /** Right after the nth event of that type has been sent. */
    public static Trigger afterServerEvent(String type, int nth) {
        return new Trigger(Kind.SERVER_EVENT, positive(nth), type, null, 0);
    }

    /** That long after the session was opened. */
    public static Trigger at(Duration time) {
        return new Trigger(Kind.TIME, 0, null, time, 0);
    }

    /** In the nth session of the simulator only. */
    public Trigger inSession(int nth) {
        return new Trigger(kind, count, type, time, positive(nth));
    }

    boolean concerns(int sessionNumber) {
        return session == 0 || session == sessionNumber;
    }

    /** @param ofType how many events of this type there have been, @param ofAny how many of any */
    boolean isMet(Kind happened, String eventType, int ofType, int ofAny) {
        return kind == happened && (type == null ? ofAny == count : type.equals(eventType) && ofType == count);
    }

    private static int positive(int n) {
        if (n < 1) {
            throw new IllegalArgumentException("Counted from 1: " + n);
        }
        return n;
    }

    /** What is counted. */
    public enum Kind {
        CLIENT_EVENT, SERVER_EVENT, TIME
    }
}
