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
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.event.SessionType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a session does when one connection follows another while both stand: asks its parts for a pause, lets them hand over,
 * and tells them and the subscriptions of the switch and of the end of the old one. Thread-safe.
 */
final class SessionPassage implements RolloverOwner {

    private static final Logger LOG = LoggerFactory.getLogger(SessionPassage.class);

    private final String name;
    private final SessionConfig config;
    private final SessionParts parts;

    /** @param parts still being built: it is not touched before the session is used */
    SessionPassage(String name, SessionConfig config, SessionParts parts) {
        this.name = name;
        this.config = config;
        this.parts = parts;
    }

    @Override
    public ObjectNode configuration(Epoch epoch) {
        return parts.changes.configurationForNextEpoch(epoch.target.firstUpdate());
    }

    @Override
    public boolean isPause() {
        // what has no words yet could not be told to the next connection
        boolean talks = config.type() == SessionType.REALTIME;
        boolean worded = parts.inbox.dues().commits().isInOrder() && (!parts.life.transcribesInput() || parts.owed.size() == 0);
        return (!talks || worded) && parts.inbox.isPause()
                && !parts.acknowledgements.isUpdateOwed() && parts.mirror.pendingToolCalls() == 0
                && parts.conversation.responses().isQuiet();
    }

    @Override
    public CompletableFuture<Void> handOver(boolean forced) {
        parts.conversation.responses().pause();
        return parts.inbox.handOver(forced);
    }

    @Override
    public void keep(Epoch present) {
        parts.outbox.drain();
        parts.conversation.responses().goOn();
    }

    @Override
    public CompletableFuture<Void> prepare(Epoch epoch) {
        return epoch.replay(Replay.of(parts.mirror, config)).begin(epoch);
    }

    @Override
    public CompletableFuture<Replay.Result> restore(Epoch epoch) {
        Replay begun = epoch.replay();
        return (begun == null ? epoch.replay(Replay.of(parts.mirror, config)) : begun).on(epoch);
    }

    @Override
    public void switching(Epoch from, Epoch to) {
        // now, as nothing leaves at the moment
        to.accountsBefore = parts.inbox.accounts();
        if (from.order != null && to.order != null) {
            to.order.follows(from.order);
        }
    }

    @Override
    public void switched(Epoch from, Epoch to, Passage how) {
        from.unwatch();
        parts.conversation.goesOnBy(to.number);
        parts.changes.reset();
        if (to.effective.session() != null) {
            parts.life.configured(to, to.effective.session());
        }
        parts.life.watch(to);
        parts.life.watchDraining(from);
        to.takeHeld().forEach(event -> parts.fanOut.deliver(to, event, 0));
        ObjectNode members = ids(from, to);
        members.put("cause", how.cause());
        members.put("forced", how.forced());
        members.put("expected_items", how.restored().expected());
        members.put("replayed_items", how.restored().replayed());
        members.put("context_restored", how.restored().restored());
        members.put("cut_sample", to.firstSample);
        put(members, to.accountsBefore);
        parts.fanOut.deliverLocal(to, LocalEvents.SESSION_ROLLOVER, members);
        parts.life.moved(to);
        parts.acknowledgements.goOn();
        parts.conversation.responses().goOn();
        parts.outbox.drain();
    }

    void account(ObjectNode members) {
        put(members, parts.inbox.accounts());
    }

    private static void put(ObjectNode members, InputAccounts accounts) {
        ObjectNode samples = members.putObject("samples");
        samples.put("given", accounts.given());
        samples.put("sent", accounts.sent());
        samples.put("settled", accounts.settled());
        samples.put("resent", accounts.resent());
        samples.put("dropped", accounts.dropped());
        samples.put("unsettled", accounts.unsettled());
    }

    private static ObjectNode ids(Epoch from, Epoch to) {
        ObjectNode members = JsonNodeFactory.instance.objectNode();
        members.put("old_session_id", from.sessionId);
        members.put("old_epoch", from.number);
        members.put("session_id", to.sessionId);
        members.put("epoch", to.number);
        return members;
    }

    @Override
    public void drained(Epoch epoch, boolean alive) {
        int missing = epoch.dues.items().size() + epoch.dues.responses().size();
        if (missing > 0) {
            LOG.warn("Session {}: {} is over, and {} of its transcripts and responses have not come to their end "
                     + "(option transcriptTimeout)", name, epoch, missing);
        }
        Set<String> again = parts.inbox.drained(epoch);
        // what is sent again is owed under other names; else no pause and no stop would ever find that all has come
        parts.owed.forget(epoch.dues.items());
        List<ResponseRequest> lost = parts.conversation.responses().drained(epoch.admission);
        lost.forEach(request -> request.fail(EndReasons.drained(name, alive)));
        parts.life.over(epoch, again, "drained");
        ObjectNode members = JsonNodeFactory.instance.objectNode();
        members.put("session_id", epoch.sessionId);
        members.put("epoch", epoch.number);
        members.put("lost", !alive);
        members.put("settled", epoch.dues.count());
        members.put("missing", missing);
        account(members);
        parts.fanOut.deliverLocal(epoch, LocalEvents.SESSION_DRAINED, members);
        // what it said after the next connection had been told of the conversation
        parts.life.correctContext();
    }

    @Override
    public void abandoned(Epoch epoch) {
        parts.fanOut.deliverAbandoned(epoch, "hangup");
    }
}
