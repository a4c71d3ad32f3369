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

import io.github.camelrealtime.event.EventTypes;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What subscriptions get of transcripts when one epoch follows another. */
class FinalsOverEpochsTest {

    private final ManualTimers timers = new ManualTimers();
    private final Spans spans = new Spans(new StreamMap(24_000));
    private final List<SessionEvent> events = new ArrayList<>();
    private final EventFanOut fanOut = new EventFanOut("s", Configs.manual().build(), () -> true, () -> 0, timers);
    private final Epoch first = epoch(1);
    private final Epoch second = epoch(2);

    FinalsOverEpochsTest() {
        fanOut.add(events::add);
    }

    private Epoch epoch(int number) {
        Epoch epoch = new Epoch(null, null, number, spans);
        epoch.named("sess_" + number, 0);
        epoch.order = new TranscriptOrder(
                true, 30_000, timers, due -> fanOut.passFinal(epoch, due), fanOut::assemble,
                item -> fanOut.deliverMissing(epoch, item, "timeout"));
        return epoch;
    }

    @Test
    @DisplayName("ROLL-13 partials of a lost epoch are retracted, with ids and version; finals that were held are given out")
    void retracted() {
        committed(first, "u1", 0, 1000);
        committed(first, "u2", 1000, 2000);
        delta(first, "u1", "Good");
        delta(first, "u1", " mor");
        completed(first, "u2", "Bye.");
        events.clear();

        fanOut.deliverRetracted(first, "reconnecting");
        assertThat(types()).containsExactly(
                EventTypes.CONVERSATION_ITEM_INPUT_AUDIO_TRANSCRIPTION_COMPLETED, LocalEvents.TRANSCRIPT_RETRACTED);
        SessionEvent retracted = events.get(1);
        assertThat(retracted.event().getRaw()).isEqualTo("""
                {"type":"camel.transcript.retracted","item_id":"u1","content_index":0,"role":"user","transcript":"Good mor",\
                "reason":"reconnecting","version":3,"deduplication_id":"sess_1:u1:0"}""");
        assertThat(retracted.transcript().settled()).isFalse();
        assertThat(retracted.transcript().reason()).isEqualTo("reconnecting");
        assertThat(retracted.epoch()).isEqualTo(1);
        assertThat(retracted.context().turn().number()).isEqualTo(1);

        fanOut.deliverRetracted(first, "reconnecting");
        assertThat(events).hasSize(2);
    }

    @Test
    @DisplayName("ROLL-13 a final is never given out twice: that of audio given again is dropped and counted, its partials retracted")
    void neverTwice() {
        committed(first, "u1", 0, 1000);
        completed(first, "u1", "One.");
        committed(second, "v1", 20, 1010);
        delta(second, "v1", "On");
        completed(second, "v1", "One!");
        committed(second, "v2", 1100, 2000);
        completed(second, "v2", "Two.");

        assertThat(texts()).containsExactly("One.", "Two.");
        assertThat(fanOut.repeated()).isEqualTo(1);
        assertThat(events).filteredOn(event -> event.event().getType().equals(LocalEvents.TRANSCRIPT_RETRACTED))
                .singleElement().satisfies(event -> {
                    assertThat(event.event().getItemId()).isEqualTo("v1");
                    assertThat(event.event().getJson().path("reason").asText()).isEqualTo("repeated");
                });
    }

    @Test
    @DisplayName("ROLL-13 what failed in one epoch and is understood in the next is no repetition")
    void failedFirst() {
        committed(first, "u1", 0, 1000);
        deliver(first, "{'type':'conversation.item.input_audio_transcription.failed','item_id':'u1','content_index':0,"
                       + "'error':{'code':'x'}}");
        committed(second, "v1", 0, 1000);
        completed(second, "v1", "One.");
        assertThat(texts()).contains("One.");
        assertThat(fanOut.repeated()).isZero();
    }

    @Test
    @DisplayName("ROLL-13 where it is not known where a final lies, nothing is dropped")
    void unknownPlace() {
        completed(first, "u1", "One.");
        completed(second, "v1", "One.");
        assertThat(texts()).containsExactly("One.", "One.");
    }

    @Test
    @DisplayName("TRX-8 the late transcript of the user comes before the answer to it, which came by the next epoch, and sorts so")
    void lateQuestion() {
        committed(first, "u1", 0, 1000);
        second.order.follows(first.order);
        deliver(second, "{'type':'response.created','response':{'id':'r1','conversation_id':'c'}}");
        deliver(second, "{'type':'response.output_item.added','response_id':'r1','output_index':0,"
                        + "'item':{'id':'a1','type':'message','role':'assistant','content':[]}}");
        deliver(second, "{'type':'conversation.item.added','previous_item_id':null,"
                        + "'item':{'id':'a1','type':'message','role':'assistant','content':[]}}");
        deliver(second, "{'type':'response.output_audio_transcript.done','response_id':'r1','item_id':'a1','output_index':0,"
                        + "'content_index':0,'transcript':'Answer.'}");
        assertThat(texts()).isEmpty();
        completed(first, "u1", "Question?");

        assertThat(texts()).containsExactly("Question?", "Answer.");
        List<SessionEvent> finals = finals();
        assertThat(finals).extracting(event -> event.context().turn().number()).containsExactly(1L, 1L);
        assertThat(finals.get(0).context().turn().order()).isLessThan(finals.get(1).context().turn().order());
        assertThat(finals.get(1).context().turn().speechStartMillis()).isZero();
    }

    @Test
    @DisplayName("TRX-8 words that are given to the next epoch again are of the same turn; what follows is the next")
    void sameTurn() {
        committed(first, "u1", 0, 1000);
        committed(first, "u2", 1100, 2000);
        completed(first, "u1", "One.");
        fanOut.deliverRetracted(first, "reconnecting");
        committed(second, "v2", 1080, 2000);
        completed(second, "v2", "Two.");
        committed(second, "v3", 2050, 3000);
        completed(second, "v3", "Three.");
        assertThat(finals()).extracting(event -> event.context().turn().number()).containsExactly(1L, 2L, 3L);
    }

    @Test
    @DisplayName("ING-5 finals say up to where all are out, over epochs and for those that do not come")
    void checkpoint() {
        committed(first, "u1", 0, 1000);
        completed(first, "u1", "One.");
        committed(first, "u2", 1100, 2000);
        committed(first, "u3", 2100, 3000);
        completed(first, "u3", "Three.");
        timers.advance(30_000);
        committed(second, "v4", 3100, 4000);
        committed(second, "v5", 4100, 5000);
        completed(second, "v4", "Four.");
        assertThat(events.stream().map(SessionEvent::context).map(EventContext::settledMillis).filter(ms -> ms != null))
                .containsExactly(1000L, 2000L, 3000L, 4000L);
        assertThat(types()).contains(LocalEvents.TRANSCRIPT_MISSING);
    }

    // ---- the service

    private void committed(Epoch epoch, String item, long start, long end) {
        spans.put(item, new Spans.Span(start, end, "segment"));
        deliver(epoch, "{'type':'input_audio_buffer.committed','item_id':'" + item + "'}");
    }

    private void delta(Epoch epoch, String item, String text) {
        deliver(epoch, "{'type':'conversation.item.input_audio_transcription.delta','item_id':'" + item
                       + "','content_index':0,'delta':'" + text + "'}");
    }

    private void completed(Epoch epoch, String item, String text) {
        deliver(epoch, "{'type':'conversation.item.input_audio_transcription.completed','item_id':'" + item
                       + "','content_index':0,'transcript':'" + text + "'}");
    }

    private void deliver(Epoch epoch, String json) {
        fanOut.deliver(epoch, Events.of(json), 0);
    }

    private List<String> types() {
        return events.stream().map(event -> event.event().getType()).toList();
    }

    private List<SessionEvent> finals() {
        return events.stream().filter(event -> TranscriptOrder.isFinal(event.event())).toList();
    }

    private List<String> texts() {
        return finals().stream().map(event -> event.event().getTranscript()).toList();
    }
}
