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
package io.github.camelrealtime.simulator;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class ScenarioTest extends WireTest {

    @Test
    @DisplayName("SIM-5 replies: in a row first, then the first rule that fits, then the default, made from what was asked")
    void replies() {
        start(Scenario.builder().next(Reply.text("first")).onText("price", Reply.text("Five.")).onText(Pattern.compile("^How \\w+"),
                Reply.text("Fine.")).onAudio(Reply.text("Pardon?")).build());
        Client client = connect(REALTIME);
        assertThat(ask(client, "What is the PRICE?")).isEqualTo("first");
        assertThat(ask(client, "What is the PRICE?")).isEqualTo("Five.");
        assertThat(ask(client, "How are you?")).isEqualTo("Fine.");
        assertThat(ask(client, "Good bye")).isEqualTo("You said: Good bye");
        client.send("{'type':'session.update','session':{'type':'realtime','audio':{'input':{'turn_detection':null}}}}");
        client.append(SyntheticSpeech.pcm(200));
        client.send("{'type':'input_audio_buffer.commit'}");
        client.send("{'type':'response.create','response':{'output_modalities':['text']}}");
        assertThat(client.await("response.output_text.done").path("text").asText()).isEqualTo("Pardon?");
    }

    @Test
    @DisplayName("SIM-5 the default answers audio by its length, tool outputs by their text, and nothing by a greeting")
    void defaultReplies() {
        assertThat(List.of(
                new ReplyContext(ReplyContext.Kind.AUDIO, "", 1_234, 0), new ReplyContext(ReplyContext.Kind.TOOL_OUTPUT, "7", 0, 0),
                new ReplyContext(ReplyContext.Kind.NOTHING, "", 0, 0)))
                .extracting(context -> ((Reply.Message) Scenario.standard().replyTo(context).parts().get(0)).text())
                .containsExactly("I heard 1234 ms of audio.", "The tool said: 7", "Hello.");
    }

    @Test
    @DisplayName("SIM-5 think time and step delay pace a response by the virtual clock, to the millisecond")
    void pace() {
        VirtualClock clock = new VirtualClock(0);
        start(RealtimeSimulator.builder().clock(clock).scenario(Scenario.builder().thinkTime(Duration.ofMillis(500))
                .stepDelay(Duration.ofMillis(20)).otherwise(Reply.text("one two three")).rateLimits(false).build()));
        Client client = connect(REALTIME);
        client.send("{'type':'response.create','response':{'output_modalities':['text']}}");
        client.expect("response.created");
        clock.advance(Duration.ofMillis(10_000));
        client.await("response.done");
        assertThat(times("response.output_item.added")).containsExactly(500L);
        assertThat(times("response.output_text.delta")).containsExactly(520L, 540L, 560L);
        assertThat(times("response.output_text.done")).containsExactly(580L);
        assertThat(times("response.done")).containsExactly(600L);
    }

    @Test
    @DisplayName("SIM-5 a reply can bring its own pace")
    void ownPace() {
        VirtualClock clock = new VirtualClock(0);
        start(RealtimeSimulator.builder().clock(clock).scenario(Scenario.builder().thinkTime(Duration.ofHours(1))
                .otherwise(Reply.text("a b").after(Duration.ofMillis(7)).every(Duration.ofMillis(3))).build()));
        Client client = connect(REALTIME);
        client.send("{'type':'response.create','response':{'output_modalities':['text']}}");
        client.expect("response.created");
        clock.advance(Duration.ofSeconds(1));
        client.await("response.done");
        assertThat(times("response.output_text.delta")).containsExactly(10L, 13L);
    }

    @ParameterizedTest(name = "SIM-4 close with {0} after three client events")
    @ValueSource(ints = {1001, 1011, 1012, 1013, 3000, 4000})
    void closeAfter(int code) {
        start(Scenario.builder().closeAfter(3, code, "because").build());
        Client client = connect(REALTIME);
        client.expectNothingMore();
        client.expectNothingMore();
        client.send("{'type':'input_audio_buffer.clear'}");
        assertThat(client.awaitClose()).isEqualTo(code);
        assertThat(Client.get(client.closeReason)).isEqualTo("because");
        assertThat(session().closeCode()).isEqualTo(code);
    }

    @Test
    @DisplayName("SIM-4 a dropped connection has no close frame: the client fails, the code is 1006")
    void abort() {
        start(Scenario.builder().abortAfter(1).build());
        Client client = connect(REALTIME);
        client.send("{'type':'input_audio_buffer.clear'}");
        assertThat(Client.get(client.failed)).isNotNull();
        assertThat(client.closed).isNotDone();
        assertThat(session().closeCode()).isEqualTo(1006);
    }

    @Test
    @DisplayName("SIM-4 close and drop at a time of the virtual clock")
    void closeAt() {
        VirtualClock clock = new VirtualClock();
        RealtimeSimulator simulator = start(RealtimeSimulator.builder().clock(clock)
                .scenario(Scenario.builder().closeAt(Duration.ofMinutes(2), 1012, "restart").build()));
        Client closed = connect(REALTIME);
        simulator.scenario(Scenario.builder().abortAt(Duration.ofMinutes(2)).build());
        Client dropped = connect(REALTIME);
        clock.advance(Duration.ofMillis(119_999));
        closed.expectNothingMore();
        dropped.expectNothingMore();
        clock.advance(Duration.ofMillis(1));
        assertThat(closed.awaitClose()).isEqualTo(1012);
        assertThat(Client.get(dropped.failed)).isNotNull();
    }

    @Test
    @DisplayName("SIM-2 expiry: error session_expired, then close 1001 with the reason, at expires_at, lifetime configurable")
    void expiry() {
        VirtualClock clock = new VirtualClock(1_795_248_000_000L);
        start(RealtimeSimulator.builder().clock(clock).sessionLifetime(Duration.ofSeconds(90)));
        Client client = connect(REALTIME);
        assertThat(session().effectiveConfig().path("expires_at").asLong()).isEqualTo(1_795_248_090L);
        clock.advance(Duration.ofMillis(89_999));
        client.expectNothingMore();
        clock.advance(Duration.ofMillis(1));
        JsonNode error = client.expectError();
        assertThat(error.path("code").asText()).isEqualTo("session_expired");
        assertThat(error.path("message").asText()).isEqualTo("Your session hit the maximum duration of 60 minutes.");
        assertThat(client.awaitClose()).isEqualTo(1001);
        assertThat(Client.get(client.closeReason)).isEqualTo("Your session hit the maximum duration of 60 minutes.");
        assertThat(clock.pending()).isZero();
    }

    @Test
    @DisplayName("SIM-4 committed withheld: nothing follows; delayed: everything about the item comes later, in order")
    void committed() {
        VirtualClock clock = new VirtualClock();
        RealtimeSimulator simulator = start(RealtimeSimulator.builder().clock(clock)
                .scenario(Scenario.builder().withholdCommitted().build()));
        Client withheld = manual();
        withheld.append(SyntheticSpeech.pcm(200));
        withheld.send("{'type':'input_audio_buffer.commit'}");
        withheld.expectNothingMore();
        assertThat(session().committedRanges()).hasSize(1);

        simulator.scenario(Scenario.builder().delayCommitted(Duration.ofSeconds(3)).build());
        Client delayed = manual();
        delayed.append(SyntheticSpeech.pcm(200));
        delayed.send("{'type':'input_audio_buffer.commit'}");
        delayed.expectNothingMore();
        clock.advance(Duration.ofSeconds(3));
        delayed.expect("input_audio_buffer.committed", "conversation.item.added", "conversation.item.done");
        delayed.await("conversation.item.input_audio_transcription.completed");
    }

    @Test
    @DisplayName("SIM-4 unknown event types and members are mixed in by switch, and only then")
    void unknownEvents() {
        RealtimeSimulator simulator = start(Scenario.builder().unknownEvents(true).build());
        Client client = connect(REALTIME);
        client.send("{'type':'response.create'}");
        List<JsonNode> events = client.until("response.done");
        assertThat(events).anyMatch(event -> event.path("type").asText().equals("session.weather.updated"));
        assertThat(events).anyMatch(event -> event.has("member_of_the_future"));
        simulator.scenario(Scenario.standard());
        Client plain = connect(REALTIME);
        plain.send("{'type':'response.create'}");
        assertThat(plain.until("response.done")).noneMatch(event -> event.has("member_of_the_future"));
    }

    @Test
    @DisplayName("SIM-4 duplicates and swapped neighbours by switch; nothing gets lost, not even the last event")
    void duplicatesAndOrder() {
        start(Scenario.builder().duplicateEvery(2).rateLimits(false).build());
        lawlessOnPurpose();
        Client client = connect(REALTIME);
        client.send("{'type':'response.create','response':{'output_modalities':['text']}}");
        JsonNode created = client.expect("response.created");
        assertThat(client.expect("response.created")).isEqualTo(created);
        client.expect("response.output_item.added", "conversation.item.added", "conversation.item.added");

        simulator().scenario(Scenario.builder().swapEvery(2).rateLimits(false).build());
        Client swapped = connect(REALTIME);
        swapped.send("{'type':'response.create','response':{'output_modalities':['text']}}");
        // the even ones, counted from session.created, change places with the next, unless that comes a step later
        swapped.expect("response.output_item.added", "response.created", "response.content_part.added",
                "conversation.item.added", "response.output_text.delta", "response.output_text.done", "conversation.item.done",
                "response.content_part.done", "response.output_item.done", "response.done");
    }

    @Test
    @DisplayName("SIM-4 a hook runs at the nth event of a type, before it is processed, and may send, close or cut")
    void hooks() {
        start(Scenario.builder()
                .on("input_audio_buffer.clear", 2, session -> session.send(json("{'type':'second'}")))
                .on("input_audio_buffer.clear", 3, session -> session.close(1013, "try later")).build());
        Client client = connect(REALTIME);
        client.expectNothingMore();
        client.expectNothingMore();
        client.expect("second");
        client.send("{'type':'input_audio_buffer.clear'}");
        assertThat(client.awaitClose()).isEqualTo(1013);
    }

    @Test
    @DisplayName("SIM-4 a test can inject any frame, JSON or not, and close or cut a session itself")
    void injection() {
        start(Scenario.standard());
        Client client = connect(REALTIME);
        session().send("{broken");
        assertThat(client.expect("not json").path("text").asText()).isEqualTo("{broken");
        session().send(json("{'type':'input_audio_buffer.dtmf_event_received','event':'9','received_at':1795248042}"));
        client.expect("input_audio_buffer.dtmf_event_received");
        assertThat(session().sent("input_audio_buffer.dtmf_event_received")).hasSize(1);
        session().close(4000, "invalid_request_error.test");
        assertThat(client.awaitClose()).isEqualTo(4000);
        Client other = connect(REALTIME);
        session().abort();
        assertThat(Client.get(other.failed)).isNotNull();
        await().until(() -> simulator().openSockets() == 0);
    }

    private String ask(Client client, String text) {
        client.send("{'type':'conversation.item.create','item':{'type':'message','role':'user',"
                + "'content':[{'type':'input_text','text':'" + text + "'}]}}");
        client.send("{'type':'response.create','response':{'output_modalities':['text']}}");
        String answer = client.await("response.output_text.done").path("text").asText();
        client.await("rate_limits.updated");
        return answer;
    }

    private Client manual() {
        Client client = connect(TRANSCRIPTION);
        client.send("{'type':'session.update','session':{'type':'transcription','audio':{'input':{'transcription':"
                + "{'model':'whisper-1'},'turn_detection':null}}}}");
        client.expect("session.updated");
        return client;
    }

    private List<Long> times(String type) {
        return session().frames().stream().filter(frame -> frame.type().equals(type)).map(Frame::atMillis).toList();
    }
}
