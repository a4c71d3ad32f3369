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

import io.github.camelrealtime.event.ClientEvent;
import io.github.camelrealtime.event.SessionType;
import io.github.camelrealtime.transport.TransportFactory;

/**
 * What a session is made of, built once and in order: each part is given those before it. Those who deal with nearly all of
 * them ({@link SessionLife}, {@link SessionDues}, {@link EventIntake}) are given this. They come first, as others call them,
 * and touch no part before the session is used.
 */
final class SessionParts {

    final Timers timers;
    final SessionLife life;
    final SessionDues dues;
    final SessionPassage passage;
    final EventIntake intake;
    final LossWatchers lossWatchers = new LossWatchers();
    final Refusals refusals = new Refusals();
    final OwedTranscripts owed = new OwedTranscripts();
    final Outbox outbox;
    final AudioInbox inbox;
    final EventFanOut fanOut;
    final ErrorJudge errors;
    final SessionConnection connection;
    final ConnectionState state;
    final StandbyState standbys;
    final Rollover rollover;
    final Conversation conversation;
    final ConversationMirror mirror;
    final ContextWatch contextWatch;
    final Acknowledgements acknowledgements;
    final SessionChanges changes;
    final RateLimits rateLimits;
    final OpenTurn turn;
    final Pulse pulse;

    /**
     * @param classifier overrides what errors mean, {@code null} for none
     * @param limit      on second connections being made, shared with others
     */
    SessionParts(
            RealtimeSession session, TransportFactory transports, Timers timers, RealtimeErrorClassifier classifier,
            RolloverLimit limit) {
        String name = session.name();
        SessionConfig config = session.config();
        this.timers = timers;
        this.life = new SessionLife(name, config, this);
        this.dues = new SessionDues(name, config, this);
        this.passage = new SessionPassage(name, config, this);
        this.intake = new EventIntake(name, this);
        this.outbox = new Outbox(name, config.inputFormat(), config.audioQueue(), timers);
        Spans spans = new Spans(outbox.streams());
        this.inbox = new AudioInbox(name, config, outbox, refusals, spans, timers);
        this.fanOut = new EventFanOut(name, config, life::transcribesInput, life::unheardMillis, timers);
        this.errors = new ErrorJudge(name, () -> inbox.mode() == TurnMode.SERVER, classifier);
        this.connection = new SessionConnection(
                name, config, life, passage, intake, transports, timers, spans, errors, limit);
        this.rollover = connection.rollover();
        this.standbys = connection.standbys();
        this.state = connection.state;
        this.conversation = new Conversation(session, inbox, outbox, refusals, fanOut, timers, state::current);
        if (config.talk().interrupts().halfDuplex()) {
            inbox.muting().alsoWhile(conversation.playback()::isAudible);
        }
        this.mirror = new ConversationMirror(config, timers, conversation.playback().ledger()::heardText, new QueuedOutputs(outbox));
        this.contextWatch = new ContextWatch(
                config, members -> fanOut.deliverLocal(state.current(), LocalEvents.CONTEXT_NEARING_LIMIT, members));
        this.acknowledgements = new Acknowledgements(
                name, refusals, timers, config.timeouts().itemAck(), conversation::isResponding);
        this.changes = new SessionChanges(name, config, acknowledgements, inbox);
        this.rateLimits = new RateLimits(timers);
        this.turn = new OpenTurn(timers, config.liveness().vadStuck(), life::endStuckTurn);
        this.pulse = new Pulse(config, inbox, acknowledgements, conversation.responses(), owed, turn, outbox, standbys);
        inbox.dues().commits().onExpired(life::distrustCommits);
        if (config.type() != SessionType.REALTIME) {
            // a stream without a pause has no other place where nothing is torn; in a talk a question may follow
            inbox.onCommit(rollover::lookIfWaiting);
        }
        conversation.onCut(cut -> {
            mirror.cut(cut);
            life.correctContext();
        });
        outbox.onGap(life::announceGap);
        outbox.onLeaving(event -> {
            ClientEvent leaving = mirror.leaves(event);
            refusals.leaves(leaving.getEventId());
            acknowledgements.leaves(leaving);
            return leaving;
        });
    }
}
