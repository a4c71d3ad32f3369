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

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.event.ClientEvent;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class ConversationMirrorTest {

    private static final int EPOCH = 1;

    private final ManualTimers timers = new ManualTimers();
    private final Map<String, String> heard = new HashMap<>();
    private ConversationMirror mirror = mirror(Configs.manual());

    private ConversationMirror mirror(Configs configs) {
        ConversationMirror made = new ConversationMirror(
                configs.build(), timers, (itemId, part, millis) -> heard.get(itemId), new QueuedOutputs(null));
        made.admitted(EPOCH, List.of(), List.of(), List.of());
        return made;
    }

    private void say(String json) {
        mirror.onEvent(EPOCH, Events.of(json));
    }

    private void userSpeaks(String itemId, String previous, String transcript) {
        say("{'type':'input_audio_buffer.committed','item_id':'" + itemId + "','previous_item_id':"
            + (previous == null ? "null" : "'" + previous + "'") + "}");
        say("{'type':'conversation.item.added','previous_item_id':null,'item':{'id':'" + itemId
            + "','type':'message','role':'user','content':[{'type':'input_audio','transcript':null}]}}");
        say("{'type':'conversation.item.done','previous_item_id':null,'item':{'id':'" + itemId
            + "','type':'message','role':'user','content':[{'type':'input_audio','transcript':null}]}}");
        if (transcript != null) {
            transcribed(itemId, transcript);
        }
    }

    private void transcribed(String itemId, String transcript) {
        say("{'type':'conversation.item.input_audio_transcription.completed','item_id':'" + itemId
            + "','content_index':0,'transcript':'" + transcript + "'}");
    }

    private void assistantBegins(String itemId, String previous) {
        say("{'type':'conversation.item.added','previous_item_id':'" + previous + "','item':{'id':'" + itemId
            + "','type':'message','role':'assistant','status':'in_progress','content':[]}}");
    }

    private void assistantSays(String itemId, String piece) {
        say("{'type':'response.output_audio_transcript.delta','response_id':'r','item_id':'" + itemId
            + "','output_index':0,'content_index':0,'delta':'" + piece + "'}");
    }

    private void assistantIsDone(String itemId, String text) {
        say("{'type':'conversation.item.done','previous_item_id':null,'item':{'id':'" + itemId
            + "','type':'message','role':'assistant','status':'completed','content':[{'type':'output_audio','transcript':'" + text
            + "'}]}}");
    }

    private void call(String itemId, String callId, String status) {
        say("{'type':'conversation.item.added','previous_item_id':null,'item':{'id':'" + itemId
            + "','type':'function_call','status':'in_progress','name':'lookup','call_id':'" + callId + "','arguments':''}}");
        say("{'type':'conversation.item.done','previous_item_id':null,'item':{'id':'" + itemId
            + "','type':'function_call','status':'" + status + "','name':'lookup','call_id':'" + callId
            + "','arguments':'{}'}}");
    }

    private static ClientEvent create(String item) {
        return ClientEvent.parse(("{'type':'conversation.item.create','item':" + item + "}").replace('\'', '"'));
    }

    private static ClientEvent text(String id, String text) {
        return create("{" + (id == null ? "" : "'id':'" + id + "',")
                      + "'type':'message','role':'user','content':[{'type':'input_text','text':'" + text + "'}]}");
    }

    private static ClientEvent output(String id, String callId) {
        return create("{'id':'" + id + "','type':'function_call_output','call_id':'" + callId + "','output':'42'}");
    }

    private List<String> texts() {
        return mirror.items().stream().map(ConversationItem::text).toList();
    }

    private List<String> ids() {
        return mirror.items().stream().map(ConversationItem::itemId).toList();
    }

    // ---- what is learnt

    @Test
    @DisplayName("CTX-4 CTX-10 both sides of a spoken conversation, in the order of previous_item_id and not of arrival")
    void spoken() {
        userSpeaks("u1", null, "one");
        assistantBegins("a1", "u1");
        assistantSays("a1", "half ");
        assertThat(texts()).containsExactly("one", "half ");
        userSpeaks("u2", "a1", null);
        assistantIsDone("a1", "half and half");
        assistantBegins("a2", "u2");
        assistantIsDone("a2", "four");
        transcribed("u2", "three");
        userSpeaks("late", "u1", "between");

        assertThat(ids()).containsExactly("u1", "late", "a1", "u2", "a2");
        assertThat(texts()).containsExactly("one", "between", "half and half", "three", "four");
        assertThat(mirror.items().get(0)).satisfies(item -> {
            assertThat(item.role()).isEqualTo("user");
            assertThat(item.complete()).isTrue();
            assertThat(item).hasToString("ConversationItem[u1, message, user, 3 characters]");
        });
    }

    @Test
    @DisplayName("CTX-4 a place that is told only later counts; one that is told first is kept, whatever comes after (trap T-11)")
    void order() {
        userSpeaks("u1", null, "one");
        userSpeaks("u2", null, "two");
        say("{'type':'conversation.item.added','previous_item_id':null,'item':{'id':'a1','type':'message','role':'assistant',"
            + "'content':[]}}");
        say("{'type':'conversation.item.done','previous_item_id':'u1','item':{'id':'a1','type':'message','role':'assistant',"
            + "'content':[{'type':'output_text','text':'answer'}]}}");
        say("{'type':'conversation.item.done','previous_item_id':'u2','item':{'id':'a1','type':'message','role':'assistant',"
            + "'content':[{'type':'output_text','text':'answer'}]}}");
        assertThat(ids()).containsExactly("u1", "a1", "u2");
    }

    @Test
    @DisplayName("CTX-4 a transcript that comes before its item is not lost")
    void transcriptFirst() {
        transcribed("u1", "early");
        userSpeaks("u1", null, null);
        assertThat(texts()).containsExactly("early");
    }

    @Test
    @DisplayName("CTX-4 written answers, by their deltas and by their end")
    void written() {
        assistantBegins("a1", "x");
        say("{'type':'response.output_text.delta','response_id':'r','item_id':'a1','content_index':0,'delta':'wri'}");
        say("{'type':'response.output_text.delta','response_id':'r','item_id':'a1','content_index':0,'delta':'tt'}");
        assertThat(texts()).containsExactly("writt");
        say("{'type':'response.output_text.done','response_id':'r','item_id':'a1','content_index':0,'text':'written'}");
        assertThat(texts()).containsExactly("written");
    }

    @Test
    @DisplayName("CTX-3 CTX-4 an item of ours counts from when it leaves, with an id, until it is refused")
    void created() {
        ClientEvent left = mirror.leaves(text(null, "mine"));
        String id = left.getJson().path("item").path("id").asText();
        assertThat(id).isNotBlank().hasSizeLessThanOrEqualTo(32);
        ClientEvent second = mirror.leaves(text("second", "refused"));
        ClientEvent third = mirror.leaves(text("third", "refused without a name"));
        assertThat(texts()).containsExactly("mine", "refused", "refused without a name");

        say("{'type':'error','error':{'type':'invalid_request_error','event_id':'" + second.getEventId() + "'}}");
        say("{'type':'error','error':{'type':'invalid_request_error','event_id':null,'param':'item.content[0].text'}}");
        assertThat(texts()).containsExactly("mine");
        assertThat(third.getEventId()).isNotEqualTo(second.getEventId());
        say("{'type':'conversation.item.added','previous_item_id':null,'item':{'id':'" + id
            + "','type':'message','role':'user','content':[{'type':'input_text','text':'mine'}]}}");
        say("{'type':'error','error':{'type':'invalid_request_error','event_id':null,'param':'item.content'}}");
        assertThat(texts()).as("confirmed, so the error is about another").containsExactly("mine");
    }

    @Test
    @DisplayName("CTX-4 previous_item_id of what we create decides its place, root included")
    void createdInBetween() {
        mirror.leaves(text("one", "1"));
        mirror.leaves(text("three", "3"));
        mirror.leaves(text("two", "2").with("previous_item_id", "one"));
        mirror.leaves(text("zero", "0").with("previous_item_id", "root"));
        assertThat(texts()).containsExactly("0", "1", "2", "3");
    }

    @Test
    @DisplayName("CTX-3 an item that we remove is gone from when the event leaves, and back if that is refused")
    void deleted() {
        mirror.leaves(text("one", "1"));
        ClientEvent delete = mirror.leaves(ClientEvent.of("conversation.item.delete").with("item_id", "one"));
        assertThat(mirror.items()).isEmpty();
        say("{'type':'error','error':{'type':'invalid_request_error','event_id':'" + delete.getEventId() + "'}}");
        assertThat(texts()).containsExactly("1");
        mirror.leaves(delete);
        say("{'type':'conversation.item.deleted','item_id':'one'}");
        assertThat(mirror.items()).isEmpty();
        assertThat(mirror.holds("one")).isFalse();
    }

    @Test
    @DisplayName("ROLL-10 what a dying connection did not take leaves by the next, and is not told it twice")
    void staying() {
        ClientEvent event = mirror.leaves(text("one", "1"));
        mirror.leaves(text("two", "2"));
        ClientEvent delete = mirror.leaves(ClientEvent.of("conversation.item.delete").with("item_id", "two"));
        mirror.cut(Set.of(event.getEventId(), delete.getEventId()));
        assertThat(texts()).containsExactly("2");
    }

    // ---- what was heard

    @Test
    @DisplayName("ROLL-10 CTX-4 an interrupted item keeps the words that were heard, whatever the service says of it later")
    void interrupted() {
        assistantBegins("a1", "u1");
        assistantSays("a1", "what was heard and what was not");
        heard.put("a1", "what was heard");
        mirror.leaves(ClientEvent.of("conversation.item.truncate").with("item_id", "a1").with("content_index", 0)
                .with("audio_end_ms", 900));
        assertThat(texts()).containsExactly("what was heard");
        assistantSays("a1", " at all");
        assistantIsDone("a1", "what was heard and what was not at all");
        say("{'type':'conversation.item.truncated','item_id':'a1','content_index':0,'audio_end_ms':900}");
        assertThat(texts()).containsExactly("what was heard");
    }

    @Test
    @DisplayName("ROLL-10 where nobody has counted the audio, what was heard is estimated from the time")
    void estimated() {
        assistantIsDone("a1", "one two three four five six seven eight nine ten");
        say("{'type':'conversation.item.truncated','item_id':'a1','content_index':0,'audio_end_ms':1000}");
        assertThat(texts()).containsExactly("one two three four");
    }

    // ---- calls

    @Test
    @DisplayName("ROLL-16 a call waits from its end until its output leaves; one that was cut off never does")
    void calls() {
        call("c1", "call_1", "completed");
        assertThat(mirror.pendingToolCalls()).isEqualTo(1);
        call("c2", "call_2", "incomplete");
        call("c3", "call_3", "completed");
        assertThat(mirror.pendingToolCalls()).isEqualTo(2);
        mirror.leaves(output("o1", "call_1"));
        assertThat(mirror.pendingToolCalls()).isEqualTo(1);
        ClientEvent second = mirror.leaves(output("o3", "call_3"));
        assertThat(mirror.pendingToolCalls()).isZero();
        say("{'type':'error','error':{'type':'invalid_request_error','event_id':'" + second.getEventId() + "'}}");
        assertThat(mirror.pendingToolCalls()).isEqualTo(1);
        say("{'type':'conversation.item.deleted','item_id':'c3'}");
        assertThat(mirror.pendingToolCalls()).isZero();
    }

    // ---- bounds

    private void bounded(int items, long text, long images) {
        Configs configs = Configs.manual();
        configs.history = new SessionConfig.History(List.of(), true, null, items, text, images, 0, 0.8);
        mirror = mirror(configs);
    }

    @Test
    @DisplayName("CTX-4 FLOW-6 too many items: the oldest rounds go, each whole, and are counted")
    void manyItems() {
        bounded(5, 1_000, 0);
        for (int round = 1; round <= 3; round++) {
            mirror.leaves(text("u" + round, "question"));
            call("c" + round, "call_" + round, "completed");
            mirror.leaves(output("o" + round, "call_" + round));
        }
        assertThat(ids()).containsExactly("u3", "c3", "o3");
        assertThat(mirror.status(0).droppedItems()).isEqualTo(6);
        assertThat(mirror.holds("u1")).isFalse();
    }

    @Test
    @DisplayName("CTX-4 FLOW-6 too much text: the same, also while a long answer is still coming")
    void muchText() {
        bounded(100, 20, 0);
        userSpeaks("u1", null, "0123456789");
        userSpeaks("u2", "u1", "0123456789");
        assertThat(mirror.status(0)).isEqualTo(new SessionStatus.History(2, 20, 0, 0, 0, 0));
        assistantBegins("a2", "u2");
        assistantSays("a2", "x");
        assertThat(ids()).containsExactly("u2", "a2");
        assistantSays("a2", "0123456789");
        assertThat(mirror.items()).as("the round is too long for itself").isEmpty();
        assistantSays("a2", "more");
        assertThat(mirror.status(0)).isEqualTo(new SessionStatus.History(0, 0, 3, 0, 0, 0));
    }

    @Test
    @DisplayName("CTX-4 FLOW-6 too many pictures: the oldest go, the words beside them stay")
    void manyPictures() {
        bounded(100, 1_000, 60);
        for (int i = 1; i <= 2; i++) {
            mirror.leaves(create("{'id':'i" + i + "','type':'message','role':'user','content':[{'type':'input_text','text':'see "
                                 + i + "'},{'type':'input_image','image_url':'data:image/png;base64,iVBORw0KGgoAAAAA'}]}"));
        }
        assertThat(mirror.items()).extracting(ConversationItem::images).containsExactly(0, 1);
        assertThat(texts()).containsExactly("see 1", "see 2");
        assertThat(mirror.status(0).droppedImages()).isEqualTo(1);
    }

    @Test
    @DisplayName("CTX-4 a session without a conversation keeps none")
    void transcription() {
        mirror = mirror(Configs.client());
        userSpeaks("u1", null, "one");
        assertThat(mirror.items()).isEmpty();
    }

    @Test
    @DisplayName("CTX-1 every conversation begins with the same items")
    void seeds() {
        Configs configs = Configs.manual();
        ObjectNode seed = JsonNodeFactory.instance.objectNode().put("type", "message").put("role", "system");
        seed.putArray("content").addObject().put("type", "input_text").put("text", "be kind");
        configs.history = new SessionConfig.History(List.of(seed), true, null, 10, 1_000, 0, 0, 0.8);
        mirror = mirror(configs);
        mirror.leaves(text("one", "1"));
        assertThat(texts()).containsExactly("be kind", "1");
        mirror.begin();
        assertThat(texts()).containsExactly("be kind");
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "{'type':'conversation.item.added'}", "{'type':'conversation.item.added','item':null}",
            "{'type':'conversation.item.added','item':{'id':'x'}}", "{'type':'conversation.item.done','item':{'id':7,'type':7}}",
            "{'type':'conversation.item.done','item':{'id':'x','type':'message','role':7,'content':'no array'}}",
            "{'type':'conversation.item.done','item':{'id':'x','type':'message','content':[null,7,{'type':null}]}}",
            "{'type':'conversation.item.truncated'}", "{'type':'conversation.item.deleted'}",
            "{'type':'input_audio_buffer.committed'}", "{'type':'error'}", "{'type':'error','error':null}",
            "{'type':'conversation.item.input_audio_transcription.completed','item_id':'u','transcript':null}",
            "{'type':'response.output_text.delta','item_id':'u','content_index':-1,'delta':'x'}",
            "{'type':'response.output_text.delta','item_id':'u','content_index':1000000,'delta':'x'}",
            "{'type':'response.function_call_arguments.done','item_id':'u','arguments':{}}" })
    @DisplayName("CTX-4 nonsense changes nothing of what is known")
    void nonsense(String frame) {
        userSpeaks("u", null, "one");
        say(frame);
        assertThat(mirror.items().get(0).text()).isEqualTo("one");
        assertThat(mirror.plan().steps()).hasSize(1);
    }
}
