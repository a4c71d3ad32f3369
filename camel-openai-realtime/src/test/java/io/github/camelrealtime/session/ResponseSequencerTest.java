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
    private final ResponseSequencer sequencer = new ResponseSequencer("s", outbox, refusals, timers);

    ResponseSequencerTest() {
        outbox.onLeaving(event -> {
            refusals.leaves(event.getEventId());
            return event;
        });
        outbox.admit(transport);
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
    @CsvSource({ "cancelled,turn_detected,", "incomplete,max_output_tokens,", "failed,,rate_limit_exceeded" })
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

    @Test
    void userMetadataIsKeptAndAFullOneStillWorks() {
        ObjectNode some = JsonNodeFactory.instance.objectNode();
        some.withObject("/metadata").put("topic", "orders");
        assertThat(ask(null, some).create.getJson().path("response").path("metadata").path("topic").asText()).isEqualTo("orders");
        assertThat(some.path("metadata").size()).isEqualTo(1);
        created("r0", null);
        done("r0", null, "completed");

        ObjectNode full = JsonNodeFactory.instance.objectNode();
        IntStream.range(0, 16).forEach(i -> full.withObject("/metadata").put("k" + i, "v"));
        ResponseSequencer fresh = new ResponseSequencer("s", outbox, refusals, timers);
        ResponseRequest request = new ResponseRequest(null, full, true);
        fresh.request(request);
        assertThat(request.create.getJson().path("response").path("metadata").size()).isEqualTo(16);
        fresh.onEvent(Events.of("{'type':'response.created','response':{'id':'r1'}}"));
        fresh.onEvent(Events.of("{'type':'response.done','response':{'id':'r1','status':'completed'}}"));
        assertThat(request.done).isCompleted();
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

    @ParameterizedTest
    @ValueSource(longs = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 })
    @DisplayName("RESP-1 random interleavings: two of ours never run at once, RESP-16 every request is settled exactly once")
    void randomInterleaving(long seed) {
        new RandomService(seed, transport, refusals, sequencer, timers).run(2_000);
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
        timers.advance(ResponseSequencer.DONE_MILLIS - 60_000);
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
        timers.advance(ResponseSequencer.DONE_MILLIS - 1);
        assertThat(creates()).isEmpty();
        timers.advance(1);
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
