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

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.camelrealtime.VirtualTimers;
import io.github.camelrealtime.event.EventCodec;
import io.github.camelrealtime.event.MalformedEventException;
import io.github.camelrealtime.event.ServerEvent;
import io.github.camelrealtime.simulator.VirtualClock;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TranscriptOrderTest {

    private static final long TIMEOUT = 30_000;

    private final List<String> out = new ArrayList<>();
    private final List<String> behind = new ArrayList<>();
    private final List<String> missing = new ArrayList<>();
    private final VirtualClock clock = new VirtualClock();
    private final TranscriptOrder order = new TranscriptOrder(
            true, TIMEOUT, new VirtualTimers(clock), event -> out.add(text(event.event())),
            event -> behind.add(text(event.event()) + " of " + out.size()), this::missing);

    private SessionEvent missing(String itemId) {
        missing.add(itemId);
        return null;
    }

    @Test
    @DisplayName("TRX-16 what is said of a turn as a whole comes behind all finals that became free with the one it waited for")
    void behindAll() {
        committed("u1", null);
        observe("{'type':'response.created','event_id':'e','response':{'id':'r','conversation_id':'c'}}");
        added("a1", "u1", "assistant");
        assistant("a1", "answer");
        done("a1", null, "assistant");
        assertThat(behind).isEmpty();
        completed("u1", "question");
        assertThat(out).containsExactly("question", "answer");
        assertThat(behind).containsExactly("question of 2", "answer of 2");
    }

    @Test
    @DisplayName("TRX-2 finals follow the chain of previous_item_id, whatever the order of arrival")
    void chainOrder() {
        committed("u1", null);
        committed("u2", "u1");
        committed("u3", "u2");
        completed("u3", "three");
        completed("u1", "one");
        assertThat(out).containsExactly("one");
        completed("u2", "two");
        assertThat(out).containsExactly("one", "two", "three");
    }

    @Test
    @DisplayName("TRX-2 an assistant's final waits for the user's before it, and the first non-null previous_item_id counts")
    void bothSides() {
        committed("u1", null);
        added("u1", null, "user");
        added("a1", "u1", "assistant");
        assistant("a1", "answer");
        done("a1", null, "assistant");
        committed("u2", "a1");
        completed("u2", "second question");
        assertThat(out).isEmpty();
        completed("u1", "question");
        assertThat(out).containsExactly("question", "answer", "second question");
    }

    @Test
    @DisplayName("TRX-2 an item that is put between two others is given out between them")
    void insertedInBetween() {
        committed("u1", null);
        committed("u3", "u1");
        committed("u2", "u1");
        completed("u3", "three");
        completed("u2", "two");
        completed("u1", "one");
        assertThat(out).containsExactly("one", "two", "three");
    }

    @Test
    @DisplayName("TRX-3 failed, deleted and empty items settle the chain")
    void failuresSettle() {
        committed("u1", null);
        committed("u2", "u1");
        committed("u3", "u2");
        committed("u4", "u3");
        completed("u4", "four");
        failed("u1");
        observe("{'type':'conversation.item.deleted','event_id':'e','item_id':'u2'}");
        completed("u3", "");
        assertThat(out).containsExactly("failed u1", "", "four");
    }

    @Test
    @DisplayName("TRX-3 an item without a transcript holds the others for its time and no longer, and is announced")
    void timeOut() {
        committed("u1", null);
        committed("u2", "u1");
        completed("u2", "two");
        clock.advance(Duration.ofMillis(TIMEOUT - 1));
        assertThat(out).isEmpty();
        clock.advance(Duration.ofMillis(1));
        assertThat(missing).containsExactly("u1");
        assertThat(out).containsExactly("two");
    }

    @Test
    @DisplayName("TRX-3 the item of an answer that was cut off, of which no end is told, is settled with its response")
    void cutOffAnswer() {
        observe("{'type':'response.output_item.added','event_id':'e','response_id':'r','output_index':0,"
                + "'item':{'id':'a1','type':'message','role':'assistant','content':[]}}");
        added("a1", null, "assistant");
        committed("u1", "a1");
        completed("u1", "one");
        assertThat(out).isEmpty();
        observe("{'type':'response.done','event_id':'e','response':{'id':'r','status':'cancelled','output':[]}}");
        assertThat(out).containsExactly("one");
    }

    @Test
    @DisplayName("TRX-3 an assistant's item that belongs to no response holds nobody; one among a response's no longer than that")
    void belongsToNoResponse() {
        added("stray", null, "assistant");
        committed("u1", "stray");
        completed("u1", "one");
        assertThat(out).containsExactly("one");

        observe("{'type':'response.created','event_id':'e','response':{'id':'r','conversation_id':'c'}}");
        added("stray2", null, "assistant");
        committed("u2", "stray2");
        completed("u2", "two");
        observe("{'type':'response.done','event_id':'e','response':{'id':'r','status':'completed','output':[]}}");
        assertThat(out).containsExactly("one", "two");
        assertThat(missing).isEmpty();
    }

    @Test
    @DisplayName("TRX-9 a written answer is no transcript and waits for none")
    void writtenAnswer() {
        assertThat(TranscriptOrder.isFinal(event("{'type':'response.output_text.done','event_id':'e','response_id':'r',"
                                                 + "'item_id':'a1','output_index':0,'content_index':0,'text':'answer'}")))
                .isFalse();
    }

    @Test
    @DisplayName("TRX-9 finals of items in no conversation are not held")
    void outOfBand() {
        committed("u1", null);
        assistant("x1", "aside");
        assertThat(out).containsExactly("aside");
    }

    @Test
    void flushGivesOutWhatIsHeldInOrder() {
        committed("u1", null);
        committed("u2", "u1");
        committed("u3", "u2");
        completed("u3", "three");
        completed("u2", "two");
        order.flush();
        assertThat(out).containsExactly("two", "three");
        assertThat(missing).isEmpty();
    }

    @Test
    void itemsBeyondTheBoundAreSettledAsTheyAre() {
        for (int i = 0; i < 3000; i++) {
            committed("u" + i, i == 0 ? null : "u" + (i - 1));
        }
        // the last 1000 are still held: its final waits for them
        completed("u2999", "last");
        assertThat(out).isEmpty();
        for (int i = 2000; i < 2999; i++) {
            completed("u" + i, "x");
        }
        assertThat(out).hasSize(1000).endsWith("last");
    }

    @Test
    @DisplayName("TRX-2 finals of the next epoch wait until those of the one before are out, and what is still to come there is told")
    void nextEpoch() {
        TranscriptOrder next = next();
        committed("u1", null);
        committed("u2", "u1");
        next.follows(order);
        offer(next, completedEvent("v2", "four"));
        committed(next, "v1");
        offer(next, completedEvent("v1", "three"));
        completed("u2", "two");
        assertThat(out).isEmpty();
        completed("u1", "one");
        assertThat(out).containsExactly("one", "two", "four", "three");
        committed(next, "v3");
        offer(next, completedEvent("v3", "five"));
        assertThat(out).endsWith("five");
        // nothing waits for it any more, so it comes when it comes
        offer(order, completedEvent("u9", "late"));
        assertThat(out).endsWith("late");
    }

    @Test
    @DisplayName("TRX-2 an epoch with nothing to come holds nobody; a response that runs there does, until it is done")
    void nothingToWaitFor() {
        TranscriptOrder next = next();
        observe("{'type':'response.created','event_id':'e','response':{'id':'r','conversation_id':'c'}}");
        next.follows(order);
        offer(next, completedEvent("v1", "next"));
        added("a1", null, "assistant");
        assistant("a1", "answer");
        done("a1", null, "assistant");
        assertThat(out).containsExactly("answer");
        observe("{'type':'response.done','event_id':'e','response':{'id':'r','status':'completed','output':[]}}");
        assertThat(out).containsExactly("answer", "next");

        TranscriptOrder third = next();
        third.follows(next);
        offer(third, completedEvent("w1", "third"));
        assertThat(out).endsWith("third");
    }

    @Test
    @DisplayName("TRX-2 the next epoch waits for one transcript's time at most, whatever the one before leaves out")
    void notForEver() {
        TranscriptOrder next = next();
        clock.advance(Duration.ofMillis(1));
        observe("{'type':'response.created','event_id':'e','response':{'id':'r','conversation_id':'c'}}");
        added("a1", null, "assistant");
        assistant("a1", "answer");
        committed("u1", "a1");
        completed("u1", "held behind the answer");
        next.follows(order);
        offer(next, completedEvent("v1", "next"));
        clock.advance(Duration.ofMillis(TIMEOUT - 1));
        assertThat(out).containsExactly("answer");
        clock.advance(Duration.ofMillis(1));
        assertThat(out).containsExactly("answer", "held behind the answer", "next");
    }

    @Test
    @DisplayName("TRX-2 three epochs one behind the other: flushing the last gives out all, in order")
    void threeEpochs() {
        TranscriptOrder second = next();
        TranscriptOrder third = next();
        committed("u1", null);
        committed("u2", "u1");
        completed("u2", "one");
        second.follows(order);
        committed(second, "v1");
        offer(second, completedEvent("v9", "two"));
        third.follows(second);
        offer(third, completedEvent("w1", "three"));
        assertThat(out).isEmpty();
        third.flush();
        assertThat(out).containsExactly("one", "two", "three");
    }

    @Test
    @DisplayName("FLOW-6 what waits for the epoch before is bounded: beyond it goes out as it is")
    void waitingIsBounded() {
        TranscriptOrder next = next();
        committed("u1", null);
        next.follows(order);
        for (int i = 0; i < 1500; i++) {
            offer(next, completedEvent("v" + i, "x" + i));
        }
        assertThat(out).hasSize(500).startsWith("x0");
        completed("u1", "late");
        assertThat(out).hasSize(1501).endsWith("x1499");
    }

    private TranscriptOrder next() {
        return new TranscriptOrder(
                true, TIMEOUT, new VirtualTimers(clock), event -> out.add(text(event.event())), event -> behind.add(""),
                this::missing);
    }

    private void committed(TranscriptOrder order, String id) {
        order.observe(event("{'type':'input_audio_buffer.committed','event_id':'e','item_id':'" + id + "'}"));
    }

    private static String completedEvent(String id, String text) {
        return "{'type':'conversation.item.input_audio_transcription.completed','event_id':'e','item_id':'" + id
               + "','content_index':0,'transcript':'" + text + "','usage':{'type':'duration','seconds':1}}";
    }

    private void committed(String id, String previous) {
        observe("{'type':'input_audio_buffer.committed','event_id':'e','previous_item_id':" + quoted(previous)
                + ",'item_id':'" + id + "'}");
    }

    private void added(String id, String previous, String role) {
        item("conversation.item.added", id, previous, role);
    }

    private void done(String id, String previous, String role) {
        item("conversation.item.done", id, previous, role);
    }

    private void item(String type, String id, String previous, String role) {
        observe("{'type':'" + type + "','event_id':'e','previous_item_id':" + quoted(previous)
                + ",'item':{'id':'" + id + "','type':'message','role':'" + role + "','content':[]}}");
    }

    private void completed(String id, String text) {
        offer(completedEvent(id, text));
    }

    private void failed(String id) {
        offer("{'type':'conversation.item.input_audio_transcription.failed','event_id':'e','item_id':'" + id
              + "','content_index':0,'error':{'type':'server_error','code':'audio_unintelligible'}}");
    }

    private void assistant(String id, String text) {
        offer("{'type':'response.output_audio_transcript.done','event_id':'e','response_id':'r','item_id':'" + id
              + "','output_index':0,'content_index':0,'transcript':'" + text + "'}");
    }

    private void observe(String json) {
        order.observe(event(json));
    }

    private void offer(String json) {
        offer(order, json);
    }

    private static void offer(TranscriptOrder order, String json) {
        ServerEvent event = event(json);
        assertThat(TranscriptOrder.isFinal(event)).isTrue();
        order.offer(new SessionEvent(event, "s", "sess_1", 1, 0, null, null));
    }

    private static String quoted(String id) {
        return id == null ? "null" : "'" + id + "'";
    }

    private static String text(ServerEvent event) {
        return event.getTranscript() == null ? "failed " + event.getItemId() : event.getTranscript();
    }

    private static ServerEvent event(String json) {
        try {
            return EventCodec.decode(json.replace('\'', '"'));
        } catch (MalformedEventException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
