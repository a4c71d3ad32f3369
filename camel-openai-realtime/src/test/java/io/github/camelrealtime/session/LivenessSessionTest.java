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
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.camelrealtime.audio.AudioFormat;
import io.github.camelrealtime.audio.G711;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.github.camelrealtime.session.Futures.failure;
import static org.assertj.core.api.Assertions.assertThat;

class LivenessSessionTest {

    private static final long SILENCE = 30_000;
    private static final long SEND = 20_000;
    /** A look more than the time-out: it looks four times per time-out. */
    private static final long SURELY = SILENCE + SILENCE / 4;

    private final ManualTimers timers = new ManualTimers();
    private final FakeTransports transports = new FakeTransports();
    private final List<SessionEvent> events = new ArrayList<>();

    private RealtimeSession ready(Configs configs) {
        RealtimeSession session = new RealtimeSession("s", configs.reconnects(50).build(), transports, timers);
        session.subscribe(events::add);
        session.open();
        transports.last().ready();
        return session;
    }

    private RealtimeSession ready() {
        return ready(Configs.manual().liveness(SILENCE, SEND, 0));
    }

    private static void give(RealtimeSession session, byte[] audio, AudioFormat format) {
        for (int done = 0; done < audio.length;) {
            int part = Math.min((int) format.bytesOf(100), audio.length - done);
            session.audio().piece(format, part).append(audio, done, part);
            done += part;
        }
    }

    private static byte[] tone(int millis, int amplitude) {
        byte[] pcm = new byte[48 * millis];
        for (int i = 0; i < pcm.length / 2; i++) {
            short sample = (short) (amplitude * Math.sin(i * 0.1));
            pcm[2 * i] = (byte) sample;
            pcm[2 * i + 1] = (byte) (sample >> 8);
        }
        return pcm;
    }

    private String reason() {
        return events.stream().filter(event -> event.event().getType().equals(LocalEvents.SESSION_RECONNECTING))
                .map(event -> event.event().getJson().path("reason").asText()).findFirst().orElse(null);
    }

    static Stream<Named<Consumer<RealtimeSession>>> owed() {
        return Stream.of(
                Named.of("a response", session -> session.conversation().ask(Question.unawaited(null, null, null))),
                Named.of("session.update", session -> session.update(
                        JsonNodeFactory.instance.objectNode().put("instructions", "x"), null, false)));
    }

    @ParameterizedTest
    @MethodSource("owed")
    @DisplayName("CONN-8 an answer is owed and nothing at all comes: the connection is given up, and another made")
    void silent(Consumer<RealtimeSession> asked) {
        RealtimeSession session = ready();
        timers.advance(10_000_000);
        assertThat(transports.all).as("an idle manual session is owed nothing").hasSize(1);
        asked.accept(session);
        timers.advance(SILENCE - 1);
        // nothing is judged by what was before it was owed
        assertThat(transports.last().aborted).isFalse();
        timers.advance(SURELY);
        assertThat(transports.all.get(0).aborted).isTrue();
        assertThat(transports.all).hasSize(2);
        assertThat(reason()).contains("livenessTimeout").contains("owes");
    }

    @ParameterizedTest
    @ValueSource(longs = { -3_600_000, 3_600_000 })
    @DisplayName("CONN-8 CONN-9 a computer's clock that is set makes no time-out longer or shorter")
    void clockSet(long byMillis) {
        RealtimeSession session = ready();
        session.conversation().ask(Question.unawaited(null, null, null));
        timers.jump(byMillis);
        timers.advance(SILENCE - 1);
        assertThat(transports.all).hasSize(1);
        timers.advance(SURELY);
        assertThat(transports.all).hasSize(2);
        assertThat(reason()).contains("livenessTimeout");

        transports.last().ready();
        transports.last().queued = Outbox.MARK_BYTES + 1;
        timers.jump(byMillis);
        timers.advance(SEND - 1);
        assertThat(transports.all).hasSize(2);
        timers.advance(SEND / 2);
        assertThat(transports.all).hasSize(3);
    }

    @Test
    @DisplayName("CONN-8 a transcript that does not come, and nothing else either, is owed")
    void transcript() {
        RealtimeSession session = ready();
        give(session, new byte[4_800], AudioFormat.PCM_24K);
        session.audio().commit(false);
        transports.last().committed("item_1");
        timers.advance(SILENCE - 1);
        assertThat(transports.all).hasSize(1);
        timers.advance(SURELY);
        assertThat(reason()).contains("a transcript");
    }

    @Test
    @DisplayName("CONN-8 as long as anything comes the connection lives, whatever is owed")
    void anythingWillDo() {
        RealtimeSession session = ready();
        session.conversation().ask(Question.unawaited(null, null, null));
        transports.last().say("{'type':'response.created','event_id':'e','response':{'id':'r','status':'in_progress'}}");
        for (int i = 0; i < 20; i++) {
            timers.advance(SILENCE - 5_000);
            transports.last().say("{'type':'response.output_audio.delta','event_id':'e','response_id':'r','item_id':'i','output_index':0,"
                                  + "'content_index':0,'delta':'AAAA'}");
        }
        assertThat(transports.all).hasSize(1);
    }

    @Test
    @DisplayName("CONN-8 answered is owed no more, refused neither")
    void answered() {
        RealtimeSession session = ready();
        session.update(JsonNodeFactory.instance.objectNode().put("instructions", "x"), null, false);
        transports.last().updated();
        session.conversation().ask(Question.unawaited(null, null, "asked"));
        transports.last().error(Map.of("type", "invalid_request_error", "code", "invalid_value", "event_id", "asked", "message", "no"));
        give(session, new byte[4_800], AudioFormat.PCM_24K);
        session.audio().commit(false);
        transports.last().committed("item_1");
        transports.last().transcribed("item_1", "yes");
        timers.advance(10_000_000);
        assertThat(transports.all).hasSize(1);
    }

    @Test
    @DisplayName("CONN-8 0 is off; with reconnect=false a silent connection fails the session")
    void off() {
        RealtimeSession never = ready(Configs.manual().liveness(0, 0, 0));
        assertThat(timers.waiting()).isZero();
        never.closeNow();

        RealtimeSession lost = new RealtimeSession("s", Configs.manual().liveness(SILENCE, 0, 0).build(), transports, timers);
        lost.open();
        transports.last().ready();
        lost.conversation().ask(Question.unawaited(null, null, null));
        timers.advance(2 * SURELY);
        assertThat(lost.state()).isEqualTo(SessionState.FAILED);
        assertThat(lost.status().failure()).hasMessageContaining("livenessTimeout");
        assertThat(timers.waiting()).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = { "PCM_S16_LE", "PCMU" })
    @DisplayName("CONN-8 under server VAD speech that the service does not hear is owed an answer, silence is not")
    void speech(AudioFormat.Encoding encoding) {
        AudioFormat format = encoding == AudioFormat.Encoding.PCMU ? AudioFormat.PCMU_8K : AudioFormat.PCM_24K;
        RealtimeSession session = ready(Configs.server().format(format).liveness(SILENCE, SEND, 0));
        give(session, in(encoding, tone(20_000, 5)), format);
        timers.advance(10 * SILENCE);
        assertThat(transports.all).as("a silent line").hasSize(1);
        give(session, in(encoding, tone(3_000, 8_000)), format);
        timers.advance(2 * SURELY);
        assertThat(transports.all).hasSize(2);
        assertThat(reason()).contains("as loud as speech");
        transports.last().ready();

        // the next connection does not hear it either: then it was no speech
        for (int i = 0; i < 10; i++) {
            give(session, in(encoding, tone(3_000, 8_000)), format);
            timers.advance(SILENCE);
        }
        assertThat(transports.all).hasSize(2);
        transports.last().say("{'type':'input_audio_buffer.speech_started','event_id':'e','audio_start_ms':0,'item_id':'i'}");
        transports.last().say("{'type':'input_audio_buffer.speech_stopped','event_id':'e','audio_end_ms':9,'item_id':'i'}");
        give(session, in(encoding, tone(3_000, 8_000)), format);
        timers.advance(2 * SURELY);
        assertThat(transports.all).as("a service that hears is expected to hear").hasSize(3);
    }

    private static byte[] in(AudioFormat.Encoding encoding, byte[] pcm24) {
        if (encoding != AudioFormat.Encoding.PCMU) {
            return pcm24;
        }
        byte[] ulaw = new byte[pcm24.length / 6];
        for (int i = 0; i < ulaw.length; i++) {
            ulaw[i] = G711.encodeUlaw((short) ((pcm24[6 * i] & 0xFF) | pcm24[6 * i + 1] << 8));
        }
        return ulaw;
    }

    @Test
    @DisplayName("CONN-8 a long speech is owed nothing until it is over; then its end is")
    void longSpeech() {
        RealtimeSession session = ready(Configs.server().liveness(SILENCE, SEND, 0));
        transports.last().say("{'type':'input_audio_buffer.speech_started','event_id':'e','audio_start_ms':0,'item_id':'i'}");
        for (int i = 0; i < 12; i++) {
            give(session, tone(10_000, 8_000), AudioFormat.PCM_24K);
            timers.advance(10_000);
        }
        assertThat(transports.all).hasSize(1);
    }

    @Test
    @DisplayName("CONN-8 speech that began and silence after it: the end of the turn is owed")
    void endOfSpeech() {
        RealtimeSession session = ready(Configs.server().liveness(SILENCE, SEND, 0));
        transports.last().say("{'type':'input_audio_buffer.speech_started','event_id':'e','audio_start_ms':0,'item_id':'i'}");
        for (int i = 0; i < 6; i++) {
            give(session, new byte[48 * 10_000], AudioFormat.PCM_24K);
            timers.advance(10_000);
        }
        assertThat(reason()).contains("the end of a turn");
    }

    @Test
    @DisplayName("CONN-8 the service falls silent within a turn and the speaker talks on, with pauses: the end of the turn is owed")
    void silentWithinTurn() {
        RealtimeSession session = ready(Configs.server().liveness(SILENCE, SEND, 0));
        give(session, tone(1_000, 8_000), AudioFormat.PCM_24K);
        transports.last().say("{'type':'input_audio_buffer.speech_started','event_id':'e','audio_start_ms':0,'item_id':'i'}");
        for (int i = 0; i < 8; i++) {
            give(session, tone(3_000, 8_000), AudioFormat.PCM_24K);
            give(session, new byte[48 * 2_000], AudioFormat.PCM_24K);
            timers.advance(5_000);
        }
        assertThat(reason()).contains("the end of a turn");
        assertThat(transports.all).hasSize(2);
    }

    @Test
    @DisplayName("CONN-8 breath between words, and a pause that the service has heard, are owed nothing")
    void breath() {
        RealtimeSession session = ready(Configs.server().liveness(SILENCE, SEND, 0));
        give(session, tone(1_000, 8_000), AudioFormat.PCM_24K);
        give(session, new byte[48 * 10_000], AudioFormat.PCM_24K);
        transports.last().say("{'type':'input_audio_buffer.speech_started','event_id':'e','audio_start_ms':0,'item_id':'i'}");
        for (int i = 0; i < 30; i++) {
            give(session, tone(3_000, 8_000), AudioFormat.PCM_24K);
            give(session, new byte[48 * 400], AudioFormat.PCM_24K);
            timers.advance(3_400);
        }
        assertThat(transports.all).hasSize(1);
    }

    // ---- the sending side

    @Test
    @DisplayName("CONN-9 more waits in the transport than should and none of it leaves: the connection is given up")
    void stuck() {
        RealtimeSession session = ready();
        FakeTransport transport = transports.last();
        transport.queued = Outbox.MARK_BYTES + 1;
        give(session, new byte[4_800], AudioFormat.PCM_24K);
        timers.advance(SEND + SEND / 4);
        assertThat(transport.aborted).isTrue();
        timers.advance(500);
        assertThat(reason()).contains("sendTimeout").contains(Long.toString(Outbox.MARK_BYTES + 1));
        assertThat(transports.all).hasSize(2);
        transports.last().ready();
        assertThat(transports.last().appends()).as("what could not leave leaves here").containsExactly(4_800);
    }

    @Test
    @DisplayName("CONN-9 a queue that falls, though slowly, is not stuck, nor is one below the mark")
    void slow() {
        RealtimeSession session = ready();
        FakeTransport transport = transports.last();
        transport.queued = 100 * Outbox.MARK_BYTES;
        for (int i = 0; i < 20; i++) {
            timers.advance(SEND - SEND / 4);
            transport.queued--;
        }
        transport.queued = Outbox.MARK_BYTES;
        timers.advance(10 * SEND);
        assertThat(transports.all).hasSize(1);
        assertThat(session.state()).isEqualTo(SessionState.READY);
    }

    // ---- turns that do not end

    @Test
    @DisplayName("AIN-13 speech that begins and does not end within vadStuckTimeout is committed; otherwise nothing is")
    void stuckTurn() {
        RealtimeSession session = ready(Configs.server().liveness(0, 0, 10_000));
        FakeTransport transport = transports.last();
        String started = "{'type':'input_audio_buffer.speech_started','event_id':'e','audio_start_ms':0,'item_id':'i'}";
        transport.say(started);
        timers.advance(9_000);
        transport.say("{'type':'input_audio_buffer.speech_stopped','event_id':'e','audio_end_ms':9000,'item_id':'i'}");
        transport.committed("i");
        timers.advance(100_000);
        assertThat(transport.frames("input_audio_buffer.commit")).isEmpty();

        give(session, tone(500, 8_000), AudioFormat.PCM_24K);
        transport.say(started);
        timers.advance(10_000);
        assertThat(transport.frames("input_audio_buffer.commit")).hasSize(1);
        transport.committed("i2");
        timers.advance(100_000);
        assertThat(transport.frames("input_audio_buffer.commit")).as("once per turn").hasSize(1);
    }

    @Test
    @DisplayName("AIN-13 off by default")
    void stuckTurnOff() {
        ready(Configs.server());
        transports.last().say("{'type':'input_audio_buffer.speech_started','event_id':'e','audio_start_ms':0,'item_id':'i'}");
        timers.advance(10_000_000);
        assertThat(transports.last().frames("input_audio_buffer.commit")).isEmpty();
    }

    // ---- what may be outstanding

    @Test
    @DisplayName("AIN-10 a source that can wait does so while too much is not final; a live one does not; nothing waits for ever")
    void outstanding() {
        RealtimeSession session = ready(Configs.manual().maxOutstanding(1_000));
        var room = session.audio();
        give(session, new byte[48 * 900], AudioFormat.PCM_24K);
        session.audio().commit(false);
        transports.last().committed("item_1");
        give(session, new byte[48 * 100], AudioFormat.PCM_24K);
        var waiting = room.room(false);
        assertThat(waiting).isNotDone();
        assertThat(room.room(true)).as("a call").isCompleted();
        transports.last().transcribed("item_1", "so");
        assertThat(waiting).isCompleted();

        give(session, new byte[48 * 1_100], AudioFormat.PCM_24K);
        assertThat(room.room(false)).as("only what nobody has committed: that can wait for nothing").isCompleted();
        session.audio().commit(false);
        var never = room.room(false);
        transports.last().committed("item_2");
        assertThat(never).isNotDone();
        timers.advance(30_000);
        assertThat(never).as("its transcript is not waited for any longer").isCompleted();

        give(session, new byte[48 * 1_100], AudioFormat.PCM_24K);
        session.audio().commit(false);
        transports.last().committed("item_3");
        var lost = room.room(false);
        assertThat(lost).isNotDone();
        session.closeNow();
        assertThat(failure(lost)).isInstanceOf(SessionClosedException.class);
    }

    @Test
    @DisplayName("AIN-10 where no transcripts come nothing becomes final, and nothing is waited for")
    void nothingBecomesFinal() {
        Configs configs = Configs.manual().maxOutstanding(1_000);
        configs.transcribes = false;
        RealtimeSession session = ready(configs);
        give(session, new byte[48 * 5_000], AudioFormat.PCM_24K);
        session.audio().commit(false);
        transports.last().committed("item_1");
        assertThat(session.audio().room(false)).isCompleted();
    }
}
