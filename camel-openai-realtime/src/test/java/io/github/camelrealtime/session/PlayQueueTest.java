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
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelrealtime.event.EventTypes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The model's voice at the pace of speech; the test is service, sink and clock. */
class PlayQueueTest {

    private static final int PCM_BYTES_PER_MILLI = 48;
    private static final int FRAME_BYTES = 20 * PCM_BYTES_PER_MILLI;
    private static final String SPEECH = "{'type':'input_audio_buffer.speech_started','item_id':'u','audio_start_ms':0}";

    /** @param at ms since the test began */
    private record Handed(SessionEvent event, long at) {

        String type() {
            return event.event().getType();
        }
    }

    private final ManualTimers timers = new ManualTimers();
    private final FakeTransports transports = new FakeTransports();
    private final List<SessionEvent> events = new ArrayList<>();
    private final List<Handed> handed = new ArrayList<>();
    private boolean ready = true;
    private long origin;
    private RealtimeSession session;
    private FakeTransport service;
    private PlayQueue queue;

    @BeforeEach
    void open() {
        open(Configs.server(), 60_000);
    }

    private void open(Configs configs, long maxMillis) {
        session = new RealtimeSession("s", configs.build(), transports, timers);
        queue = session.playback().paced(20, maxMillis, () -> ready, event -> handed.add(new Handed(event, timers.millis() - origin)));
        session.subscribe(event -> {
            events.add(event);
            if (PlayQueue.isFor(event.event().getType())) {
                queue.take(event);
            }
        });
        session.open();
        service = transports.last().ready();
        handed.clear();
        origin = timers.millis();
    }

    private void comes(String item, int millis, int value) {
        byte[] audio = new byte[PCM_BYTES_PER_MILLI * millis];
        Arrays.fill(audio, (byte) value);
        service.say("{'type':'response.output_audio.delta','response_id':'r','item_id':'" + item
                    + "','output_index':0,'content_index':0,'delta':'" + Base64.getEncoder().encodeToString(audio) + "'}");
    }

    private void ends(String item) {
        service.say("{'type':'response.output_audio.done','response_id':'r','item_id':'" + item
                    + "','output_index':0,'content_index':0}");
    }

    private void begins() {
        service.say("{'type':'response.created','response':{'id':'r','conversation_id':'c'}}");
    }

    private List<Handed> frames() {
        return handed.stream().filter(one -> one.type().equals(EventTypes.RESPONSE_OUTPUT_AUDIO_DELTA)).toList();
    }

    private List<String> told(String type) {
        return events.stream().map(SessionEvent::event).filter(event -> event.getType().equals(type))
                .map(event -> event.getJson().toString()).toList();
    }

    private List<JsonNode> truncations() {
        return service.frames("conversation.item.truncate");
    }

    @Test
    @DisplayName("AOUT-3 T-47 what comes at once is handed out in frames of 20 ms, each at its time, and the end after the last")
    void pace() {
        comes("a", 130, 1);
        comes("a", 30, 2);
        ends("a");
        assertThat(frames()).as("at once").hasSize(1);
        timers.advance(1_000);
        assertThat(frames()).extracting(Handed::at).containsExactly(0L, 20L, 40L, 60L, 80L, 100L, 120L, 140L);
        assertThat(frames()).allSatisfy(frame -> assertThat(frame.event().event().getAudio()).hasSize(FRAME_BYTES));
        assertThat(frames().get(6).event().event().getAudio()).as("of two deltas").startsWith(1).endsWith(2);
        assertThat(handed.get(handed.size() - 1).type()).isEqualTo(EventTypes.RESPONSE_OUTPUT_AUDIO_DONE);
        assertThat(handed.get(handed.size() - 1).at()).isEqualTo(160);
        assertThat(frames().get(2).event().voiceEndBytes()).isEqualTo(3L * FRAME_BYTES);
        assertThat(frames().get(2).event().event().getItemId()).isEqualTo("a");
        assertThat(timers.waiting()).as("nothing runs while nothing plays").isZero();
    }

    @Test
    @DisplayName("AOUT-3 the last frame is filled up with silence; before the end is known what is less than a frame waits")
    void lastFrame() {
        comes("a", 30, 1);
        timers.advance(100);
        assertThat(frames()).hasSize(1);
        ends("a");
        timers.advance(100);
        assertThat(frames()).hasSize(2);
        byte[] last = frames().get(1).event().event().getAudio();
        assertThat(last).hasSize(FRAME_BYTES);
        assertThat(Arrays.copyOf(last, FRAME_BYTES / 2)).containsOnly(1);
        assertThat(Arrays.copyOfRange(last, FRAME_BYTES / 2, FRAME_BYTES)).containsOnly(0);
        assertThat(frames().get(1).event().voiceEndBytes()).as("silence does not count").isEqualTo(30L * PCM_BYTES_PER_MILLI);
    }

    @Test
    @DisplayName("AOUT-3 late timers do not add up: what is due is handed out, and the next frame at its own time")
    void absoluteClock() {
        ready = false;
        comes("a", 400, 1);
        timers.advance(50);
        assertThat(frames()).isEmpty();
        ready = true;
        timers.advance(350);
        assertThat(frames()).hasSize(20);
        timers.advance(20);
        assertThat(frames()).hasSize(20);
    }

    @Test
    @DisplayName("AOUT-3 after a stop of more than 200 ms the sink is not flooded with what it missed")
    void stopped() {
        ready = false;
        comes("a", 2_000, 1);
        timers.advance(1_000);
        ready = true;
        timers.advance(5);
        assertThat(frames().size()).isBetween(1, 11);
        timers.advance(200);
        assertThat(frames().size()).isBetween(11, 21);
    }

    @Test
    @DisplayName("AOUT-3 after a pause of the service the clock begins anew, and never within a frame that is being heard")
    void starved() {
        comes("a", 20, 1);
        timers.advance(5);
        comes("a", 20, 1);
        timers.advance(100);
        comes("a", 40, 1);
        timers.advance(100);
        assertThat(frames()).extracting(Handed::at).containsExactly(0L, 20L, 105L, 125L);
    }

    @Test
    @DisplayName("AOUT-3 T-12 parts that come mixed are handed out one after the other")
    void mixed() {
        comes("a", 40, 1);
        comes("b", 40, 2);
        comes("a", 40, 1);
        ends("b");
        ends("a");
        timers.advance(1_000);
        assertThat(handed).extracting(one -> one.event().event().getItemId())
                .containsExactly("a", "a", "a", "a", "a", "b", "b", "b");
    }

    @Test
    @DisplayName("AOUT-3 FLOW-6 what does not fit is dropped at the end of its part, told once and counted; the next part is whole")
    void overflow() {
        open(Configs.server(), 1_000);
        begins();
        comes("a", 900, 1);
        comes("a", 200, 1);
        comes("a", 50, 1);
        ends("a");
        assertThat(told(LocalEvents.PLAYBACK_OVERFLOW)).singleElement().asString().contains("\"item_id\":\"a\"", "\"dropped_ms\":250");
        assertThat(queue.droppedMillis()).isEqualTo(250);
        assertThat(queue.queuedMillis()).isEqualTo(880);
        timers.advance(2_000);
        assertThat(frames()).hasSize(45);
        comes("b", 100, 1);
        ends("b");
        timers.advance(2_000);
        assertThat(frames()).hasSize(50);
        assertThat(told(LocalEvents.PLAYBACK_OVERFLOW)).hasSize(1);
        assertThat(session.playback().isSpeaking()).isFalse();
    }

    @Test
    @DisplayName("INT-5 INT-11 AOUT-2 AOUT-3 an interruption throws away what waits, tells the sink, and cuts to what was handed out")
    void interrupted() {
        begins();
        comes("a", 60_000, 1);
        timers.advance(490);
        assertThat(frames()).hasSize(25);
        service.say(SPEECH);
        assertThat(handed.get(handed.size() - 1).type()).isEqualTo(LocalEvents.PLAYBACK_CLEARED);
        assertThat(truncations()).singleElement()
                .satisfies(event -> assertThat(event.path("audio_end_ms").intValue()).isEqualTo(500));
        int before = handed.size();
        timers.advance(5_000);
        assertThat(handed).hasSize(before);
        assertThat(queue.queuedMillis()).isZero();
    }

    @Test
    @DisplayName("INT-6 INT-8 voice that waits when its response is long done is cut where the sink is; what it has got whole stays")
    void longDone() {
        begins();
        comes("a", 200, 1);
        ends("a");
        comes("b", 10_000, 1);
        ends("b");
        comes("c", 10_000, 1);
        ends("c");
        service.say("{'type':'response.done','response':{'id':'r','conversation_id':'c','status':'completed','output':[]}}");
        timers.advance(600);
        int frames = service.types().size();
        service.say(SPEECH);
        assertThat(service.types().subList(frames, service.types().size()))
                .containsExactly("conversation.item.truncate", "conversation.item.delete");
        assertThat(truncations().get(0).path("item_id").asText()).isEqualTo("b");
        assertThat(truncations().get(0).path("audio_end_ms").intValue()).isEqualTo(420);
        assertThat(service.last().path("item_id").asText()).isEqualTo("c");
    }

    @Test
    @DisplayName("INT-5 a route that takes nothing has heard nothing, whatever the clock says")
    void blocked() {
        begins();
        comes("a", 1_000, 1);
        ends("a");
        ready = false;
        timers.advance(10_000);
        service.say(SPEECH);
        assertThat(truncations()).singleElement()
                .satisfies(event -> assertThat(event.path("audio_end_ms").intValue()).isEqualTo(20));
    }

    @Test
    @DisplayName("INT-11 speech for which nothing is interrupted throws nothing away: a greeting is played to its end")
    void notAccepted() {
        service.say("{'type':'session.updated','session':{'audio':{'input':{'turn_detection':{'type':'server_vad',"
                    + "'interrupt_response':false}}}}}");
        begins();
        comes("a", 400, 1);
        ends("a");
        timers.advance(100);
        service.say(SPEECH);
        timers.advance(1_000);
        assertThat(frames()).hasSize(20);
        assertThat(handed).noneMatch(one -> one.type().equals(LocalEvents.PLAYBACK_CLEARED));
    }

    @Test
    @DisplayName("INT-11 speech after all was handed out and heard throws nothing away of the answer that follows")
    void afterwards() {
        begins();
        comes("a", 100, 1);
        ends("a");
        timers.advance(1_000);
        service.say(SPEECH);
        assertThat(handed).noneMatch(one -> one.type().equals(LocalEvents.PLAYBACK_CLEARED));
        assertThat(truncations()).isEmpty();
    }

    @Test
    @DisplayName("RESP-15 out of band nothing is interrupted and nothing thrown away")
    void outOfBand() {
        service.say("{'type':'response.created','response':{'id':'r','conversation_id':null}}");
        comes("a", 400, 1);
        ends("a");
        timers.advance(100);
        service.say(SPEECH);
        session.conversation().interrupt(null);
        timers.advance(1_000);
        assertThat(frames()).hasSize(20);
    }

    @Test
    @DisplayName("AOUT-2 where a sink tells of a paced voice what it has played, that counts, and never more than it has got")
    void acknowledged() {
        begins();
        comes("a", 10_000, 1);
        timers.advance(990);
        session.playback().played("a", 0, 700);
        session.conversation().interrupt(null);
        assertThat(truncations().get(0).path("audio_end_ms").intValue()).isEqualTo(700);
        comes("b", 10_000, 1);
        timers.advance(990);
        session.playback().played("b", 0, 9_000);
        service.say("{'type':'response.done','response':{'id':'r','conversation_id':'c','status':'cancelled','output':[]}}");
        assertThat(service.frames("conversation.item.delete")).as("it came after the interruption").hasSize(0);
    }

    @Test
    @DisplayName("ROLL-14 INT-9 the connection is lost while the voice plays: it plays on; interrupted then, nothing is sent about it")
    void lostConnection() {
        open(Configs.server().reconnects(5), 60_000);
        begins();
        service.say("{'type':'response.output_audio_transcript.delta','response_id':'r','item_id':'a','content_index':0,"
                    + "'delta':'one two three four'}");
        comes("a", 1_000, 1);
        timers.advance(190);
        service.listener.onClosed(1011, "");
        timers.advance(500);
        assertThat(frames()).as("the sink still gets it").hasSize(35);
        FakeTransport next = transports.last().ready();
        int before = next.types().size();
        next.say(SPEECH);
        assertThat(next.types().subList(before, next.types().size())).isEmpty();
        assertThat(handed.get(handed.size() - 1).type()).isEqualTo(LocalEvents.PLAYBACK_CLEARED);
        assertThat(told(LocalEvents.TURN_INTERRUPTED)).singleElement().asString()
                .contains("\"played_ms\":700", "one two three", "\"interrupted\":true");
        timers.advance(2_000);
        assertThat(frames()).hasSize(35);
    }

    @Test
    @DisplayName("AOUT-3 at the end of the session, and of the consumer, what waits is dropped and counted, and nothing runs on")
    void end() {
        begins();
        comes("a", 1_000, 1);
        timers.advance(90);
        session.closeNow();
        assertThat(queue.droppedMillis()).isEqualTo(900);
        int before = frames().size();
        timers.advance(2_000);
        assertThat(frames()).hasSize(before);
        queue.close();
        queue.close();
        assertThat(queue.droppedMillis()).isEqualTo(900);
    }
}
