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

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/** Where clients come in, by a socket or without one: who is let in, and the session that he gets. Any thread. */
final class FrontDoor {

    private final SimulatedSession.Settings template;
    private final HandshakeGuard guard;
    /** Null if nobody wants recordings. */
    private final Recorder recorder;
    private final List<SimulatedSession> sessions = new CopyOnWriteArrayList<>();
    private final List<Handshake> handshakes = new CopyOnWriteArrayList<>();
    private final ReentrantLock opening = new ReentrantLock();
    private final Map<Object, AtomicInteger> used = new HashMap<>();

    /** @param template what all sessions have, but for scenario, seed, number and fate */
    FrontDoor(SimulatedSession.Settings template, HandshakeGuard guard, Recorder recorder) {
        this.recorder = recorder;
        this.template = template;
        this.guard = guard;
    }

    List<SimulatedSession> sessions() {
        return sessions;
    }

    List<Handshake> handshakes() {
        return handshakes;
    }

    /** Records what no thread is left to record. */
    void finish() {
        for (int i = 0; recorder != null && i < sessions.size(); i++) {
            recorder.write(i + 1, sessions.get(i));
        }
    }

    Admission knock(HandshakeRequest request, Scenario scenario, Wire wire) {
        Admission admission = decide(request, scenario, wire);
        handshakes.add(new Handshake(request.method(), request.url().encodedPath(), request.url().encodedQuery(),
                request.headers(), request.client(), admission.status(), template.clock().millis()));
        return admission;
    }

    private Admission decide(HandshakeRequest request, Scenario scenario, Wire wire) {
        opening.lock();
        try {
            for (HandshakeRefusal refusal : scenario.behaviour().refusals) {
                if (isDue(refusal, refusal.times())) {
                    return Admission.refused(refusal.status(), body(refusal), refusal.retryAfter());
                }
            }
            SessionRequest wanted = guard.admit(request, scenario.behaviour().keyCheckedAfterOpening);
            TurnOut turnedOut = scenario.behaviour().turnOuts.stream().filter(turn -> isDue(turn, turn.times())).findFirst()
                    .orElse(null);
            // the place in the list decides the seed: ids are repeatable if the order of opening is
            SimulatedSession session = new SimulatedSession(wanted,
                    template.ofSession(scenario, sessions.size() + 1, turnedOut), wire);
            wire.serve(session);
            sessions.add(session);
            if (recorder != null) {
                int number = sessions.size();
                session.whenGone(() -> recorder.write(number, session), template.workers());
            }
            return Admission.granted(session);
        } catch (HttpRefusal refusal) {
            return Admission.refused(refusal.status(), refusal.body(), null);
        } finally {
            opening.unlock();
        }
    }

    private boolean isDue(Object fate, int times) {
        return used.computeIfAbsent(fate, key -> new AtomicInteger()).getAndIncrement() < times;
    }

    private static String body(HandshakeRefusal refusal) {
        return refusal.body() != null ? refusal.body()
                : HttpRefusal.body("The request was refused with status " + refusal.status() + ".", null, null);
    }
}
