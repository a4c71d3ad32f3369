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
import io.github.camelrealtime.audio.AudioFormat;
import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.event.TransportKind;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What becomes of it that the service hears speech, and whether the assistant can be heard; the test is the service. */
class SpeechInterruptionsTest {

    private static final int PCM_BYTES_PER_MILLI = 48;
    private static final String NO_INTERRUPT = "{'type':'session.updated','session':{'audio':{'input':{'turn_detection':"
                                               + "{'type':'server_vad','interrupt_response':false}}}}}";

    private final ManualTimers timers = new ManualTimers();
    private final FakeTransports transports = new FakeTransports();
    private final List<SessionEvent> events = new ArrayList<>();
    private RealtimeSession session;
    private FakeTransport service;

    private void open(long minSpeech, boolean halfDuplex, long resume) {
        Configs configs = Configs.server();
        configs.interrupts = new SessionConfig.Interrupts(minSpeech, halfDuplex, resume);
        configs.muteMode = MuteMode.SILENCE;
        session = new RealtimeSession("s", configs.build(), transports, timers);
        session.subscribe(events::add);
        session.open();
        service = transports.last().ready();
        if (minSpeech > 0) {
            service.say(NO_INTERRUPT);
        }
    }

    private void answer(String response, String item, int millis) {
        service.say("{'type':'response.created','response':{'id':'" + response + "','conversation_id':'c'}}");
        service.say("{'type':'response.output_audio.delta','response_id':'" + response + "','item_id':'" + item
                    + "','output_index':0,'content_index':0,'delta':'"
                    + Base64.getEncoder().encodeToString(new byte[PCM_BYTES_PER_MILLI * millis]) + "'}");
    }

    private void ends(String response, String item) {
        service.say("{'type':'response.output_audio.done','response_id':'" + response + "','item_id':'" + item
                    + "','output_index':0,'content_index':0}");
        done(response);
    }

    private void done(String response) {
        service.say("{'type':'response.done','response':{'id':'" + response
                    + "','conversation_id':'c','status':'completed','output':[]}}");
    }

    private void speechStarted(String item) {
        service.say("{'type':'input_audio_buffer.speech_started','item_id':'" + item + "','audio_start_ms':0}");
    }

    private void speechStopped(String item) {
        service.say("{'type':'input_audio_buffer.speech_stopped','item_id':'" + item + "','audio_end_ms':100}");
    }

    private List<String> sentSince(int frames) {
        return service.types().subList(frames, service.types().size());
    }

    private List<JsonNode> told(String type) {
        return events.stream().map(SessionEvent::event).filter(event -> event.getType().equals(type))
                .map(event -> event.getJson()).toList();
    }

    private List<Boolean> speaking() {
        return told(LocalEvents.ASSISTANT_SPEAKING).stream().map(event -> event.path("speaking").asBoolean()).toList();
    }

    private void give(int millis) {
        byte[] audio = new byte[PCM_BYTES_PER_MILLI * millis];
        Arrays.fill(audio, (byte) 0x11);
        session.audio().piece(AudioFormat.PCM_24K, audio.length).append(audio, 0, audio.length);
    }

    /** Whether what was given last is heard by the service. */
    private boolean isHeard() {
        int before = service.frames("input_audio_buffer.append").size();
        give(100);
        List<JsonNode> appends = service.frames("input_audio_buffer.append");
        assertThat(appends).as("time stays true").hasSizeGreaterThan(before);
        return FakeTransport.audio(appends.get(appends.size() - 1))[0] != 0;
    }

    // ---- minimum speech

    @Test
    @DisplayName("INT-12 T-55 speech shorter than interruptMinSpeech interrupts nothing, and is counted; the assistant goes on")
    void tooShort() {
        open(800, false, 0);
        answer("r1", "a", 5_000);
        timers.advance(300);
        int frames = service.types().size();
        speechStarted("u");
        timers.advance(799);
        speechStopped("u");
        timers.advance(5_000);
        assertThat(sentSince(frames)).isEmpty();
        assertThat(told(LocalEvents.TURN_INTERRUPTED)).isEmpty();
        assertThat(session.status().shortInterruptions()).isEqualTo(1);
    }

    @Test
    @DisplayName("INT-12 INT-1 speech that lasts interrupts: cancelled and cut to what was heard by then, once")
    void longEnough() {
        open(800, false, 0);
        answer("r1", "a", 5_000);
        timers.advance(300);
        int frames = service.types().size();
        speechStarted("u");
        timers.advance(800);
        assertThat(sentSince(frames)).containsExactly("response.cancel", "conversation.item.truncate");
        assertThat(service.last().path("audio_end_ms").intValue()).isEqualTo(1_100);
        speechStopped("u");
        timers.advance(5_000);
        assertThat(sentSince(frames)).hasSize(2);
        assertThat(session.status().shortInterruptions()).isZero();
        assertThat(told(LocalEvents.TURN_INTERRUPTED)).singleElement()
                .satisfies(event -> assertThat(event.path("reason").asText()).isEqualTo("speech"));
    }

    @Test
    @DisplayName("INT-12 speech into silence waits for nothing, and cannot interrupt an answer that begins later")
    void nothingToInterrupt() {
        open(800, false, 0);
        speechStarted("u");
        timers.advance(400);
        answer("r1", "a", 5_000);
        int frames = service.types().size();
        timers.advance(2_000);
        assertThat(sentSince(frames)).isEmpty();
        speechStopped("u");
        assertThat(session.status().shortInterruptions()).isZero();
    }

    @Test
    @DisplayName("INT-12 a connection that is lost while speech is measured interrupts nothing on the next one")
    void lostMeanwhile() {
        open(800, false, 0);
        answer("r1", "a", 5_000);
        speechStarted("u");
        service.listener.onClosed(1011, "");
        timers.advance(5_000);
        assertThat(told(LocalEvents.TURN_INTERRUPTED)).isEmpty();
    }

    // ---- interruptions that were none

    @Test
    @DisplayName("INT-13 an interruption that no words follow was none: counted, told, and the model goes on where it was cut")
    void noWords() {
        open(0, false, 2_000);
        answer("r1", "a", 5_000);
        timers.advance(300);
        speechStarted("u");
        done("r1");
        timers.advance(10_000);
        assertThat(service.frames("response.create")).as("somebody may be speaking still").isEmpty();
        speechStopped("u");
        timers.advance(1_999);
        assertThat(told(LocalEvents.TURN_RESUMED)).isEmpty();
        timers.advance(1);
        assertThat(told(LocalEvents.TURN_RESUMED)).singleElement()
                .satisfies(event -> assertThat(event.path("item_id").asText()).isEqualTo("u"));
        assertThat(service.frames("response.create")).singleElement().satisfies(
                create -> assertThat(create.at("/response/instructions").asText()).contains("Go on"));
        assertThat(session.status().falseInterruptions()).isEqualTo(1);
        timers.advance(5_000);
        assertThat(told(LocalEvents.TURN_RESUMED)).hasSize(1);
    }

    @Test
    @DisplayName("INT-13 an empty transcript says so at once")
    void emptyTranscript() {
        open(0, false, 2_000);
        answer("r1", "a", 5_000);
        timers.advance(300);
        speechStarted("u");
        speechStopped("u");
        service.transcribed("u", " ");
        assertThat(told(LocalEvents.TURN_RESUMED)).hasSize(1);
        timers.advance(5_000);
        assertThat(told(LocalEvents.TURN_RESUMED)).hasSize(1);
    }

    @Test
    @DisplayName("INT-13 with words, with an answer that begins, or with more speech, it was an interruption")
    void words() {
        open(0, false, 2_000);
        answer("r1", "a", 5_000);
        timers.advance(300);
        speechStarted("u1");
        speechStopped("u1");
        service.say("{'type':'conversation.item.input_audio_transcription.delta','item_id':'u1','content_index':0,'delta':'Wait'}");
        timers.advance(5_000);
        done("r1");

        answer("r2", "b", 5_000);
        timers.advance(300);
        speechStarted("u2");
        speechStopped("u2");
        done("r2");
        answer("r3", "c", 5_000);
        timers.advance(300);

        speechStarted("u3");
        speechStopped("u3");
        timers.advance(1_000);
        speechStarted("u4");
        timers.advance(5_000);
        assertThat(told(LocalEvents.TURN_INTERRUPTED)).hasSize(3);
        assertThat(told(LocalEvents.TURN_RESUMED)).isEmpty();
        assertThat(session.status().falseInterruptions()).isZero();
    }

    @Test
    @DisplayName("INT-13 speech that interrupted nothing is never an interruption that was none")
    void interruptedNothing() {
        open(0, false, 2_000);
        speechStarted("u");
        speechStopped("u");
        service.transcribed("u", "");
        timers.advance(5_000);
        assertThat(told(LocalEvents.TURN_RESUMED)).isEmpty();
    }

    // ---- whether the assistant can be heard

    @Test
    @DisplayName("INT-14 T-14 over WebSocket the assistant speaks until its voice is played, long after its response is done")
    void speaks() {
        open(0, false, 0);
        assertThat(session.playback().isSpeaking()).isFalse();
        answer("r1", "a", 1_000);
        ends("r1", "a");
        assertThat(speaking()).containsExactly(true);
        timers.advance(999);
        assertThat(session.playback().isSpeaking()).isTrue();
        timers.advance(1);
        assertThat(speaking()).containsExactly(true, false);
        answer("r2", "b", 1_000);
        timers.advance(400);
        session.conversation().interrupt(null);
        assertThat(speaking()).containsExactly(true, false, true, false);
    }

    @Test
    @DisplayName("INT-14 a model that is slower than its voice still speaks; what begins while it does is no other beginning")
    void speaksSlowly() {
        open(0, false, 0);
        answer("r1", "a", 100);
        timers.advance(5_000);
        assertThat(session.playback().isSpeaking()).isTrue();
        ends("r1", "a");
        assertThat(speaking()).containsExactly(true, false);
        answer("r2", "b", 100);
        ends("r2", "b");
        answer("r3", "c", 100);
        ends("r3", "c");
        timers.advance(199);
        assertThat(speaking()).containsExactly(true, false, true);
        timers.advance(1);
        assertThat(speaking()).containsExactly(true, false, true, false);
    }

    @Test
    @DisplayName("INT-14 AOUT-2 where a sink tells of it, the assistant speaks until the sink has come to the end")
    void speaksAsTold() {
        open(0, false, 0);
        answer("r1", "a", 1_000);
        ends("r1", "a");
        timers.advance(500);
        session.playback().played("a", 0, 100);
        timers.advance(800);
        assertThat(session.playback().isSpeaking()).isTrue();
        session.playback().played("a", 0, 1_000);
        assertThat(speaking()).containsExactly(true, false);
    }

    @Test
    @DisplayName("INT-14 AOUT-2 a sink that tells nothing any more does not have the assistant speak for ever")
    void sinkGone() {
        open(0, false, 0);
        answer("r1", "a", 1_000);
        ends("r1", "a");
        session.playback().played("a", 0, 100);
        timers.advance(10_000);
        assertThat(speaking()).containsExactly(true, false);
    }

    @Test
    @DisplayName("INT-14 in a call the assistant speaks from output_audio_buffer.started to stopped or cleared")
    void speaksInCall() {
        open(0, false, 0);
        for (String end : List.of("stopped", "cleared")) {
            service.say("{'type':'output_audio_buffer.started','response_id':'r1'}");
            assertThat(session.playback().isSpeaking()).isTrue();
            timers.advance(60_000);
            assertThat(session.playback().isSpeaking()).isTrue();
            service.say("{'type':'output_audio_buffer." + end + "','response_id':'r1'}");
            assertThat(session.playback().isSpeaking()).isFalse();
        }
        assertThat(speaking()).containsExactly(true, false, true, false);
    }

    @Test
    @DisplayName("INT-14 where nobody plays the voice, nobody speaks; and the end of the session ends it")
    void nobodyPlays() {
        Configs configs = Configs.server();
        session = new RealtimeSession("s", configs.build(), transports, timers);
        session.subscribe(new Subscription() {
            @Override
            public void onEvent(SessionEvent event) {
                events.add(event);
            }

            @Override
            public boolean wants(String type) {
                return !type.endsWith(".delta");
            }
        });
        session.open();
        service = transports.last().ready();
        answer("r1", "a", 1_000);
        assertThat(session.playback().isSpeaking()).isFalse();
        session.subscribe(events::add);
        answer("r2", "b", 1_000);
        assertThat(session.playback().isSpeaking()).isTrue();
        session.closeNow();
        assertThat(session.playback().isSpeaking()).isFalse();
        assertThat(events).extracting(told -> told.event().getType())
                .containsSubsequence(LocalEvents.ASSISTANT_SPEAKING, LocalEvents.SESSION_CLOSED);
    }

    @Test
    @DisplayName("INT-12 T-55 with halfDuplex nobody is heard while the assistant speaks, nor in the echo of it; time stays true")
    void halfDuplex() {
        open(0, true, 0);
        assertThat(isHeard()).isTrue();
        answer("r1", "a", 1_000);
        ends("r1", "a");
        assertThat(isHeard()).isFalse();
        timers.advance(1_000);
        assertThat(session.playback().isSpeaking()).isFalse();
        assertThat(isHeard()).isFalse();
        timers.advance(AssistantSpeech.ECHO_MILLIS);
        assertThat(isHeard()).isTrue();
        assertThat(session.status().muted()).as("nobody has muted anybody").isFalse();
    }

    @Test
    @DisplayName("INT-12 without halfDuplex the user is heard while the assistant speaks")
    void fullDuplex() {
        open(0, false, 0);
        answer("r1", "a", 1_000);
        assertThat(isHeard()).isTrue();
    }

    // ---- calls

    @Test
    @DisplayName("INT-1 INT-10 T-16 in a call interrupt cancels, then clears what the service plays, once, and truncates nothing")
    void call() {
        open(0, false, 0);
        Refusals refusals = new Refusals();
        Outbox outbox = new Outbox("s", AudioFormat.PCM_24K, new SessionConfig.AudioQueue(1_000, Overflow.BLOCK), timers);
        FakeTransport call = new FakeTransport();
        outbox.admit(call);
        outbox.drain();
        ResponseSequencer responses = new ResponseSequencer(
                "s", outbox, refusals, timers, new ResponseRetries(0, new SessionConfig.Backoff(500, 30_000, 3), timers), members -> {
                });
        Playback playback = new Playback(session, new EventFanOut("s", session.config(), () -> true, () -> 0, timers), timers, () -> null);
        List<JsonNode> announced = new ArrayList<>();
        Interruption interruption = new Interruption(
                "s", TransportKind.WEBRTC, responses, playback, outbox, refusals, timers, announced::add);
        for (String event : List.of("{'type':'response.created','response':{'id':'r','conversation_id':'c'}}",
                "{'type':'response.content_part.added','response_id':'r','item_id':'a','output_index':0,'content_index':0,"
                                                                                 + "'part':{'type':'audio','transcript':''}}",
                "{'type':'output_audio_buffer.started','response_id':'r'}")) {
            responses.onEvent(Events.of(event));
            playback.onEvent(1, Events.of(event));
        }
        assertThat(interruption.bySpeech()).as("the service does all of it itself").isFalse();
        assertThat(call.types()).isEmpty();
        interruption.byClient(null);
        interruption.byClient(null);
        assertThat(call.types()).containsExactly("response.cancel", "output_audio_buffer.clear");
        assertThat(announced).hasSize(1);
        assertThat(playback.isSpeaking()).isFalse();
    }

    // ---- connections

    @Test
    @DisplayName("ROLL-10 INT-9 after a change of connection what came by the one before is cut here and told, and not at the service")
    void earlierConnection() {
        open(0, false, 0);
        List<PlaybackLedger.Cut> mirrored = new ArrayList<>();
        session.conversation().onCut(mirrored::add);
        answer("r1", "a", 1_000);
        ends("r1", "a");
        timers.advance(300);
        session.conversation().goesOnBy(2);
        int frames = service.types().size();
        speechStarted("u");
        assertThat(sentSince(frames)).isEmpty();
        assertThat(told(LocalEvents.TURN_INTERRUPTED)).singleElement()
                .satisfies(event -> assertThat(event.at("/items/0/played_ms").intValue()).isEqualTo(300));
        assertThat(told(LocalEvents.PLAYBACK_CLEARED)).hasSize(1);
        assertThat(mirrored).singleElement().satisfies(cut -> {
            assertThat(cut.present()).isFalse();
            assertThat(cut.heardMillis()).isEqualTo(300);
        });
        assertThat(events).noneMatch(event -> event.event().getType().equals(EventTypes.ERROR));
    }
}
