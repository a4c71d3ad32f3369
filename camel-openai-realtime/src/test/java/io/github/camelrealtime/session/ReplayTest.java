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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelrealtime.event.ClientEvent;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static io.github.camelrealtime.session.Futures.failure;
import static org.assertj.core.api.Assertions.assertThat;

class ReplayTest {

    private final ManualTimers timers = new ManualTimers();
    private final Configs configs = Configs.manual();
    private final Set<String> waitingOutputs = new HashSet<>();
    private final List<String> outputs = new ArrayList<>();
    private final FakeTransport transport = new FakeTransport();
    private ConversationMirror mirror;
    private int epochs = 1;

    private final ToolOutputs known = new ToolOutputs() {
        @Override
        public String of(String callId) {
            return outputs.contains(callId) ? "result of " + callId : null;
        }

        @Override
        public boolean isWaiting(String callId) {
            return waitingOutputs.contains(callId);
        }
    };

    private void begin() {
        mirror = new ConversationMirror(configs.build(), timers, (itemId, part, millis) -> null, known);
        mirror.admitted(1, List.of(), List.of(), List.of());
    }

    private void say(String json) {
        mirror.onEvent(epochs, Events.of(json));
    }

    private void user(String itemId, String transcript) {
        say("{'type':'conversation.item.done','item':{'id':'" + itemId + "','type':'message','role':'user','content':"
            + "[{'type':'input_audio','transcript':" + (transcript == null ? "null" : "'" + transcript + "'") + "}]}}");
    }

    private void assistant(String itemId, String text) {
        say("{'type':'conversation.item.done','item':{'id':'" + itemId + "','type':'message','role':'assistant','content':"
            + "[{'type':'output_audio','transcript':'" + text + "'}]}}");
    }

    private void call(String itemId, String callId) {
        say("{'type':'conversation.item.done','item':{'id':'" + itemId + "','type':'function_call','status':'completed','name':"
            + "'lookup','call_id':'" + callId + "','arguments':'{}'}}");
    }

    private void output(String itemId, String callId) {
        mirror.leaves(ClientEvent.parse("{\"type\":\"conversation.item.create\",\"item\":{\"id\":\"" + itemId
                                        + "\",\"type\":\"function_call_output\",\"call_id\":\"" + callId
                                        + "\",\"output\":\"42\"}}"));
    }

    private Replay replay;

    private CompletableFuture<Replay.Result> start() {
        Epoch epoch = new Epoch(null, null, ++epochs, new Spans(new StreamMap(24_000)));
        epoch.transport = transport;
        replay = Replay.of(mirror, configs.build());
        return replay.on(epoch);
    }

    private List<JsonNode> items() {
        return transport.frames("conversation.item.create").stream().map(frame -> frame.path("item")).toList();
    }

    private static String text(JsonNode item) {
        JsonNode part = item.path("content").path(0);
        return item.path("role").asText(item.path("type").asText()) + " " + part.path("type").asText(item.path("call_id").asText())
               + " " + part.path("text").asText(item.path("output").asText());
    }

    private void confirm(JsonNode item) {
        for (String type : List.of("added", "done")) {
            assertThat(replay.onEvent(Events.of("{'type':'conversation.item." + type + "','item':{'id':'" + item.path("id").asText()
                                                + "','type':'" + item.path("type").asText() + "'}}"))).isTrue();
        }
    }

    /** As the service does: one answer each, and what comes of that too. */
    private void confirmAll() {
        for (int i = 0; i < items().size(); i++) {
            confirm(items().get(i));
        }
    }

    // ---- in two parts

    private CompletableFuture<Void> early() {
        Epoch epoch = new Epoch(null, null, ++epochs, new Spans(new StreamMap(24_000)));
        epoch.transport = transport;
        target = epoch;
        replay = Replay.of(mirror, configs.build());
        CompletableFuture<Void> told = replay.begin(epoch);
        // what is said now is said by the connection before
        epochs--;
        return told;
    }

    private Epoch target;

    private List<String> told() {
        return transport.frames().stream().map(frame -> frame.has("item")
                ? text(frame.path("item")) + (frame.has("previous_item_id") ? " behind one" : "")
                : frame.path("type").asText()).toList();
    }

    @Test
    @DisplayName("ROLL-10 what there is is told early, without settling anything; at the end only what has come since, and the anchor")
    void twoParts() {
        begin();
        user("u1", "question");
        call("c1", "call_1");
        CompletableFuture<Void> early = early();
        assertThat(early).isNotDone();
        confirmAll();
        assertThat(early).isCompleted();
        assertThat(told()).containsExactly("user input_text question", "function_call call_1 ");
        output("o1", "call_1");
        assistant("a1", "answer");
        assertThat(transport.frames()).as("not before it is asked for").hasSize(2);
        CompletableFuture<Replay.Result> done = replay.on(target);
        for (int i = 2; i < items().size(); i++) {
            confirm(items().get(i));
        }
        assertThat(done).isCompletedWithValue(new Replay.Result(4, 4, "true"));
        assertThat(told().subList(2, told().size())).containsExactly(
                "function_call_output call_1 42", "assistant output_text answer",
                "system input_text " + SessionConfig.History.REANCHOR);
        replay.admitted();
        assertThat(mirror.items()).extracting(ConversationItem::text).containsExactly("question", "{}", "42", "answer");
    }

    @Test
    @DisplayName("ROLL-10 what was removed is removed, what turned out otherwise is told anew in its place")
    void changedMeanwhile() {
        begin();
        user("u1", "one");
        user("u2", null);
        user("u3", "three");
        user("u4", "four");
        early();
        confirmAll();
        assertThat(told()).hasSize(3);
        say("{'type':'conversation.item.input_audio_transcription.completed','item_id':'u2','content_index':0,'transcript':'two'}");
        say("{'type':'conversation.item.deleted','item_id':'u3'}");
        CompletableFuture<Replay.Result> done = replay.on(target);
        assertThat(told().subList(3, 5)).containsExactly("conversation.item.delete", "user input_text two behind one");
        JsonNode second = transport.frames().get(4);
        assertThat(second.path("previous_item_id").asText()).isEqualTo(items().get(0).path("id").asText());
        assertThat(transport.frames().get(3).path("item_id").asText()).isEqualTo(items().get(1).path("id").asText());
        replay.onEvent(Events.of("{'type':'conversation.item.deleted','item_id':'" + items().get(1).path("id").asText() + "'}"));
        confirm(items().get(3));
        confirm(items().get(4));
        assertThat(done).isCompletedWithValue(new Replay.Result(3, 3, "true"));
    }

    @Test
    @DisplayName("ROLL-10 the rest is due while the first part is under way: it follows, and nothing is told twice")
    void restWhileEarly() {
        begin();
        user("u1", "one");
        early();
        user("u2", "two");
        CompletableFuture<Replay.Result> done = replay.on(target);
        assertThat(told()).containsExactly("user input_text one");
        confirmAll();
        assertThat(done).isCompletedWithValue(new Replay.Result(2, 2, "true"));
        assertThat(told()).containsExactly("user input_text one", "user input_text two",
                "system input_text " + SessionConfig.History.REANCHOR);
    }

    @Test
    @DisplayName("ROLL-10 nothing to tell early, or no answer to it within itemAckTimeout")
    void earlyEnds() {
        begin();
        assertThat(early()).isCompleted();
        assertThat(replay.on(target)).isCompletedWithValue(new Replay.Result(0, 0, "true"));
        user("u1", "one");
        CompletableFuture<Void> early = early();
        timers.advance(5_000);
        assertThat(early).isCompletedExceptionally();
    }

    // ---- what is told

    @Test
    @DisplayName("ROLL-10 ROLL-11 ROLL-17 text for speech on both sides, whole tool rounds, order kept, then one re-anchor message")
    void whole() {
        begin();
        user("u1", "question");
        call("c1", "call_1");
        output("o1", "call_1");
        assistant("a1", "answer");
        CompletableFuture<Replay.Result> done = start();
        assertThat(done).isNotDone();
        confirmAll();
        assertThat(done).isCompletedWithValue(new Replay.Result(4, 4, "true"));
        assertThat(items()).extracting(ReplayTest::text).containsExactly(
                "user input_text question", "function_call call_1 ", "function_call_output call_1 42",
                "assistant output_text answer", "system input_text " + SessionConfig.History.REANCHOR);
        assertThat(items()).allSatisfy(item -> assertThat(item.path("id").asText()).isNotBlank().hasSizeLessThanOrEqualTo(32));
        assertThat(items()).extracting(item -> item.path("id").asText()).doesNotHaveDuplicates()
                .contains("o1").doesNotContain("u1", "c1", "a1");
        assertThat(transport.frames().toString()).doesNotContain("audio");

        assertThat(mirror.currentId("u1")).as("not before the connection is the present one").isEqualTo("u1");
        replay.admitted();
        String id = items().get(0).path("id").asText();
        assertThat(mirror.currentId("u1")).isEqualTo(id);
        assertThat(mirror.isRestored("u1")).isTrue();
        assertThat(mirror.isRestored(id)).isTrue();
        assertThat(mirror.items()).extracting(ConversationItem::text).containsExactly("question", "{}", "42", "answer");
        ClientEvent delete = mirror.leaves(ClientEvent.of("conversation.item.delete").with("item_id", "a1"));
        assertThat(delete.getJson().path("item_id").asText()).isEqualTo(items().get(3).path("id").asText());
    }

    @Test
    @DisplayName("ROLL-10 empty messages, orphan calls, orphan outputs and what was cut off are left out")
    void leftOut() {
        begin();
        user("u1", "question");
        say("{'type':'conversation.item.done','item':{'id':'c','type':'function_call','status':'incomplete','name':'f',"
            + "'call_id':'cut','arguments':'{'}}");
        output("orphan", "nobody");
        user("silence", "");
        assistant("a1", " ");
        assistant("a2", "answer");
        CompletableFuture<Replay.Result> done = start();
        confirmAll();
        assertThat(items()).extracting(ReplayTest::text).startsWith("user input_text question", "assistant output_text answer")
                .hasSize(3);
        assertThat(done.getNow(null).replayed()).isEqualTo(2);
    }

    @Test
    @DisplayName("ROLL-11 speech whose words are not known makes the context partial, unless they are still to come")
    void unknownWords() {
        begin();
        user("u1", null);
        assistant("a1", "answer");
        user("u2", null);
        CompletableFuture<Replay.Result> done = start();
        confirmAll();
        assertThat(done).isCompletedWithValue(new Replay.Result(2, 1, "partial"));
    }

    @Test
    @DisplayName("ROLL-10 pictures are told again with the words beside them")
    void pictures() {
        begin();
        mirror.leaves(ClientEvent.parse("{\"type\":\"conversation.item.create\",\"item\":{\"id\":\"i\",\"type\":\"message\",\"role\":"
                                        + "\"user\",\"content\":[{\"type\":\"input_text\",\"text\":\"see\"},{\"type\":\"input_image\","
                                        + "\"image_url\":\"data:image/png;base64,iVBORw0KGgo=\",\"detail\":\"low\"}]}}"));
        start();
        assertThat(items().get(0).path("content")).hasToString(
                "[{\"type\":\"input_text\",\"text\":\"see\"},{\"type\":\"input_image\",\"image_url\":\"data:image/png;base64,iVBORw0KGgo=\","
                                                               + "\"detail\":\"low\"}]");
    }

    @Test
    @DisplayName("ROLL-10 what the service called by itself is told as a call with its output")
    void remoteTools() {
        begin();
        say("{'type':'conversation.item.done','item':{'id':'l','type':'mcp_list_tools','server_label':'s','tools':[]}}");
        say("{'type':'conversation.item.done','item':{'id':'m','type':'mcp_call','server_label':'s','name':'search','arguments':"
            + "'{\\\"q\\\":1}','output':'found'}}");
        CompletableFuture<Replay.Result> done = start();
        confirmAll();
        assertThat(items()).extracting(item -> item.path("type").asText())
                .containsExactly("function_call", "function_call_output", "message");
        assertThat(items().get(0).path("name").asText()).isEqualTo("search");
        assertThat(items().get(0).path("call_id")).isEqualTo(items().get(1).path("call_id"));
        assertThat(done).isCompletedWithValue(new Replay.Result(2, 2, "true"));
    }

    @Test
    @DisplayName("ROLL-11 nothing was said: nothing is told, and nothing is missing")
    void nothing() {
        begin();
        assertThat(start()).isCompletedWithValue(new Replay.Result(0, 0, "true"));
        assertThat(transport.frames()).isEmpty();
    }

    @Test
    @DisplayName("ROLL-11 switched off: nothing is told, and that is said")
    void switchedOff() {
        configs.history = new SessionConfig.History(List.of(), false, "go on", 10, 1_000, 0, 0, 0.8);
        begin();
        user("u1", "question");
        assertThat(start()).isCompletedWithValue(new Replay.Result(1, 0, "false"));
        assertThat(transport.frames()).isEmpty();
    }

    @Test
    @DisplayName("ROLL-11 what is no longer kept makes the context partial")
    void dropped() {
        configs.history = new SessionConfig.History(List.of(), true, null, 2, 1_000, 0, 0, 0.8);
        begin();
        user("u1", "one");
        user("u2", "two");
        user("u3", "three");
        CompletableFuture<Replay.Result> done = start();
        confirmAll();
        assertThat(done).isCompletedWithValue(new Replay.Result(2, 2, "partial"));
    }

    // ---- again and again

    @Test
    @DisplayName("ROLL-10 ROLL-17 twelve times over: the same conversation each time, one re-anchor message each time")
    void twelveTimes() {
        begin();
        user("u1", "question");
        call("c1", "call_1");
        output("o1", "call_1");
        assistant("a1", "answer");
        List<String> first = null;
        for (int i = 0; i < 12; i++) {
            int before = items().size();
            CompletableFuture<Replay.Result> done = start();
            for (int j = before; j < items().size(); j++) {
                confirm(items().get(j));
            }
            assertThat(done).isCompletedWithValue(new Replay.Result(4, 4, "true"));
            replay.admitted();
            List<String> told = items().subList(before, items().size()).stream().map(ReplayTest::text).toList();
            first = first == null ? told : first;
            assertThat(told).isEqualTo(first).hasSize(5);
        }
        assertThat(mirror.isRestored("u1")).as("still found by its first name").isTrue();
        assertThat(mirror.status(0).items()).isEqualTo(4);
    }

    @Test
    @DisplayName("ROLL-17 none if nothing was said but what the conversation began with, and none if it is switched off")
    void noAnchor() {
        begin();
        user("u1", "question");
        configs.history = new SessionConfig.History(List.of(), true, null, 10, 1_000, 0, 0, 0.8);
        CompletableFuture<Replay.Result> done = start();
        confirmAll();
        assertThat(done).isDone();
        assertThat(items()).hasSize(1);
    }

    // ---- calls without an output

    @Test
    @DisplayName("ROLL-16 a call that nobody answered is settled once, last: by the result if it is there by then, else as unknown")
    void pendingCalls() {
        begin();
        call("c1", "call_1");
        call("c2", "call_2");
        assistant("a1", "one moment");
        CompletableFuture<Replay.Result> done = start();
        assertThat(items()).hasSize(3);
        outputs.add("call_2");
        confirmAll();
        assertThat(done).isCompletedWithValue(new Replay.Result(5, 5, "true"));
        assertThat(items()).extracting(ReplayTest::text).contains("function_call_output call_1 " + Replay.UNKNOWN_OUTCOME,
                "function_call_output call_2 result of call_2");
        replay.admitted();
        assertThat(mirror.pendingToolCalls()).isZero();

        int before = items().size();
        start();
        assertThat(items().subList(before, items().size())).extracting(item -> item.path("type").asText())
                .containsExactlyInAnyOrder("function_call", "function_call", "message", "function_call_output",
                        "function_call_output");
    }

    @Test
    @DisplayName("ROLL-16 a result that waits to be sent leaves by itself, so the call is not settled for it")
    void outputWaits() {
        begin();
        call("c1", "call_1");
        waitingOutputs.add("call_1");
        CompletableFuture<Replay.Result> done = start();
        confirmAll();
        assertThat(done).isCompletedWithValue(new Replay.Result(1, 1, "true"));
        replay.admitted();
        assertThat(mirror.pendingToolCalls()).isEqualTo(1);
    }

    // ---- what the service does with it

    @Test
    @DisplayName("ROLL-10 ROLL-11 an item that is refused is left out, and so is the output of a call that is")
    void refused() {
        begin();
        user("u1", "question");
        call("c1", "call_1");
        output("o1", "call_1");
        assistant("a1", "answer");
        assistant("a2", "more");
        CompletableFuture<Replay.Result> done = start();
        List<JsonNode> creates = transport.frames("conversation.item.create");
        confirm(items().get(0));
        assertThat(replay.onEvent(Events.of("{'type':'error','error':{'type':'invalid_request_error','code':'invalid_value','event_id':'"
                                            + creates.get(1).path("event_id").asText() + "'}}"))).isTrue();
        confirm(items().get(2));
        assertThat(replay.onEvent(Events.of("{'type':'error','error':{'type':'invalid_request_error','code':'invalid_value','param':"
                                            + "'item.content[0].text','event_id':null}}"))).as("about a1, the first unanswered").isTrue();
        confirm(items().get(4));
        assertThat(transport.frames("conversation.item.delete")).singleElement()
                .satisfies(delete -> assertThat(delete.path("item_id").asText()).isEqualTo("o1"));
        assertThat(replay.onEvent(Events.of("{'type':'conversation.item.deleted','item_id':'o1'}"))).isTrue();
        confirm(items().get(5));
        assertThat(done).isCompletedWithValue(new Replay.Result(5, 2, "partial"));
        replay.admitted();
        assertThat(mirror.items()).extracting(ConversationItem::text).containsExactly("question", "more");
        assertThat(mirror.status(0).droppedItems()).isEqualTo(3);
    }

    @Test
    @DisplayName("ROLL-11 all refused: the model knows nothing")
    void allRefused() {
        begin();
        user("u1", "question");
        CompletableFuture<Replay.Result> done = start();
        replay.onEvent(Events.of("{'type':'error','error':{'type':'invalid_request_error','event_id':'"
                                 + transport.last().path("event_id").asText() + "'}}"));
        assertThat(done).isCompletedWithValue(new Replay.Result(1, 0, "false"));
        assertThat(items()).hasSize(1);
    }

    @Test
    @DisplayName("ROLL-10 what is not about these items is left to the others")
    void notOurs() {
        begin();
        user("u1", "question");
        start();
        for (String other : List.of("{'type':'error','error':{'type':'x','code':'session_expired'}}",
                "{'type':'error','error':{'event_id':'another','param':'item.id'}}", "{'type':'session.updated','session':{}}",
                "{'type':'conversation.item.added','item':{'id':'theirs','type':'message'}}")) {
            assertThat(replay.onEvent(Events.of(other))).as(other).isFalse();
        }
    }

    @Test
    @DisplayName("ROLL-18 a service that does not answer fails it within itemAckTimeout; one that is slow does not")
    void silent() {
        begin();
        user("u1", "one");
        user("u2", "two");
        CompletableFuture<Replay.Result> done = start();
        timers.advance(4_000);
        confirm(items().get(0));
        timers.advance(4_000);
        assertThat(done).isNotDone();
        timers.advance(6_000);
        assertThat(failure(done)).isInstanceOf(TimedOutException.class).hasMessageContaining("itemAckTimeout");
        assertThat(mirror.currentId("u1")).as("nothing has changed").isEqualTo("u1");
        assertThat(timers.waiting()).isZero();
    }

    @Test
    @DisplayName("ROLL-18 a connection that goes down meanwhile fails it at once")
    void wentDown() {
        begin();
        user("u1", "one");
        transport.open = false;
        assertThat(failure(start())).hasMessageContaining("went down");
    }

    @Test
    @DisplayName("ROLL-10 FLOW-6 a long conversation leaves in order, with a bounded number unanswered and the transport's queue low")
    void paced() {
        begin();
        for (int i = 0; i < 200; i++) {
            user("u" + i, "number " + i);
        }
        transport.queued = Outbox.MARK_BYTES + 1;
        CompletableFuture<Replay.Result> done = start();
        assertThat(items()).isEmpty();
        transport.queued = 0;
        timers.advance(5);
        assertThat(items()).hasSize(64);
        confirmAll();
        assertThat(done).isCompletedWithValue(new Replay.Result(200, 200, "true"));
        assertThat(items().subList(0, 200)).extracting(item -> item.path("content").path(0).path("text").asText())
                .containsExactlyElementsOf(IntStream.range(0, 200).mapToObj(i -> "number " + i).toList());
    }

    // ---- what became known afterwards

    private static List<String> types(List<ClientEvent> events) {
        return events.stream().map(event -> event.getType().substring(event.getType().lastIndexOf('.') + 1)).toList();
    }

    private void restore() {
        start();
        confirmAll();
        replay.admitted();
    }

    @Test
    @DisplayName("ROLL-10 INT-9 an answer of which less was heard than was told again is told anew in its place, once")
    void corrected() {
        begin();
        user("u1", "question");
        assistant("a1", "one two three");
        user("u2", "wait");
        restore();
        assertThat(mirror.corrections()).isEmpty();
        String told = mirror.currentId("a1");
        mirror.leaves(ClientEvent.of("conversation.item.truncate").with("item_id", "a1").with("content_index", 0)
                .with("audio_end_ms", 100));
        List<ClientEvent> corrections = mirror.corrections();
        assertThat(types(corrections)).containsExactly("delete", "create");
        assertThat(mirror.corrections()).as("under way").isEmpty();
        corrections.replaceAll(mirror::leaves);
        assertThat(corrections.get(0).getJson().path("item_id").asText()).isEqualTo(told);
        JsonNode create = corrections.get(1).getJson();
        assertThat(create.path("previous_item_id").asText()).isEqualTo(mirror.currentId("u1"));
        assertThat(text(create.path("item"))).isEqualTo("assistant output_text one");
        say("{'type':'conversation.item.deleted','item_id':'" + told + "'}");
        assertThat(mirror.items()).extracting(ConversationItem::text).containsExactly("question", "one", "wait");
        assertThat(mirror.currentId("a1")).isEqualTo(create.path("item").path("id").asText());
        assertThat(mirror.corrections()).isEmpty();
    }

    @Test
    @DisplayName("ROLL-10 an answer of which nothing was heard is removed, and nothing put in its place")
    void unheard() {
        begin();
        user("u1", "question");
        assistant("a1", "answer");
        restore();
        mirror.leaves(ClientEvent.of("conversation.item.truncate").with("item_id", "a1").with("content_index", 0)
                .with("audio_end_ms", 0));
        List<ClientEvent> corrections = mirror.corrections();
        assertThat(types(corrections)).containsExactly("delete");
        corrections.replaceAll(mirror::leaves);
        assertThat(mirror.items()).extracting(ConversationItem::text).containsExactly("question");
    }

    @Test
    @DisplayName("ROLL-10 ROLL-2 what the connection before said while it was drained is told too, in its place")
    void drained() {
        begin();
        user("u1", "question");
        say("{'type':'conversation.item.added','item':{'id':'a1','type':'message','role':'assistant','content':[]}}");
        restore();
        int old = epochs - 1;
        mirror.onEvent(epochs, Events.of("{'type':'conversation.item.done','previous_item_id':'anchor','item':{'id':'u2','type':'message',"
                                         + "'role':'user','content':[{'type':'input_audio','transcript':'next'}]}}"));
        mirror.onEvent(old, Events.of("{'type':'response.output_audio_transcript.done','item_id':'a1','content_index':0,"
                                      + "'transcript':'answer'}"));
        assertThat(mirror.corrections()).as("more may come").isEmpty();
        mirror.onEvent(old, Events.of("{'type':'conversation.item.done','item':{'id':'a1','type':'message','role':'assistant','content':"
                                      + "[{'type':'output_audio','transcript':'answer'}]}}"));
        mirror.onEvent(old, Events.of("{'type':'conversation.item.done','previous_item_id':'a1','item':{'id':'c1','type':'function_call',"
                                      + "'status':'completed','name':'lookup','call_id':'call_1','arguments':'{}'}}"));
        List<ClientEvent> corrections = mirror.corrections();
        corrections.replaceAll(mirror::leaves);
        assertThat(types(corrections)).containsExactly("create", "create");
        assertThat(corrections).extracting(event -> event.getJson().path("previous_item_id").asText())
                .containsExactly(mirror.currentId("u1"), mirror.currentId("a1"));
        assertThat(mirror.items()).extracting(ConversationItem::text).containsExactly("question", "answer", "{}", "next");
        assertThat(mirror.pendingToolCalls()).isEqualTo(1);
    }

    @Test
    @DisplayName("ROLL-10 a correction that has not left when the connection is lost does not leave at all: the next is told as it is")
    void withdrawn() {
        begin();
        assistant("a1", "one two three");
        restore();
        mirror.leaves(ClientEvent.of("conversation.item.truncate").with("item_id", "a1").with("content_index", 0)
                .with("audio_end_ms", 100));
        List<ClientEvent> corrections = mirror.corrections();
        assertThat(mirror.withdrawn()).containsExactlyInAnyOrderElementsOf(
                corrections.stream().map(ClientEvent::getEventId).toList());
        assertThat(mirror.plan().steps()).extracting(step -> text(step.json())).containsExactly("assistant output_text one");
    }
}
