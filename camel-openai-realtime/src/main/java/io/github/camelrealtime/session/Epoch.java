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

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.event.EventCodec;
import io.github.camelrealtime.event.LogText;
import io.github.camelrealtime.event.MalformedEventException;
import io.github.camelrealtime.event.ServerEvent;
import io.github.camelrealtime.transport.Transport;
import io.github.camelrealtime.transport.TransportException;
import io.github.camelrealtime.transport.TransportListener;

/**
 * One connection of a session and what belongs to it alone. Everything that comes by it is marked with it, so that a late
 * frame, timer or failure of an old connection changes nothing in the present one.
 */
final class Epoch implements TransportListener {

    /** How far the connection is; steps are taken under the connection's lock. */
    enum Stage {
        /** It is being made. */
        DIALLED,
        /** It stands, the configuration is not confirmed. */
        CONFIGURING,
        /** The service has confirmed the configuration. */
        CONFIGURED
    }

    private static final int MOST_HELD = 20;

    final int number;
    final Spans spans;
    final EventGate gate = new EventGate();
    final EffectiveSession effective = new EffectiveSession();
    /** What the service owes on this connection. */
    final EpochDues dues = new EpochDues();
    /** What a standby has said that subscriptions are to hear of when it becomes the present one; at most a handful. */
    private final List<ServerEvent> held = new CopyOnWriteArrayList<>();
    private final SessionConnection connection;
    private final EventIntake intake;

    // written under the connection's lock
    volatile Transport transport;
    /** Where it is dialled; {@code null} before. */
    volatile Target target;
    /** Which of all those by which things left it is, as {@link Outbox#admissions} counts them; 0 if none has left by it. */
    volatile long admission;
    Timers.Cancellable readyTimer = Timers.Cancellable.NOTHING;
    volatile LivenessWatch watch;
    volatile Stage stage = Stage.DIALLED;
    /** Done when the service knows what it has to know of the session so far; {@code null} before that is begun. */
    volatile CompletableFuture<Replay.Result> restored;
    /** Done when the service has confirmed a second configuration; {@code null} if there is none. */
    volatile CompletableFuture<Void> configuredAgain;
    /** What the service was asked to hold. */
    volatile ObjectNode configuration;
    /** When it last said anything, by {@link Timers#elapsedMillis}; kept while it is being drained. */
    volatile long heardMillis;
    /** Ends a connection that does not close as asked. */
    volatile Timers.Cancellable leaveTimer = Timers.Cancellable.NOTHING;
    /** Where in the stream of audio the first sample lies that it gets; known when it is admitted. */
    volatile long firstSample;
    /** What had become of the audio just before it took the place of another; {@code null} if it did not. */
    volatile InputAccounts accountsBefore;
    /** What it is told of the conversation before it, {@code null} as long as it is not configured. */
    private final AtomicReference<Replay> replay = new AtomicReference<>();
    /** {@code null} if finals are given out as they come; set once, before the first event. */
    TranscriptOrder order;

    // written once by the reader thread on session.created, read by it and by those who come after
    volatile String sessionId;
    volatile long expiresAtMillis;
    volatile TranscriptAssembler transcripts;

    Epoch(SessionConnection connection, EventIntake intake, int number, Spans spans) {
        this.connection = connection;
        this.intake = intake;
        this.number = number;
        this.spans = spans;
        this.transcripts = new TranscriptAssembler("epoch-" + number, spans);
    }

    /** The service has named the session, once; deduplication ids are made of it. */
    void named(String id, long expiresAt) {
        if (sessionId != null) {
            return;
        }
        sessionId = id;
        expiresAtMillis = expiresAt;
        transcripts = new TranscriptAssembler(id, spans);
    }

    /** Keeps an event of a standby until {@link #takeHeld}. */
    void hold(ServerEvent event) {
        if (held.size() < MOST_HELD) {
            held.add(event);
        }
    }

    List<ServerEvent> takeHeld() {
        List<ServerEvent> taken = List.copyOf(held);
        held.clear();
        return taken;
    }

    /** What it is told of the conversation before it; {@code null} before that is begun. */
    Replay replay() {
        return replay.get();
    }

    /** Whoever is first decides what it is told by; returns that. */
    Replay replay(Replay made) {
        return replay.compareAndSet(null, made) ? made : replay.get();
    }

    /** The service says that it lives longer; that it lives shorter is for the service to show. */
    boolean prolonged(long expiresAt) {
        if (expiresAt <= expiresAtMillis) {
            return false;
        }
        expiresAtMillis = expiresAt;
        return true;
    }

    /** It is over: nobody needs to know any more how it does. */
    void unwatch() {
        LivenessWatch running = watch;
        if (running != null) {
            running.stop();
        }
    }

    @Override
    public void onOpen() {
        connection.onOpen(this);
    }

    @Override
    public void onFrame(String frame) {
        ServerEvent event;
        try {
            event = EventCodec.decode(frame);
        } catch (MalformedEventException malformed) {
            intake.onMalformed(this, malformed.getKind(), malformed.getMessage());
            return;
        }
        intake.onEvent(this, event);
    }

    @Override
    public void onBinary(int bytes) {
        intake.onMalformed(this, MalformedEventException.Kind.BINARY, "a binary frame of " + bytes + " bytes, the protocol has none");
    }

    @Override
    public void onClosed(int code, String reason) {
        connection.onClosed(this, code, reason);
    }

    @Override
    public void onFailure(TransportException failure) {
        connection.onFailure(this, failure);
    }

    @Override
    public String toString() {
        return "epoch " + number + (sessionId == null ? "" : " (" + LogText.of(sessionId) + ")");
    }
}
