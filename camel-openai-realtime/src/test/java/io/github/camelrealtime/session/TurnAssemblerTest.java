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

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Scripts of events, and the turns that are told of. */
class TurnAssemblerTest {

    private static final long TRANSCRIPT_MILLIS = 30_000;

    private final ManualTimers timers = new ManualTimers();
    private final Spans spans = new Spans(new StreamMap(24_000));
    private final List<SessionEvent> events = new ArrayList<>();
    private boolean transcribes = true;
    private long unheard;
    private final EventFanOut fanOut = new EventFanOut("s", Configs.manual().build(), () -> transcribes, () -> unheard, timers);
    private final Epoch first = epoch(1);
    private final Epoch second = epoch(2);
    private Epoch epoch = first;

    @BeforeEach
    void subscribe() {
        fanOut.add(events::add);
    }

    private Epoch epoch(int number) {
        Epoch made = new Epoch(null, null, number, spans);
        made.named("sess_" + number, 0);
        made.order = new TranscriptOrder(
                true, TRANSCRIPT_MILLIS, timers, due -> fanOut.passFinal(made, due), fanOut::assemble,
                item -> fanOut.deliverMissing(made, item, "timeout"));
        return made;
    }

    // ---- turns that come to their end

    @Test
    @DisplayName("TRX-16 a spoken turn: words with place and confidence, answer, usage and times, once its last final is out")
    void spoken() {
        spans.put("u1", new Spans.Span(500L, null, "vad"));
        say("{'type':'input_audio_buffer.speech_started','item_id':'u1','audio_start_ms':500}");
        timers.advance(1000);
        spans.put("u1", new Spans.Span(500L, 1500L, "vad"));
        say("{'type':'input_audio_buffer.speech_stopped','item_id':'u1','audio_end_ms':1500}");
        timers.advance(10);
        say("{'type':'input_audio_buffer.committed','item_id':'u1'}");
        added("u1", "user", "'content':[{'type':'input_audio'}]");
        created("r1");
        timers.advance(200);
        said("r1", "a1", "At");
        timers.advance(5);
        voice("r1", "a1");
        timers.advance(100);
        done("r1", "completed", message("a1", "At nine."), 10, 5);
        assertThat(turns()).as("the user's words are not final").isEmpty();
        say("{'type':'conversation.item.input_audio_transcription.completed','item_id':'u1','content_index':0,"
            + "'transcript':'When?','logprobs':[{'token':'When?','logprob':0}],'languages':['en'],"
            + "'usage':{'type':'duration','seconds':1}}");

        JsonNode turn = onlyTurn();
        assertThat(turn.path("session").asText()).isEqualTo("s");
        assertThat(turn.path("turn").asLong()).isEqualTo(1);
        assertThat(turn.path("part").asInt()).isEqualTo(1);
        assertThat(turn.path("deduplication_id").asText()).isEqualTo("sess_1:turn:1:1");
        assertThat(turn.path("epochs").toString()).isEqualTo("[1]");
        assertThat(turn.path("completed").asBoolean()).isTrue();
        assertThat(turn.has("reason")).isFalse();
        assertThat(turn.path("interrupted").asBoolean()).isFalse();
        assertThat(turn.path("user").toString()).isEqualTo(json("[{'item_id':'u1','kind':'audio','outcome':'final','text':'When?',"
                + "'stream_start_ms':500,'stream_end_ms':1500,'time_source':'vad','confidence':1.0,'languages':['en'],"
                + "'usage':{'type':'duration','seconds':1}}]"));
        assertThat(turn.path("text").asText()).isEqualTo("At nine.");
        assertThat(turn.at("/responses/0/response_id").asText()).isEqualTo("r1");
        assertThat(turn.at("/responses/0/status").asText()).isEqualTo("completed");
        assertThat(turn.at("/responses/0/messages").toString()).isEqualTo(json("[{'item_id':'a1','text':'At nine.'}]"));
        assertThat(turn.path("usage").toString()).isEqualTo(json("{'total_tokens':15,'input_tokens':10,'output_tokens':5,"
                + "'input_token_details':{'audio_tokens':10}}"));
        long begin = turn.at("/timings/speech_started").asLong();
        assertThat(turn.path("timings").toString()).isEqualTo(json("{'speech_started':" + begin + ",'speech_stopped':"
                + (begin + 1000) + ",'committed':" + (begin + 1010) + ",'response_created':" + (begin + 1010)
                + ",'first_token':" + (begin + 1210) + ",'first_audio':" + (begin + 1215) + ",'done':" + (begin + 1315)
                + ",'latency_ms':215}"));
        SessionEvent event = turns().get(0);
        assertThat(event.context().turn()).isEqualTo(new Turn(1, null, 500L));
        assertThat(events.indexOf(event)).as("behind what it is made of").isEqualTo(events.size() - 1);
        assertThat(timers.waiting()).isZero();
    }

    @Test
    @DisplayName("TRX-16 a typed turn, and one whose speech is not transcribed, wait for no transcript")
    void withoutTranscript() {
        typed("u1", "Hello");
        answer("r1", "a1", "Hi.");
        assertThat(onlyTurn().at("/user/0").toString())
                .isEqualTo(json("{'item_id':'u1','kind':'message','outcome':'typed','text':'Hello'}"));
        transcribes = false;
        say("{'type':'input_audio_buffer.committed','item_id':'u2'}");
        answer("r2", "a2", "Yes.");
        assertThat(turn(1).at("/user/0").toString())
                .isEqualTo(json("{'item_id':'u2','kind':'audio','outcome':'untranscribed'}"));
        assertThat(turn(1).path("completed").asBoolean()).isTrue();
    }

    @Test
    @DisplayName("TRX-16 a turn goes on over calls of functions until the last answer; usage is summed")
    void tools() {
        typed("u1", "Trains?");
        created("r1");
        done("r1", "completed", message("a1", "Let me see.", "commentary") + "," + call("f1", "c1", "lookup") + ","
                                + call("f2", "c2", "price"), 10, 5);
        added("o1", null, "'type':'function_call_output','call_id':'c1','output':'{}'");
        assertThat(turns()).isEmpty();
        added("o2", null, "'type':'function_call_output','call_id':'c2','output':'{}'");
        timers.advance(TRANSCRIPT_MILLIS);
        assertThat(turns()).as("the answer is still to come").isEmpty();
        answer("r2", "a2", "At nine.");

        JsonNode turn = onlyTurn();
        assertThat(turn.path("tools").toString()).isEqualTo(json(
                "[{'name':'lookup','call_id':'c1','status':'answered','response_id':'r1'},"
                + "{'name':'price','call_id':'c2','status':'answered','response_id':'r1'}]"));
        assertThat(turn.path("responses")).hasSize(2);
        assertThat(turn.at("/responses/0/messages/0/phase").asText()).isEqualTo("commentary");
        assertThat(turn.at("/usage/total_tokens").asInt()).isEqualTo(30);
        assertThat(turn.path("completed").asBoolean()).isTrue();
    }

    @Test
    @DisplayName("TRX-16 a greeting is a turn without a user; what the model says unasked later is a further part, never told twice")
    void unasked() {
        answer("r0", "a0", "Welcome.");
        assertThat(onlyTurn().path("turn").asLong()).isZero();
        assertThat(onlyTurn().path("user")).isEmpty();
        typed("u1", "Hello");
        answer("r1", "a1", "Hi.");
        answer("r2", "a2", "Still there?");
        answer("r2", "a2", "Still there?");
        added("u1", "user", "'content':[{'type':'input_text','text':'Hello'}]");
        assertThat(turns()).extracting(event -> event.event().getJson().path("deduplication_id").asText())
                .containsExactly("sess_1:turn:0:1", "sess_1:turn:1:1", "sess_1:turn:1:2");
        assertThat(turn(2).path("user")).isEmpty();
        timers.advance(1_000_000);
        assertThat(turns()).hasSize(3);
    }

    @Test
    @DisplayName("TRX-16 a response in no conversation is no part of a turn")
    void outOfBand() {
        typed("u1", "Hello");
        say("{'type':'response.created','response':{'id':'x1','conversation_id':null}}");
        answer("r1", "a1", "Hi.");
        assertThat(onlyTurn().path("responses")).hasSize(1);
        say("{'type':'response.done','response':{'id':'x1','status':'completed','output':[],'conversation_id':null}}");
        assertThat(turns()).hasSize(1);
    }

    @Test
    @DisplayName("TRX-16 a failed transcript, a failed response and a deleted item settle the turn, and it says so")
    void failures() {
        say("{'type':'input_audio_buffer.committed','item_id':'u1'}");
        created("r1");
        say("{'type':'response.done','response':{'id':'r1','status':'failed','status_details':{'type':'failed',"
            + "'reason':'content_filter'},'output':[]}}");
        say("{'type':'conversation.item.input_audio_transcription.failed','item_id':'u1','content_index':0,"
            + "'error':{'code':'audio_unintelligible'}}");
        assertThat(turn(0).at("/user/0/outcome").asText()).isEqualTo("failed");
        assertThat(turn(0).at("/responses/0/status").asText()).isEqualTo("failed");
        assertThat(turn(0).at("/responses/0/reason").asText()).isEqualTo("content_filter");
        say("{'type':'input_audio_buffer.committed','item_id':'u2'}");
        answer("r2", "a2", "Yes.");
        say("{'type':'conversation.item.deleted','item_id':'u2'}");
        assertThat(turn(1).at("/user/0/outcome").asText()).isEqualTo("deleted");
    }

    @Test
    @DisplayName("TRX-16 INT-9 while the voice is played the user may interrupt: the turn waits, and has what was heard")
    void interrupted() {
        typed("u1", "Tell me all.");
        unheard = 5000;
        created("r1");
        voice("r1", "a1");
        done("r1", "completed", message("a1", "It is a long story."), 10, 5);
        timers.advance(1000);
        assertThat(turns()).isEmpty();
        ObjectNode cut = JsonNodeFactory.instance.objectNode().put("reason", "speech");
        cut.putArray("items").addObject().put("item_id", "a1").put("response_id", "r1").put("content_index", 0)
                .put("played_ms", 1000).put("transcript", "It is a");
        fanOut.deliverLocal(epoch, LocalEvents.TURN_INTERRUPTED, cut);

        JsonNode turn = onlyTurn();
        assertThat(turn.path("interrupted").asBoolean()).isTrue();
        assertThat(turn.path("completed").asBoolean()).isTrue();
        assertThat(turn.path("text").asText()).as("never blanked").isEqualTo("It is a long story.");
        assertThat(turn.at("/responses/0/heard_text").asText()).isEqualTo("It is a");
        assertThat(turn.at("/responses/0/played_ms").asLong()).isEqualTo(1000);
    }

    @Test
    @DisplayName("TRX-16 a voice that is played to its end ends the turn then")
    void heardOut() {
        typed("u1", "Hello");
        unheard = 2000;
        created("r1");
        voice("r1", "a1");
        done("r1", "completed", message("a1", "Hi."), 1, 1);
        timers.advance(1999);
        assertThat(turns()).isEmpty();
        timers.advance(1);
        assertThat(onlyTurn().path("interrupted").asBoolean()).isFalse();
    }

    @Test
    @DisplayName("TRX-16 how long a voice at the pace of speech takes is not known before: the turn is over when it is not heard any more")
    void paced() {
        typed("u1", "Hello");
        unheard = Long.MAX_VALUE;
        created("r1");
        voice("r1", "a1");
        done("r1", "completed", message("a1", "Hi."), 1, 1);
        timers.advance(5000);
        assertThat(turns()).isEmpty();
        unheard = 0;
        fanOut.deliverLocal(epoch, LocalEvents.ASSISTANT_SPEAKING, JsonNodeFactory.instance.objectNode().put("speaking", false));
        assertThat(onlyTurn().path("completed").asBoolean()).isTrue();
    }

    // ---- turns that do not

    @Test
    @DisplayName("TRX-16 a transcript that does not come is waited for as long as transcriptTimeout, and the turn says so")
    void missing() {
        say("{'type':'input_audio_buffer.committed','item_id':'u1'}");
        answer("r1", "a1", "Yes.");
        timers.advance(TRANSCRIPT_MILLIS);
        assertThat(onlyTurn().at("/user/0/outcome").asText()).isEqualTo("missing");
        assertThat(onlyTurn().path("completed").asBoolean()).isFalse();
        assertThat(onlyTurn().path("reason").asText()).isEqualTo("timeout");
        say("{'type':'conversation.item.input_audio_transcription.completed','item_id':'u1','content_index':0,"
            + "'transcript':'late'}");
        assertThat(turns()).hasSize(1);
    }

    @Test
    @DisplayName("TRX-16 with finals in order of arrival, where nobody else looks at the clock, it is no different")
    void missingWithoutOrder() {
        first.order = null;
        missing(TRANSCRIPT_MILLIS + 1000);
    }

    private void missing(long millis) {
        say("{'type':'input_audio_buffer.committed','item_id':'u1'}");
        answer("r1", "a1", "Yes.");
        timers.advance(millis);
        assertThat(onlyTurn().at("/user/0/outcome").asText()).isEqualTo("missing");
        assertThat(onlyTurn().path("reason").asText()).isEqualTo("timeout");
    }

    @Test
    @DisplayName("TRX-16 words that nobody answers are a turn too: when the user goes on, or when their time is over")
    void unanswered() {
        typed("u1", "A remark.");
        typed("u2", "Another.");
        assertThat(turn(0).path("reason").asText()).isEqualTo("unanswered");
        timers.advance(TRANSCRIPT_MILLIS + 1000);
        assertThat(turn(1).path("reason").asText()).isEqualTo("unanswered");
        assertThat(turn(1).path("responses")).isEmpty();
    }

    @Test
    @DisplayName("TRX-16 functions that never answer hold a turn for five minutes, or until the user goes on")
    void toolsWithoutAnswer() {
        typed("u1", "Trains?");
        created("r1");
        done("r1", "completed", call("f1", "c1", "lookup"), 1, 1);
        timers.advance(299_999);
        assertThat(turns()).isEmpty();
        timers.advance(1);
        assertThat(turn(0).path("reason").asText()).isEqualTo("timeout");
        assertThat(turn(0).at("/tools/0/status").asText()).isEqualTo("pending");
        typed("u2", "And buses?");
        created("r2");
        done("r2", "completed", call("f2", "c2", "lookup"), 1, 1);
        typed("u3", "Never mind.");
        assertThat(turn(1).path("reason").asText()).isEqualTo("superseded");
    }

    @Test
    @DisplayName("TRX-16 calls of a cancelled response are half calls: nobody answers them, nobody waits")
    void cancelledCall() {
        typed("u1", "Trains?");
        created("r1");
        done("r1", "cancelled", call("f1", "c1", "lookup"), 1, 1);
        assertThat(onlyTurn().at("/tools/0/status").asText()).isEqualTo("incomplete");
    }

    @Test
    @DisplayName("TRX-16 a noise that the service took for speech and never committed is no turn")
    void noSpeech() {
        say("{'type':'input_audio_buffer.speech_started','item_id':'u1','audio_start_ms':500}");
        timers.advance(300_000);
        say("{'type':'input_audio_buffer.speech_started','item_id':'u2','audio_start_ms':900}");
        typed("u3", "Hello");
        answer("r3", "a3", "Hi.");
        assertThat(onlyTurn().at("/user/0/item_id").asText()).isEqualTo("u3");
        assertThat(timers.waiting()).isZero();
    }

    @Test
    @DisplayName("TRX-16 ROLL-13 a running answer dies with its connection: the turn ends, with what was said of it")
    void answerLost() {
        say("{'type':'input_audio_buffer.committed','item_id':'u1'}");
        created("r1");
        said("r1", "a1", "At ni");
        fanOut.deliverRetracted(first, "reconnecting");
        JsonNode turn = onlyTurn();
        assertThat(turn.path("completed").asBoolean()).isFalse();
        assertThat(turn.path("reason").asText()).isEqualTo("reconnecting");
        assertThat(turn.at("/responses/0/status").asText()).isEqualTo("lost");
        assertThat(turn.path("text").asText()).isEqualTo("At ni");
        assertThat(turn.at("/user/0/outcome").asText()).isEqualTo("lost");
    }

    @Test
    @DisplayName("TRX-16 words that are given to the next connection again are one turn over two epochs, with the words of the second")
    void overEpochs() {
        committed("u1", 0, 1000);
        fanOut.deliverRetracted(first, "reconnecting");
        assertThat(turns()).isEmpty();
        epoch = second;
        committed("v1", 10, 1000);
        say("{'type':'conversation.item.input_audio_transcription.completed','item_id':'v1','content_index':0,"
            + "'transcript':'When?'}");
        answer("r1", "a1", "Now.");
        JsonNode turn = onlyTurn();
        assertThat(turn.path("turn").asLong()).isEqualTo(1);
        assertThat(turn.path("epochs").toString()).isEqualTo("[1,2]");
        assertThat(turn.path("user")).hasSize(1);
        assertThat(turn.at("/user/0/item_id").asText()).isEqualTo("v1");
        assertThat(turn.path("completed").asBoolean()).isTrue();
        assertThat(turns().get(0).epoch()).isEqualTo(2);
        assertThat(turns().get(0).sessionId()).isEqualTo("sess_2");
        assertThat(turn.path("deduplication_id").asText()).startsWith("sess_1:");
    }

    @Test
    @DisplayName("TRX-16 words that are lost and not said again end their turn in time; a question that was settled is still answered")
    void lostForGood() {
        committed("u1", 0, 1000);
        fanOut.deliverRetracted(first, "reconnecting");
        timers.advance(TRANSCRIPT_MILLIS + 1000);
        timers.advance(TRANSCRIPT_MILLIS + 1000);
        assertThat(onlyTurn().at("/user/0/outcome").asText()).isEqualTo("lost");
        assertThat(onlyTurn().path("reason").asText()).isEqualTo("reconnecting");
        typed("u2", "Hello?");
        fanOut.deliverRetracted(first, "reconnecting");
        epoch = second;
        answer("r2", "a2", "Hi.");
        assertThat(turn(1).path("completed").asBoolean()).isTrue();
        assertThat(turn(1).path("epochs").toString()).isEqualTo("[1,2]");
    }

    @Test
    @DisplayName("TRX-16 at the end of the session every turn is told of, once")
    void end() {
        say("{'type':'input_audio_buffer.committed','item_id':'u1'}");
        answer("r1", "a1", "Yes.");
        typed("u2", "And?");
        created("r2");
        fanOut.deliverAbandoned(first, "hangup");
        assertThat(turns()).extracting(event -> event.event().getJson().path("reason").asText())
                .containsExactly("hangup", "hangup");
        fanOut.deliverAbandoned(first, "hangup");
        assertThat(turns()).hasSize(2);
        assertThat(timers.waiting()).isZero();
    }

    @Test
    @DisplayName("FLOW-6 turns that are not over are bounded: the eldest is told of as it is")
    void bounded() {
        for (int i = 0; i < 150; i++) {
            say("{'type':'input_audio_buffer.committed','item_id':'u" + i + "'}");
        }
        assertThat(turns()).hasSize(50);
        assertThat(turn(0).path("reason").asText()).isEqualTo("overflow");
        assertThat(turn(49).at("/user/0/item_id").asText()).isEqualTo("u49");
    }

    @Test
    @DisplayName("TRX-16 nonsense of the service is no turn and does no harm")
    void nonsense() {
        done("r9", "completed", message("a9", "Who asked?"), 1, 1);
        say("{'type':'response.created','response':{}}");
        say("{'type':'response.done','response':{}}");
        say("{'type':'conversation.item.added','item':null}");
        say("{'type':'conversation.item.added','item':{'id':'o1','type':'function_call_output'}}");
        say("{'type':'input_audio_buffer.speech_stopped','item_id':'u9'}");
        say("{'type':'input_audio_buffer.committed','item_id':null}");
        assertThat(turns()).isEmpty();
        typed("u1", "Hello");
        created("r1");
        say("{'type':'response.done','response':{'id':'r1','output':[null,7,{'type':'function_call'},{'type':'message'}],"
            + "'usage':[1]}}");
        assertThat(onlyTurn().at("/responses/0/status").asText()).isEqualTo("completed");
    }

    // ---- the service

    private void say(String json) {
        // as the session does, whose input buffer hears of speech first
        spans.onEvent(1, Events.of(json));
        fanOut.deliver(epoch, Events.of(json), 0);
    }

    private void voice(String response, String item) {
        fanOut.deliverVoice(epoch, Events.of("{'type':'response.output_audio.delta','response_id':'" + response + "','item_id':'"
                                             + item + "','output_index':0,'content_index':0,'delta':'AAAA'}"), 3);
    }

    private void committed(String item, long start, long end) {
        spans.put(item, new Spans.Span(start, end, "segment"));
        say("{'type':'input_audio_buffer.committed','item_id':'" + item + "'}");
    }

    private void typed(String item, String text) {
        added(item, "user", "'content':[{'type':'input_text','text':'" + text + "'}]");
    }

    private void added(String item, String role, String members) {
        say("{'type':'conversation.item.added','item':{'id':'" + item + "'," + (role == null ? "" : "'type':'message','role':'"
            + role + "',") + members + "}}");
    }

    private void created(String response) {
        say("{'type':'response.created','response':{'id':'" + response + "','conversation_id':'c'}}");
    }

    private void said(String response, String item, String text) {
        say("{'type':'response.output_audio_transcript.delta','response_id':'" + response + "','item_id':'" + item
            + "','output_index':0,'content_index':0,'delta':'" + text + "'}");
    }

    private void answer(String response, String item, String text) {
        created(response);
        done(response, "completed", message(item, text), 10, 5);
    }

    private void done(String response, String status, String output, int in, int out) {
        say("{'type':'response.done','response':{'id':'" + response + "','conversation_id':'c','status':'" + status
            + "','output':[" + output + "],'usage':{'total_tokens':" + (in + out) + ",'input_tokens':" + in
            + ",'output_tokens':" + out + ",'input_token_details':{'audio_tokens':" + in + "}}}}");
    }

    private static String message(String item, String text) {
        return "{'id':'" + item + "','type':'message','role':'assistant','content':[{'type':'output_audio','transcript':'" + text
               + "'}]}";
    }

    private static String message(String item, String text, String phase) {
        return message(item, text).replace("'role'", "'phase':'" + phase + "','role'");
    }

    private static String call(String item, String callId, String name) {
        return "{'id':'" + item + "','type':'function_call','status':'completed','call_id':'" + callId + "','name':'" + name
               + "','arguments':'{}'}";
    }

    private static String json(String quoted) {
        return quoted.replace('\'', '"');
    }

    private List<SessionEvent> turns() {
        return events.stream().filter(event -> event.event().getType().equals(LocalEvents.TURN_COMPLETED)).toList();
    }

    private JsonNode turn(int index) {
        assertThat(turns()).hasSizeGreaterThan(index);
        return turns().get(index).event().getJson();
    }

    private JsonNode onlyTurn() {
        assertThat(turns()).hasSize(1);
        return turn(0);
    }
}
