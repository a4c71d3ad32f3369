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

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.camelrealtime.event.ClientEvent;
import io.github.camelrealtime.event.ServerEvent;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class AcknowledgementsTest {

    private final ManualTimers timers = new ManualTimers();
    private final Refusals refusals = new Refusals();
    private final AtomicBoolean responding = new AtomicBoolean();
    private final Acknowledgements acknowledgements
            = new Acknowledgements("s", refusals, timers, 5_000, responding::get);
    private final List<CompletableFuture<Void>> handed = new ArrayList<>();

    private static ClientEvent about(String type, String itemId) {
        return ClientEvent.of("conversation.item." + type).with("item_id", itemId);
    }

    private static ClientEvent create(String itemId) {
        return ClientEvent.itemCreate(JsonNodeFactory.instance.objectNode().put("id", itemId), null);
    }

    private Acknowledged queued(ClientEvent event) {
        return acknowledgements.send(event, true, sent -> {
            CompletableFuture<Void> handing = new CompletableFuture<>();
            handed.add(handing);
            return handing;
        });
    }

    private Acknowledged sent(ClientEvent event) {
        Acknowledged asked = queued(event);
        acknowledgements.leaves(event);
        handed.get(handed.size() - 1).complete(null);
        return asked;
    }

    private void say(String json) {
        ServerEvent event = Events.of(json);
        acknowledgements.take(event).run();
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', value = {
            "create, {'type':'conversation.item.added';'item':{'id':'a'}}",
            "create, {'type':'conversation.item.created';'item':{'id':'a'}}",
            "delete, {'type':'conversation.item.deleted';'item_id':'a'}",
            "retrieve, {'type':'conversation.item.retrieved';'item':{'id':'a'}}",
            "truncate, {'type':'conversation.item.truncated';'item_id':'a'}" })
    @DisplayName("CTX-3 an answer is for whoever asked for that item, and for nobody else")
    void byItem(String type, String answer) {
        String json = answer.replace(';', ',');
        Acknowledged one = sent(type.equals("create") ? create("a") : about(type, "a"));
        Acknowledged other = sent(type.equals("create") ? create("b") : about(type, "b"));
        Acknowledged another = sent(type.equals("delete") ? about("retrieve", "a") : about("delete", "a"));
        say(json);
        assertThat(one.answer()).isCompletedWithValueMatching(event -> event.getItemId().equals("a"));
        assertThat(other.answer()).isNotDone();
        assertThat(another.answer()).isNotDone();
        say(json);
        assertThat(other.answer()).isNotDone();
        assertThat(acknowledgements.size()).isEqualTo(2);
        assertThat(refusals.size()).isEqualTo(2);
    }

    @Test
    @DisplayName("ROLL-14 when another connection takes over, what has left fails, and what has not is answered by the next")
    void cut() {
        Acknowledged left = sent(create("a"));
        ClientEvent later = create("b");
        Acknowledged waits = queued(later);
        acknowledgements.cut(Set.of(), id -> false, new IllegalStateException("lost"));
        assertThat(left.answer()).isCompletedExceptionally();
        assertThat(waits.answer()).isNotDone();
        acknowledgements.leaves(later);
        say("{'type':'conversation.item.added','item':{'id':'b'}}");
        assertThat(waits.answer()).isCompleted();
        assertThat(acknowledgements.size()).isZero();
    }

    @Test
    @DisplayName("CTX-3 of several about the same item, and of updates, the first to leave gets the first answer")
    void inOrderOfLeaving() {
        Acknowledged first = queued(about("retrieve", "a"));
        ClientEvent urgent = about("retrieve", "a");
        Acknowledged second = sent(urgent);
        say("{'type':'conversation.item.retrieved','item':{'id':'a'}}");
        assertThat(second.answer()).isCompleted();
        say("{'type':'conversation.item.retrieved','item':{'id':'a'}}");
        assertThat(first.answer()).as("has not left, so nothing can be its answer").isNotDone();

        Acknowledged update = sent(ClientEvent.sessionUpdate(JsonNodeFactory.instance.objectNode()));
        Acknowledged next = sent(ClientEvent.sessionUpdate(JsonNodeFactory.instance.objectNode()));
        say("{'type':'session.updated','session':{}}");
        assertThat(update.answer()).isCompleted();
        assertThat(next.answer()).isNotDone();
    }

    @Test
    @DisplayName("CTX-3 an event may have the id of an earlier one: both get their answers")
    void sameEventId() {
        Acknowledged first = sent(about("delete", "a").with("event_id", "mine"));
        Acknowledged second = sent(about("delete", "b").with("event_id", "mine"));
        say("{'type':'conversation.item.deleted','item_id':'b'}");
        say("{'type':'conversation.item.deleted','item_id':'a'}");
        assertThat(first.answer()).isCompleted();
        assertThat(second.answer()).isCompleted();
    }

    @Test
    @DisplayName("CTX-3 the time begins when the event has been sent, and an answer after it is nobody's")
    void timeOut() {
        ClientEvent event = about("delete", "a");
        Acknowledged asked = queued(event);
        timers.advance(60_000);
        assertThat(asked.answer()).isNotDone();
        acknowledgements.leaves(event);
        handed.get(0).complete(null);
        timers.advance(4_999);
        assertThat(asked.answer()).isNotDone();
        timers.advance(1);
        assertThat(asked.answer()).isCompletedExceptionally();
        assertThat(asked.answer().handle((done, failure) -> failure).join()).isInstanceOf(TimedOutException.class)
                .hasMessageContainingAll("conversation.item.delete", "itemAckTimeout");
        say("{'type':'conversation.item.deleted','item_id':'a'}");
        assertThat(acknowledgements.size()).isZero();
        assertThat(timers.waiting()).isZero();
    }

    @Test
    @DisplayName("CTX-3 created items are confirmed after a running response: their time begins with its end")
    void duringResponse() {
        responding.set(true);
        Acknowledged created = sent(create("a"));
        Acknowledged deleted = sent(about("delete", "b"));
        timers.advance(60_000);
        assertThat(deleted.answer()).as("not held up by a response").isCompletedExceptionally();
        assertThat(created.answer()).isNotDone();
        responding.set(false);
        timers.advance(5_000);
        assertThat(created.answer()).as("it may have ended just now").isNotDone();
        timers.advance(5_000);
        assertThat(created.answer()).isCompletedExceptionally();
    }

    @Test
    @DisplayName("CTX-3 what cannot be sent fails with the reason; when the session is lost all who wait are told")
    void lost() {
        Acknowledged unsent = queued(about("delete", "a"));
        handed.get(0).completeExceptionally(new IllegalArgumentException("too large"));
        assertThat(unsent.answer().handle((done, failure) -> failure).join()).hasMessage("too large");
        Acknowledged waiting = sent(about("delete", "b"));
        SessionClosedException gone = new SessionClosedException("s", "gone");
        acknowledgements.failAll(gone);
        assertThat(waiting.answer().handle((done, failure) -> failure).join()).isSameAs(gone);
        assertThat(acknowledgements.size()).isZero();
        assertThat(timers.waiting()).isZero();
    }

    @Test
    @DisplayName("CTX-3 there is a bound on events without an answer, past which they are refused and not sent")
    void bound() {
        for (int i = 0; i < Acknowledgements.MAX_WAITING; i++) {
            sent(about("delete", "item" + i));
        }
        int before = handed.size();
        Acknowledged refused = queued(about("delete", "one too many"));
        assertThat(refused.sent()).isCompletedExceptionally();
        assertThat(refused.answer().handle((done, failure) -> failure).join()).isInstanceOf(RealtimeException.class)
                .hasMessageContaining("1000");
        assertThat(handed).hasSize(before);
    }

    @Test
    void whatIsNotAcknowledgedIsNotTaken() {
        assertThat(Acknowledgements.isAcknowledged(ClientEvent.clear())).isFalse();
        assertThat(Acknowledgements.isAcknowledged(ClientEvent.userText("An item without an id"))).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> queued(ClientEvent.clear()));
    }
}
