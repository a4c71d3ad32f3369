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

import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.audio.AudioFormat;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Changes of a session whose service the test is. */
class SessionChangesTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SERVER_VAD = "{'audio':{'input':{'turn_detection':{'type':'server_vad'}}}}";
    private static final String MANUAL = "{'audio':{'input':{'turn_detection':null}}}";

    private final ManualTimers timers = new ManualTimers();
    private final FakeTransports transports = new FakeTransports();

    private RealtimeSession ready(Configs configs) {
        RealtimeSession session = new RealtimeSession("s", configs.build(), transports, timers);
        session.open();
        transports.last().ready();
        return session;
    }

    private static Acknowledged update(RealtimeSession session, String wanted) {
        try {
            return session.update((ObjectNode) JSON.readTree(wanted.replace('\'', '"')), null, true);
        } catch (Exception e) {
            throw new IllegalArgumentException(wanted, e);
        }
    }

    private List<JsonNode> updates() {
        return transports.last().frames("session.update").stream().map(frame -> frame.path("session")).skip(1).toList();
    }

    private void updated(String session) {
        transports.last().say("{'type':'session.updated','event_id':'e','session':" + session + "}");
    }

    @Test
    @DisplayName("CFG-6 an update given before anything is known of the session is sent whole, with type and rate (T-19, T-20)")
    void unknown() {
        RealtimeSession session = new RealtimeSession("s", Configs.manual().build(), transports, timers);
        session.open();
        update(session, "{'instructions':'x','model':'a-model','audio':{'input':{'format':{'type':'audio/pcm'}}}}");
        transports.last().ready();
        assertThat(updates()).extracting(JsonNode::toString).containsExactly(
                "{\"type\":\"realtime\",\"instructions\":\"x\",\"audio\":{\"input\":{\"format\":"
                + "{\"type\":\"audio/pcm\",\"rate\":24000}}}}");
    }

    @Test
    @DisplayName("CFG-5 the confirmation of the configuration is not taken for the answer to an update that waited for it")
    void notTheFirst() {
        RealtimeSession session = new RealtimeSession("s", Configs.manual().build(), transports, timers);
        session.open();
        Acknowledged asked = update(session, "{'instructions':'x'}");
        transports.last().ready();
        assertThat(asked.sent()).isCompleted();
        assertThat(asked.answer()).isNotDone();
        updated("{'instructions':'x'}");
        assertThat(asked.answer()).isCompleted();
        assertThat(update(session, "{'instructions':'x'}")).isSameAs(Acknowledged.NOTHING);
    }

    @Test
    @DisplayName("CFG-5 after an update that nobody answered its members are in doubt, until the service says what it holds")
    void doubt() {
        RealtimeSession session = ready(Configs.manual());
        updated("{'instructions':'old'}");
        Acknowledged lost = update(session, "{'instructions':'new'}");
        timers.advance(5_000);
        assertThat(lost.answer()).isCompletedExceptionally();
        assertThat(update(session, "{'instructions':'old'}")).isNotSameAs(Acknowledged.NOTHING);
        assertThat(updates()).hasSize(2);
        updated("{'instructions':'old'}");
        assertThat(update(session, "{'instructions':'old'}")).isSameAs(Acknowledged.NOTHING);
    }

    @Test
    @DisplayName("CFG-19 audio behind an update is for the new mode at once, and what others have under way does not turn it back")
    void modeFollows() {
        RealtimeSession session = ready(Configs.server());
        updated(SERVER_VAD);
        Acknowledged first = update(session, "{'instructions':'x'}");
        Acknowledged second = update(session, MANUAL);
        assertThat(session.turns()).isEqualTo(TurnMode.MANUAL);
        updated(SERVER_VAD);
        assertThat(first.answer()).isCompleted();
        assertThat(session.turns()).as("the answer to the first says nothing of the second").isEqualTo(TurnMode.MANUAL);
        updated(MANUAL);
        assertThat(second.answer()).isCompleted();
        assertThat(session.turns()).isEqualTo(TurnMode.MANUAL);
    }

    @Test
    @DisplayName("CFG-19 a refused handing over of the turns is taken back; the next connection begins as configured")
    void modeReverts() {
        RealtimeSession session = ready(Configs.manual());
        updated(MANUAL);
        Acknowledged asked = update(session, SERVER_VAD);
        assertThat(session.turns()).isEqualTo(TurnMode.SERVER);
        transports.last().error(Map.of("type", "invalid_request_error", "message", "no", "param", "session.audio"));
        assertThat(asked.answer()).isCompletedExceptionally();
        assertThat(session.turns()).isEqualTo(TurnMode.MANUAL);

        update(session, SERVER_VAD);
        updated(SERVER_VAD);
        assertThat(session.turns()).isEqualTo(TurnMode.SERVER);
        session.closeNow();
        assertThat(session.turns()).isEqualTo(TurnMode.MANUAL);
    }

    @Test
    @DisplayName("CFG-19 turns taken from the service: what it has not ended is ours to commit, and nobody waits for it to end them")
    void takenOver() {
        RealtimeSession session = ready(Configs.server());
        updated(SERVER_VAD);
        byte[] audio = new byte[48 * 200];
        for (int i = 1; i < audio.length; i += 2) {
            audio[i] = (byte) (i % 4 == 1 ? 30 : -30);
        }
        session.audio().piece(AudioFormat.PCM_24K, audio.length).append(audio, 0, audio.length);
        update(session, MANUAL);
        updated(MANUAL);
        assertThat(session.audio().dues().allAnswered()).as("the service ends nothing any more").isCompleted();
        assertThat(session.audio().commit(true).endMillis()).isEqualTo(200);
        assertThat(transports.last().types()).endsWith("commit");
    }

    @Test
    @DisplayName("CFG-19 turns handed to the service: its positions count all audio of the connection")
    void handedOver() {
        RealtimeSession session = ready(Configs.manual());
        updated(MANUAL);
        byte[] audio = new byte[48 * 200];
        for (int i = 1; i < audio.length; i += 2) {
            audio[i] = (byte) (i % 4 == 1 ? 30 : -30);
        }
        session.audio().piece(AudioFormat.PCM_24K, audio.length).append(audio, 0, audio.length);
        session.audio().commit(true);
        transports.last().committed("item_1");
        update(session, SERVER_VAD);
        updated(SERVER_VAD);
        session.audio().piece(AudioFormat.PCM_24K, audio.length).append(audio, 0, audio.length);
        assertThat(session.audio().dues().allAnswered()).as("the service has yet to commit what can be heard").isNotDone();
        transports.last().say("{'type':'input_audio_buffer.speech_started','item_id':'item_2','audio_start_ms':200}");
        transports.last().say("{'type':'input_audio_buffer.speech_stopped','item_id':'item_2','audio_end_ms':400}");
        transports.last().committed("item_2");
        assertThat(session.audio().dues().allAnswered()).isCompleted();
    }

    @Test
    @DisplayName("CFG-3 transcription switched off: from then on nobody waits for transcripts at the end")
    void transcriptionOff() {
        RealtimeSession session = ready(Configs.manual());
        update(session, "{'audio':{'input':{'transcription':null}}}");
        updated("{'audio':{'input':{'transcription':null}}}");
        byte[] audio = new byte[48 * 200];
        session.audio().piece(AudioFormat.PCM_24K, audio.length).append(audio, 0, audio.length);
        session.audio().commit(false);
        transports.last().committed("item_1");
        assertThat(session.drain()).isCompleted();
    }

    @Test
    @DisplayName("CFG-4 with another name for the model that it has, such as its snapshot, nothing is refused and nothing sent")
    void snapshot() {
        RealtimeSession session = ready(Configs.manual());
        updated("{'model':'a-model-2026-11-01'}");
        assertThat(update(session, "{'model':'a-model'}")).isSameAs(Acknowledged.NOTHING);
        assertThat(update(session, "{'model':'a-model-2026-11-01'}")).isSameAs(Acknowledged.NOTHING);
        assertThat(update(session, "{'model':'b-model'}").sent()).isCompletedExceptionally();
    }
}
