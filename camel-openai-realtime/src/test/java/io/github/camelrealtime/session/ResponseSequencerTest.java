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
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.audio.AudioFormat;
import io.github.camelrealtime.event.ClientEvent;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.github.camelrealtime.session.Futures.failure;
import static io.github.camelrealtime.session.Futures.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ResponseSequencerTest {

    private final ManualTimers timers = new ManualTimers();
    private final FakeTransport transport = new FakeTransport();
    private final Refusals refusals = new Refusals();
    private final Outbox outbox
            = new Outbox("s", AudioFormat.PCM_24K, new SessionConfig.AudioQueue(1_000, Overflow.BLOCK), timers);
    private final List<ObjectNode> announced = new ArrayList<>();
    private final ResponseSequencer sequencer = sequencer();

    ResponseSequencerTest() {
        outbox.onLeaving(event -> {
            refusals.leaves(event.getEventId());
            return event;
        });
        outbox.admit(transport);
    }

    private ResponseSequencer sequencer() {
        return new ResponseSequencer(
                "s", outbox, refusals, timers, new ResponseRetries(1, new SessionConfig.Backoff(500, 30_000, 3), timers), announced::add);
    }

    private ResponseRequest ask() {
        return ask(null, null);
    }

    private ResponseRequest ask(ClientEvent before, ObjectNode response) {
        ResponseRequest request = new ResponseRequest(before, response, true);
        sequencer.request(request);
        return request;
    }

    private static ObjectNode outOfBand() {
        return JsonNodeFactory.instance.objectNode().put("conversation", "none");
    }

    private List<JsonNode> creates() {
        return transport.frames("response.create");
    }

    private static String metadata(ResponseRequest request) {
        return request.create.getJson().path("response").path("metadata").toString();
    }

    private void created(String id, ResponseRequest request) {
        sequencer.onEvent(Events.of("{'type':'response.created','response':{'id':'" + id + "'"
                                    + (request == null ? "" : ",'metadata':" + metadata(request)) + "}}"));
    }

    private void done(String id, ResponseRequest request, String status) {
        sequencer.onEvent(Events.of("{'type':'response.done','response':{'id':'" + id + "','status':'" + status + "'"
                                    + (request == null ? "" : ",'metadata':" + metadata(request)) + "}}"));
    }

    private boolean refuse(ResponseRequest request, String code) {
        RequestRefusedException refused = new RequestRefusedException(
                "s", "invalid_request_error", code, "no", null, request.create.getEventId());
        var addressee = refusals.take(request.create.getEventId(), code, null, null);
        return addressee != null && addressee.test(refused);
    }

    private static final String ACTIVE = "conversation_already_has_active_response";

    @Test
    @DisplayName("RESP-1 one response at a time, RESP-2 explicit requests stay distinct and in order")
    void oneAtATime() {
        List<ResponseRequest> requests = IntStream.range(0, 5).mapToObj(i -> ask()).toList();
        for (int i = 0; i < 5; i++) {
            assertThat(creates()).hasSize(i + 1);
            assertThat(creates().get(i).path("response").path("metadata").toString()).isEqualTo(metadata(requests.get(i)));
            created("r" + i, requests.get(i));
            assertThat(requests.get(i).done).isNotDone();
            done("r" + i, requests.get(i), "completed");
            assertThat(value(requests.get(i).done).responseId()).isEqualTo("r" + i);
        }
        assertThat(sequencer.pending()).isZero();
        assertThat(refusals.size()).isZero();
        assertThat(requests).extracting(ResponseSequencerTest::metadata).doesNotHaveDuplicates();
    }

    @Test
    void theTextGoesJustBeforeItsRequest() {
        ResponseRequest first = ask(ClientEvent.userText("one"), null);
        ask(ClientEvent.userText("two"), null);
        assertThat(transport.types()).containsExactly("conversation.item.create", "response.create");
        created("r", first);
        done("r", first, "completed");
        assertThat(transport.types()).containsExactly(
                "conversation.item.create", "response.create", "conversation.item.create", "response.create");
    }

    @Test
    @DisplayName("RESP-16 without its text a question is not asked, and the next one is")
    void textNotSent() {
        for (int i = 0; i < OutboxQueue.MAX_EVENTS; i++) {
            transport.queued = Outbox.MARK_BYTES + 1;
            outbox.send(ClientEvent.clear());
        }
        ResponseRequest request = ask(ClientEvent.userText("one"), null);
        assertThat(failure(request.done)).isInstanceOf(RealtimeException.class);
        assertThat(failure(request.sent)).isInstanceOf(RealtimeException.class);
        transport.queued = 0;
        outbox.drain();
        assertThat(creates()).isEmpty();
        ResponseRequest next = ask();
        assertThat(creates()).hasSize(1);
        assertThat(next.sent).isCompleted();
    }

    @Test
    @DisplayName("RESP-16 a text that cannot be handed over fails its request, though the response may come")
    void textTooLarge() {
        outbox.reset();
        ResponseRequest request = ask(ClientEvent.userText("one"), null);
        transport.onSend = frame -> {
            if (frame.path("type").asText().equals("conversation.item.create")) {
                throw new IllegalArgumentException("too large");
            }
        };
        outbox.admit(transport);
        outbox.drain();
        assertThat(failure(request.done)).hasMessage("too large");
        ResponseRequest next = ask();
        assertThat(creates()).hasSize(1);
        done("r", request, "completed");
        assertThat(creates()).hasSize(2);
        assertThat(next.done).isNotDone();
    }

    @Test
    void aRefusedTextFailsItsRequestAndKeepsThePlace() {
        ResponseRequest request = ask(ClientEvent.userText("one"), null);
        String id = transport.frames().get(0).path("event_id").asText();
        RequestRefusedException refused = new RequestRefusedException("s", "invalid_request_error", "invalid_value", "no", null, id);
        assertThat(refusals.take(id, "invalid_value", null, null).test(refused)).isTrue();
        assertThat(failure(request.done)).isSameAs(refused);
        ask();
        assertThat(creates()).hasSize(1);
        created("r", request);
        done("r", request, "completed");
        assertThat(creates()).hasSize(2);
    }

    @Test
    @DisplayName("RESP-1 a response that the service starts itself keeps ours waiting")
    void foreign() {
        created("vad", null);
        ResponseRequest request = ask();
        assertThat(creates()).isEmpty();
        done("another", null, "completed");
        assertThat(creates()).isEmpty();
        done("vad", null, "cancelled");
        assertThat(creates()).hasSize(1);
        assertThat(request.done).isNotDone();
    }

    @Test
    @DisplayName("RESP-4 a request refused because a response runs is asked again when that is done")
    void rejected() {
        ResponseRequest request = ask();
        ResponseRequest behind = ask();
        created("vad", null);
        assertThat(refuse(request, ACTIVE)).isTrue();
        assertThat(creates()).hasSize(1);
        done("vad", null, "completed");
        assertThat(creates()).hasSize(2);
        assertThat(creates().get(1).path("response").path("metadata").toString()).isEqualTo(metadata(request));
        created("r", request);
        done("r", request, "completed");
        assertThat(request.done).isCompleted();
        assertThat(creates()).hasSize(3);
        assertThat(behind.done).isNotDone();
        // the watchdog of the one just asked for
        assertThat(timers.waiting()).isEqualTo(1);
    }

    @Test
    @DisplayName("RESP-4 also when that response was never seen; RESP-5 and not for ever")
    void rejectedByAnUnseenResponse() {
        ResponseRequest request = ask();
        assertThat(refuse(request, ACTIVE)).isTrue();
        done("unseen", null, "completed");
        assertThat(creates()).hasSize(2);

        assertThat(refuse(request, ACTIVE)).isTrue();
        timers.advance(9_000);
        // the timer of the first rejection does not end the wait of the second
        assertThat(creates()).hasSize(2);
        timers.advance(1_000);
        assertThat(creates()).hasSize(3);
        created("r", request);
        done("r", request, "completed");
        assertThat(request.done).isCompleted();
    }

    @Test
    @DisplayName("RESP-6 any other refusal fails the request and frees the place, an error about something else does not")
    void refused() {
        ResponseRequest request = ask();
        ResponseRequest next = ask();
        assertThat(refusals.take("evt_foreign", "invalid_value", null, null)).isNull();
        assertThat(creates()).hasSize(1);
        assertThat(refuse(request, "invalid_value")).isTrue();
        assertThat(failure(request.done)).isInstanceOfSatisfying(
                RequestRefusedException.class, e -> assertThat(e.getCode()).isEqualTo("invalid_value"));
        assertThat(creates()).hasSize(2);
        assertThat(next.done).isNotDone();
    }

    @Test
    @DisplayName("RESP-7 a done without id or with foreign id: the place is freed once, by the right one")
    void malformedDone() {
        ResponseRequest request = ask();
        created("r", request);
        ask();
        done("old", null, "completed");
        assertThat(creates()).hasSize(1);
        sequencer.onEvent(Events.of("{'type':'response.done'}"));
        assertThat(request.done).isCompleted();
        assertThat(creates()).hasSize(2);
        done("r", request, "completed");
        assertThat(creates()).hasSize(2);
    }

    @Test
    @DisplayName("RESP-10 a done without created is enough")
    void doneWithoutCreated() {
        ResponseRequest request = ask();
        done("r", request, "completed");
        assertThat(value(request.done).responseId()).isEqualTo("r");
    }

    @ParameterizedTest
    @CsvSource({ "cancelled,turn_detected,", "incomplete,max_output_tokens,", "failed,,invalid_prompt" })
    @DisplayName("RESP-12 what is not completed is a typed failure with status, reason and code")
    void notCompleted(String status, String reason, String code) {
        ResponseRequest request = ask();
        sequencer.onEvent(Events.of("{'type':'response.done','response':{'id':'r','status':'" + status + "','metadata':"
                                    + metadata(request) + ",'status_details':{'reason':" + quoted(reason)
                                    + ",'error':{'code':" + quoted(code) + "}}}}"));
        assertThat(failure(request.done)).isInstanceOfSatisfying(ResponseFailedException.class, e -> {
            assertThat(e.getStatus()).isEqualTo(status);
            assertThat(e.getReason()).isEqualTo(reason);
            assertThat(e.getCode()).isEqualTo(code);
            assertThat(e.getResponseId()).isEqualTo("r");
        });
    }

    @Test
    @DisplayName("RESP-12 details that are a plain string, or nonsense, are no obstacle")
    void oddDetails() {
        ResponseRequest request = ask();
        sequencer.onEvent(Events.of("{'type':'response.done','response':{'id':'r','status':'incomplete','metadata':"
                                    + metadata(request) + ",'status_details':'max_output_tokens','usage':'much'}}"));
        assertThat(failure(request.done)).isInstanceOfSatisfying(ResponseFailedException.class, e -> {
            assertThat(e.getStatus()).isEqualTo("incomplete");
            assertThat(e.getReason()).isEqualTo("max_output_tokens");
        });
    }

    private void failed(String id, ResponseRequest request, String code) {
        sequencer.onEvent(Events.of("{'type':'response.done','response':{'id':'" + id + "','status':'failed'"
                                    + (request == null ? "" : ",'metadata':" + metadata(request))
                                    + ",'status_details':{'type':'failed','error':{'type':'server_error','code':'" + code + "'}}}}"));
    }

    @Test
    @DisplayName("RESP-13 failed by an error of the service: asked again once, after a while, before those "
                 + "behind it; then it fails")
    void retried() {
        ResponseRequest request = ask();
        ask();
        created("r1", request);
        failed("r1", request, "server_error");
        assertThat(request.done).isNotDone();
        assertThat(creates()).hasSize(1);
        timers.advance(500);
        assertThat(creates()).hasSize(2);
        assertThat(creates().get(1).at("/response/metadata").toString()).isEqualTo(metadata(request));
        assertThat(announced).isEmpty();
        created("r2", request);
        failed("r2", request, "rate_limit_exceeded");
        assertThat(failure(request.done)).isInstanceOf(ResponseFailedException.class);
        assertThat(announced).hasSize(1);
        assertThat(announced.get(0).toString()).contains("\"response_id\":\"r2\"", "\"retries\":1", "rate_limit_exceeded");
        assertThat(creates()).hasSize(3);
    }

    @Test
    @DisplayName("RESP-13 out of band too, and nobody waits for it meanwhile")
    void retriedOutOfBand() {
        ResponseRequest request = ask(null, outOfBand());
        created("r1", request);
        failed("r1", request, "server_error");
        ResponseRequest other = ask(null, outOfBand());
        assertThat(creates()).hasSize(2);
        assertThat(other.done).isNotDone();
        timers.advance(500);
        assertThat(creates()).hasSize(3);
        done("r2", request, "completed");
        assertThat(request.done).isCompleted();
    }

    @ParameterizedTest
    @ValueSource(strings = { "{'type':'response.content_part.added','response_id':'r','item_id':'a','part':{'type':'audio'}}",
                             "{'type':'response.output_item.added','response_id':'r','item':{'id':'a','type':'function_call'}}" })
    @DisplayName("RESP-13 not asked again once something of it may have been heard or done")
    void effectsAreNotRepeated(String effect) {
        ResponseRequest request = ask();
        created("r", request);
        sequencer.onEvent(Events.of(effect));
        failed("r", request, "server_error");
        assertThat(failure(request.done)).isInstanceOf(ResponseFailedException.class);
        timers.advance(60_000);
        assertThat(creates()).hasSize(1);
    }

    @Test
    @DisplayName("RESP-13 the service's own answer to a turn is asked for again too, and not for ever")
    void foreignRetried() {
        created("vad", null);
        failed("vad", null, "server_error");
        assertThat(creates()).isEmpty();
        timers.advance(500);
        assertThat(creates()).hasSize(1);
        String metadata = creates().get(0).at("/response/metadata").toString();
        sequencer.onEvent(Events.of("{'type':'response.done','response':{'id':'r','status':'failed','metadata':" + metadata
                                    + ",'status_details':{'error':{'code':'server_error'}}}}"));
        timers.advance(60_000);
        assertThat(creates()).hasSize(1);
        assertThat(announced).hasSize(1);
        assertThat(sequencer.pending()).isZero();
    }

    // ---- automatic ones

    @Test
    @DisplayName("RESP-2 RESP-18 five automatic requests that wait are one, five explicit ones are five, in order")
    void coalescing() {
        created("vad", null);
        ResponseRequest serves = sequencer.requestAutomatic("tools");
        for (int i = 0; i < 4; i++) {
            assertThat(sequencer.requestAutomatic("tools")).isSameAs(serves);
        }
        List<ResponseRequest> explicit = IntStream.range(0, 5).mapToObj(i -> ask()).toList();
        assertThat(creates()).isEmpty();
        done("vad", null, "completed");
        assertThat(creates()).hasSize(1);
        created("a", serves);
        assertThat(sequencer.requestAutomatic("more")).as("what came after it began is not covered").isNotSameAs(serves);
        done("a", serves, "completed");
        for (int i = 0; i < 5; i++) {
            assertThat(creates().get(1 + i).at("/response/metadata").toString()).isEqualTo(metadata(explicit.get(i)));
            done("r" + i, explicit.get(i), "completed");
        }
        assertThat(creates()).hasSize(7);
    }

    @Test
    @DisplayName("RESP-11 an automatic request that waits is dropped when the service cancelled as the user "
                 + "speaks, an explicit one not")
    void droppedByBargeIn() {
        created("vad", null);
        ResponseRequest tools = sequencer.requestAutomatic("tools");
        ResponseRequest explicit = ask();
        sequencer.onEvent(Events.of("{'type':'response.done','response':{'id':'vad','status':'cancelled',"
                                    + "'status_details':{'type':'cancelled','reason':'turn_detected'}}}"));
        assertThat(failure(tools.done)).hasMessageContaining("another answers");
        assertThat(creates()).hasSize(1);
        assertThat(creates().get(0).at("/response/metadata").toString()).isEqualTo(metadata(explicit));
    }

    @Test
    @DisplayName("RESP-11 it is kept when the client cancelled")
    void keptAfterClientCancel() {
        created("vad", null);
        ResponseRequest tools = sequencer.requestAutomatic("tools");
        sequencer.prepareCancel(null, null);
        sequencer.onEvent(Events.of("{'type':'response.done','response':{'id':'vad','status':'cancelled',"
                                    + "'status_details':{'type':'cancelled','reason':'client_cancelled'}}}"));
        assertThat(creates()).hasSize(1);
        assertThat(tools.done).isNotDone();
    }

    @Test
    @DisplayName("RESP-4 an automatic request that was refused is not asked again once a newer response covers it")
    void covered() {
        ResponseRequest tools = sequencer.requestAutomatic("tools");
        created("vad1", null);
        assertThat(refuse(tools, ACTIVE)).isTrue();
        ResponseRequest explicit = ask();
        created("vad2", null);
        assertThat(failure(tools.done)).hasMessageContaining("another answers");
        done("vad1", null, "completed");
        done("vad2", null, "completed");
        assertThat(creates()).hasSize(2);
        assertThat(creates().get(1).at("/response/metadata").toString()).isEqualTo(metadata(explicit));
    }

    // ---- answers of the service's own

    private void vad(boolean interrupts) {
        sequencer.configured(Events.of("{'type':'session.updated','session':{'type':'realtime','audio':{'input':{'turn_detection':"
                                       + "{'type':'server_vad','interrupt_response':" + interrupts + "}}}}}").getJson().path("session"));
    }

    private void turnEnds(String itemId) {
        sequencer.onEvent(Events.of("{'type':'input_audio_buffer.speech_stopped','item_id':'" + itemId + "'}"));
        sequencer.onEvent(Events.committed(itemId));
    }

    @Test
    @DisplayName("RESP-3 the service's own answer counts as active from committed, and not for ever")
    void expectedFromCommitted() {
        vad(true);
        turnEnds("u1");
        assertThat(sequencer.state()).isEqualTo(ResponseState.EXPECTED);
        ask();
        assertThat(creates()).isEmpty();
        created("vad", null);
        done("vad", null, "completed");
        assertThat(creates()).hasSize(1);

        turnEnds("u2");
        assertThat(sequencer.state()).isEqualTo(ResponseState.CONTESTED);
        timers.advance(10_000);
        assertThat(creates()).as("neither of them began: asked again").hasSize(2);
    }

    @Test
    @DisplayName("RESP-3 a turn that ends while the answer to the last still runs: the next answer is waited for too")
    void owedWhileActive() {
        vad(true);
        created("vad1", null);
        turnEnds("u1");
        ask();
        done("vad1", null, "cancelled");
        assertThat(sequencer.state()).isEqualTo(ResponseState.EXPECTED);
        assertThat(creates()).isEmpty();
        created("vad2", null);
        done("vad2", null, "completed");
        assertThat(creates()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = { "{'type':'realtime','audio':{'input':{'turn_detection':null}}}",
                             "{'type':'realtime','audio':{'input':{'turn_detection':{'create_response':false}}}}",
                             "{'type':'transcription','audio':{'input':{'turn_detection':{'create_response':true}}}}" })
    @DisplayName("RESP-3 nothing is expected where the service answers no turn by itself")
    void nothingExpected(String session) {
        sequencer.configured(Events.of("{'type':'session.updated','session':" + session + "}").getJson().path("session"));
        turnEnds("u1");
        ask();
        assertThat(creates()).hasSize(1);
    }

    @Test
    @DisplayName("RESP-3 a commit of ours is answered by nobody")
    void ownCommit() {
        vad(true);
        sequencer.onEvent(Events.committed("u1"));
        ask();
        assertThat(creates()).hasSize(1);
    }

    @Test
    @DisplayName("RESP-19 a turn that the service does not interrupt for and silently does not answer is asked "
                 + "about, once what ran is done")
    void silentTurn() {
        vad(false);
        created("vad1", null);
        turnEnds("u1");
        timers.advance(60_000);
        assertThat(creates()).isEmpty();
        done("vad1", null, "completed");
        timers.advance(1_999);
        assertThat(creates()).isEmpty();
        timers.advance(1);
        assertThat(creates()).hasSize(1);
    }

    @Test
    @DisplayName("RESP-19 one that it answers is not asked about")
    void answeredTurn() {
        vad(false);
        turnEnds("u1");
        created("vad1", null);
        done("vad1", null, "completed");
        timers.advance(60_000);
        assertThat(creates()).isEmpty();
        assertThat(sequencer.isQuiet()).isTrue();
    }

    @Test
    @DisplayName("RESP-8 a cancel while the service's own answer is only expected is remembered, and sent by its id")
    void cancelOfTheExpected() {
        vad(true);
        turnEnds("u1");
        assertThat(sequencer.prepareCancel(null, "my-cancel")).isNull();
        created("vad", null);
        assertThat(transport.last().path("type").asText()).isEqualTo("response.cancel");
        assertThat(transport.last().path("response_id").asText()).isEqualTo("vad");
        assertThat(transport.last().path("event_id").asText()).isEqualTo("my-cancel");
        assertThat(sequencer.state()).isEqualTo(ResponseState.CANCELLING);
    }

    @Test
    @DisplayName("RESP-8 create after cancel waits for the end of what was cancelled, 10 s at most")
    void createAfterCancel() {
        created("vad", null);
        assertThat(sequencer.prepareCancel(null, null)).isNotNull();
        ask();
        assertThat(creates()).isEmpty();
        timers.advance(9_999);
        assertThat(creates()).isEmpty();
        timers.advance(1);
        assertThat(creates()).hasSize(1);
    }

    // ---- connections

    @Test
    @DisplayName("ROLL-1 ROLL-14 planned rollover: nothing fails; what runs ends on the old connection, what is "
                 + "asked meanwhile leaves by the next")
    void plannedRollover() {
        ResponseRequest running = ask();
        created("r", running);
        assertThat(sequencer.pause()).isNotDone();
        ResponseRequest meanwhile = ask();
        ResponseRequest beside = ask(null, outOfBand());
        assertThat(creates()).hasSize(1);

        FakeTransport next = new FakeTransport();
        outbox.admit(next);
        sequencer.goOn();
        assertThat(next.frames("response.create")).extracting(frame -> frame.at("/response/metadata").toString())
                .containsExactlyInAnyOrder(metadata(meanwhile), metadata(beside));
        created("r2", meanwhile);
        done("r", running, "completed");
        assertThat(value(running.done).responseId()).isEqualTo("r");
        assertThat(sequencer.state()).isEqualTo(ResponseState.ACTIVE);
        done("r2", meanwhile, "completed");
        done("r3", beside, "completed");
        assertThat(meanwhile.done).isCompleted();
        assertThat(sequencer.isQuiet()).isTrue();
    }

    @Test
    @DisplayName("ROLL-14 a response whose draining connection dies is waited for no longer")
    void drainedAway() {
        ResponseRequest running = ask();
        created("r", running);
        sequencer.pause();
        outbox.admit(new FakeTransport());
        sequencer.goOn();
        assertThat(sequencer.cut()).as("not of the connection that is lost").isEmpty();
        assertThat(sequencer.drained(outbox.admissions())).as("nor of the present one").isEmpty();
        assertThat(sequencer.drained(outbox.admissions() - 1)).containsExactly(running);
        assertThat(sequencer.pending()).isZero();
    }

    @Test
    @DisplayName("ROLL-15 asked on a connection that was replaced and is gone before the response began: asked "
                 + "again on the present one")
    void askedAgainAfterADrain() {
        ResponseRequest asked = ask();
        assertThat(creates()).hasSize(1);
        sequencer.pause();
        FakeTransport next = new FakeTransport();
        outbox.admit(next);
        sequencer.goOn();
        assertThat(next.frames()).isEmpty();
        assertThat(sequencer.drained(outbox.admissions() - 1)).isEmpty();
        assertThat(next.frames("response.create")).hasSize(1);
        assertThat(next.last().at("/response/metadata").toString()).isEqualTo(metadata(asked));
    }

    @Test
    @DisplayName("RESP-1 a hand-over that is called off: what runs on the connection that stays still has the place")
    void admittedAgain() {
        ResponseRequest running = ask();
        created("r", running);
        sequencer.pause();
        outbox.admit(transport);
        sequencer.goOn();
        ask();
        assertThat(creates()).hasSize(1);
        done("r", running, "completed");
        assertThat(running.done).isCompleted();
        assertThat(creates()).hasSize(2);
    }

    @Test
    void aPauseThatChangesNothingForgetsNothing() {
        ResponseRequest running = ask();
        created("r", running);
        sequencer.pause();
        sequencer.goOn();
        ask();
        assertThat(creates()).hasSize(1);
        done("r", running, "completed");
        assertThat(creates()).hasSize(2);
    }

    // ---- what is heard too late

    @Test
    @DisplayName("RESP-10 after the end of a response nothing of it is passed on, and its end only once")
    void nothingAfterTheEnd() {
        created("r", null);
        var delta = Events.of("{'type':'response.output_text.delta','response_id':'r','item_id':'a','delta':'x'}");
        var end = Events.of("{'type':'response.done','response':{'id':'r','status':'completed'}}");
        assertThat(sequencer.cancellations().drops(delta)).isFalse();
        assertThat(sequencer.cancellations().drops(end)).isFalse();
        sequencer.onEvent(end);
        assertThat(sequencer.cancellations().drops(delta)).isTrue();
        assertThat(sequencer.cancellations().drops(end)).isTrue();
        created("r", null);
        assertThat(sequencer.isQuiet()).as("begun after its end").isTrue();
    }

    private static String quoted(String text) {
        return text == null ? "null" : "'" + text + "'";
    }

    @Test
    @DisplayName("RESP-15 out-of-band responses run beside the others and find their requests by metadata")
    void outOfBandResponses() {
        ResponseRequest usual = ask();
        ResponseRequest one = ask(null, outOfBand());
        ResponseRequest two = ask(null, outOfBand());
        assertThat(creates()).hasSize(3);
        created("r2", two);
        created("r1", one);
        created("r0", usual);
        done("r2", two, "completed");
        assertThat(value(two.done).responseId()).isEqualTo("r2");
        assertThat(one.done).isNotDone();
        ask();
        assertThat(creates()).hasSize(3);
        done("r1", one, "completed");
        done("r0", usual, "completed");
        assertThat(one.done).isCompleted();
        assertThat(usual.done).isCompleted();
        assertThat(creates()).hasSize(4);
    }

    @Test
    @DisplayName("RESP-15 somebody else's out-of-band response keeps nobody waiting")
    void foreignOutOfBand() {
        sequencer.onEvent(Events.of("{'type':'response.created','response':{'id':'x','conversation_id':null}}"));
        ask();
        assertThat(creates()).hasSize(1);
    }

    @Test
    void metadataThatAreNoObjectAreRefused() {
        ObjectNode response = JsonNodeFactory.instance.objectNode().put("metadata", "sesame");
        assertThatThrownBy(() -> ask(null, response)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("metadata").hasMessageNotContaining("sesame");
        assertThat(sequencer.pending()).isZero();
    }

    private static ObjectNode entries(int number) {
        ObjectNode response = JsonNodeFactory.instance.objectNode();
        IntStream.range(0, number).forEach(i -> response.withObject("/metadata").put("k" + i, "sesame"));
        return response;
    }

    @Test
    @DisplayName("RESP-16 metadata of the user's are kept and the given object is left alone; without room for "
                 + "ours the request is refused")
    void metadataOfTheUsers() {
        ObjectNode fifteen = entries(15);
        JsonNode sent = ask(null, fifteen).create.getJson().at("/response/metadata");
        assertThat(sent).hasSize(16);
        assertThat(sent.path("k14").asText()).isEqualTo("sesame");
        assertThat(fifteen.path("metadata")).hasSize(15);

        assertThatThrownBy(() -> ask(null, entries(16))).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("metadata").hasMessageContaining("16 entries").hasMessageContaining("at most 15")
                .hasMessageNotContaining("sesame");
        assertThat(sequencer.pending()).isEqualTo(1);
        assertThat(creates()).hasSize(1);
    }

    @Test
    @DisplayName("RESP-5 a request given up before it was sent never is")
    void abandonWaiting() {
        ResponseRequest first = ask();
        ResponseRequest second = ask();
        ResponseRequest third = ask();
        sequencer.abandon(second);
        created("r", first);
        done("r", first, "completed");
        assertThat(creates()).hasSize(2);
        assertThat(creates().get(1).path("response").path("metadata").toString()).isEqualTo(metadata(third));
        assertThat(transport.frames("response.cancel")).isEmpty();
    }

    @Test
    @DisplayName("RESP-5 one given up while it runs is cancelled, and the next waits for its end")
    void abandonRunning() {
        ResponseRequest first = ask();
        ask();
        created("r", first);
        sequencer.abandon(first);
        assertThat(transport.last().path("type").asText()).isEqualTo("response.cancel");
        assertThat(transport.last().path("response_id").asText()).isEqualTo("r");
        assertThat(creates()).hasSize(1);
        done("r", first, "cancelled");
        assertThat(creates()).hasSize(2);
    }

    @Test
    @DisplayName("RESP-5 one given up before it began frees its place, and is cancelled should it begin after all")
    void abandonNotBegun() {
        ResponseRequest first = ask();
        ResponseRequest second = ask();
        sequencer.abandon(first);
        assertThat(creates()).hasSize(2);
        created("late", first);
        assertThat(transport.last().path("response_id").asText()).isEqualTo("late");
        refuse(second, ACTIVE);
        done("late", first, "cancelled");
        assertThat(creates()).hasSize(3);
        // the watchdog of the one just asked for
        assertThat(timers.waiting()).isEqualTo(1);
    }

    @Test
    void givingUpMakesNobodyForgetWhatElseRuns() {
        ResponseRequest first = ask();
        created("vad", null);
        ask();
        sequencer.abandon(first);
        assertThat(creates()).hasSize(1);
        done("vad", null, "completed");
        assertThat(creates()).hasSize(2);
    }

    @Test
    void thoseGivenUpUnsentDoNotFillTheMemoryOfThoseSent() {
        created("vad", null);
        for (int i = 0; i < 500; i++) {
            sequencer.abandon(ask());
        }
        done("vad", null, "completed");
        ResponseRequest sent = ask();
        sequencer.abandon(sent);
        created("late", sent);
        assertThat(transport.frames("response.cancel")).hasSize(1);
    }

    @Test
    @DisplayName("RESP-5 however many were given up and never begun, the last ones are still cancelled should they begin")
    void manyGivenUp() {
        ResponseRequest last = null;
        for (int i = 0; i < 150; i++) {
            last = ask();
            sequencer.abandon(last);
        }
        created("late", last);
        assertThat(transport.last().path("response_id").asText()).isEqualTo("late");
    }

    @Test
    @DisplayName("FLOW-6 requests that wait are bounded; at the end all are told, without depth")
    void boundedAndFailed() {
        outbox.reset();
        List<ResponseRequest> requests = IntStream.rangeClosed(0, ResponseQueue.MAX_WAITING).mapToObj(i -> ask()).toList();
        ResponseRequest beside = ask(null, outOfBand());
        ResponseRequest surplus = ask();
        assertThat(failure(surplus.done)).hasMessageContaining("1000");
        assertThat(failure(surplus.sent)).hasMessageContaining("1000");
        assertThat(sequencer.pending()).isEqualTo(1_002);
        SessionClosedException gone = new SessionClosedException("s", "gone");
        // as the session does it: the outbox first, which fails the one that was being sent
        outbox.failAll(gone);
        sequencer.failAll(gone);
        assertThat(requests).allSatisfy(request -> {
            assertThat(failure(request.done)).isSameAs(gone);
            assertThat(failure(request.sent)).isSameAs(gone);
        });
        assertThat(failure(beside.done)).isSameAs(gone);
        assertThat(sequencer.pending()).isZero();
    }

    @Test
    @DisplayName("CONN-16 on a new connection nothing is waited for that ran on the old one")
    void newConnection() {
        created("vad", null);
        sequencer.failAll(new SessionClosedException("s", "gone"));
        created("straggler", null);
        sequencer.reset();
        ask();
        assertThat(creates()).hasSize(1);
    }

    @Test
    @DisplayName("RESP-5 a request that is answered by nothing frees its place after 10 s; what begins then is cancelled")
    void neverCreated() {
        ResponseRequest lost = ask();
        ask();
        timers.advance(9_999);
        assertThat(creates()).hasSize(1);
        timers.advance(1);
        assertThat(failure(lost.done)).isInstanceOf(TimedOutException.class);
        assertThat(creates()).hasSize(2);
        created("late", lost);
        assertThat(transport.last().path("response_id").asText()).isEqualTo("late");
    }

    @Test
    @DisplayName("RESP-5 a lost end of a response of ours frees its place in the end, after a cancel that may not be answered")
    void neverDone() {
        ResponseRequest lost = ask();
        created("r", lost);
        timers.advance(60_000);
        ask();
        assertThat(lost.done).isNotDone();
        timers.advance(ResponsePlace.DONE_MILLIS - 60_000);
        assertThat(failure(lost.done)).isInstanceOf(TimedOutException.class);
        assertThat(transport.last().path("response_id").asText()).isEqualTo("r");
        assertThat(creates()).hasSize(1);
        timers.advance(10_000);
        assertThat(creates()).hasSize(2);
    }

    @Test
    @DisplayName("RESP-5 a lost end of the service's own response frees the place in the end")
    void foreignNeverDone() {
        created("vad", null);
        ask();
        timers.advance(ResponsePlace.DONE_MILLIS);
        assertThat(creates()).isEmpty();
        assertThat(transport.last().path("response_id").asText()).as("cancelled, should it still run").isEqualTo("vad");
        timers.advance(ResponsePlace.UNSEEN_MILLIS);
        assertThat(creates()).hasSize(1);
    }

    @Test
    @DisplayName("RESP-5 out of band too")
    void outOfBandNeverCreated() {
        ResponseRequest lost = ask(null, outOfBand());
        timers.advance(10_000);
        assertThat(failure(lost.done)).isInstanceOf(TimedOutException.class);
        assertThat(sequencer.pending()).isZero();
        assertThat(timers.waiting()).isZero();
    }

    @Test
    @DisplayName("RESP-4 what the user said is said once, however often the response has to be asked for")
    void textOnce() {
        ResponseRequest request = ask(ClientEvent.userText("one"), null);
        created("vad", null);
        assertThat(refuse(request, ACTIVE)).isTrue();
        done("vad", null, "completed");
        assertThat(transport.types()).containsExactly("conversation.item.create", "response.create", "response.create");
        created("r", request);
        done("r", request, "completed");
        assertThat(request.done).isCompleted();
        assertThat(refusals.size()).isZero();
        assertThat(timers.waiting()).isZero();
    }
}
