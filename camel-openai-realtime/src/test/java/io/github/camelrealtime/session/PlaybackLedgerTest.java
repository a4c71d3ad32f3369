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

import java.util.Base64;
import java.util.List;

import io.github.camelrealtime.audio.AudioFormat;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class PlaybackLedgerTest {

    private static final int PCM_BYTES_PER_MILLI = 48;

    private final PlaybackLedger ledger = new PlaybackLedger(AudioFormat.PCM_24K, () -> {
    });

    private static String ids(String item) {
        return "'response_id':'r','item_id':'" + item + "','output_index':0,'content_index':0";
    }

    private void bytes(String item, int bytes, long now) {
        ledger.received(1, Events.of("{'type':'response.output_audio.delta'," + ids(item) + ",'delta':'"
                                  + Base64.getEncoder().encodeToString(new byte[bytes]) + "'}"), now);
    }

    private void comes(String item, int millis, long now) {
        bytes(item, millis * PCM_BYTES_PER_MILLI, now);
    }

    private void ends(String item) {
        ledger.onEvent(1, Events.of("{'type':'response.output_audio.done'," + ids(item) + "}"));
    }

    private void created(String format, boolean outOfBand) {
        ledger.onEvent(1, Events.of("{'type':'response.created','response':{'id':'r','conversation_id':" + (outOfBand ? "null" : "'c'")
                                 + ",'audio':{'output':{'format':{'type':'" + format + "'}}}}}"));
    }

    /** {@code item heard/received}, a minus before what is removed. */
    private List<String> cut(long now) {
        return ledger.cut(now).stream().map(cut -> (cut.removesItem() ? "-" : "") + cut.part().itemId + " " + cut.heardMillis() + "/"
                                                   + cut.receivedMillis()).toList();
    }

    @Test
    @DisplayName("INT-5 without a sink that tells, an imagined player counts from the first delta, and never beyond what came")
    void wallClock() {
        comes("a", 300, 1_000);
        comes("a", 700, 1_020);
        assertThat(cut(1_450)).containsExactly("a 450/1000");

        comes("b", 200, 5_000);
        assertThat(cut(9_000)).as("starved, more is to come").containsExactly("b 200/200");
    }

    @ParameterizedTest(name = "{0}: {1} bytes are {2} ms")
    @CsvSource({ "audio/pcm, 4801, 100", "audio/pcm, 47, 0", "audio/pcmu, 801, 100", "audio/pcma, 7, 0" })
    @DisplayName("INT-3 INT-2 what came is whole ms by format, rounded down, odd bytes or not")
    void formats(String format, int bytes, long millis) {
        created(format, false);
        bytes("a", bytes, 0);
        ledger.played("a", 0, 10_000, 0);
        assertThat(ledger.cut(0)).singleElement().satisfies(cut -> {
            assertThat(cut.receivedMillis()).isEqualTo(millis);
            assertThat(cut.heardMillis()).isEqualTo(millis);
        });
    }

    @Test
    @DisplayName("AOUT-2 what a sink tells counts and not the clock; it cannot exceed what came, nor go back")
    void told() {
        comes("a", 1_000, 0);
        assertThat(ledger.isTold()).isFalse();
        assertThat(ledger.played("a", 0, 340, 400)).isTrue();
        assertThat(ledger.isTold()).isTrue();
        ledger.played("a", 0, 120, 410);
        assertThat(cut(900)).containsExactly("a 340/1000");
    }

    @Test
    @DisplayName("INT-6 what was heard to its end stays as it is, though nobody has told so")
    void finished() {
        comes("a", 500, 0);
        ends("a");
        assertThat(cut(500)).isEmpty();
        comes("b", 500, 1_000);
        ends("b");
        ledger.played("b", 0, 500, 1_100);
        assertThat(cut(1_200)).isEmpty();
    }

    @Test
    @DisplayName("INT-8 each item is judged alone: one heard, one begun, one that waits behind it")
    void several() {
        comes("a", 400, 0);
        ends("a");
        comes("b", 600, 10);
        ends("b");
        comes("c", 100, 20);
        assertThat(cut(700)).containsExactly("b 300/600", "-c 0/100");
    }

    @Test
    @DisplayName("INT-8 what comes behind an item that a sink still plays has not been heard")
    void behindTold() {
        comes("a", 400, 0);
        ends("a");
        comes("b", 600, 0);
        ledger.played("a", 0, 350, 5_000);
        assertThat(cut(5_000)).containsExactly("a 350/400", "-b 0/600");
    }

    @Test
    @DisplayName("INT-10 nothing is cut twice, and a sink's word about what was cut does not count")
    void twice() {
        comes("a", 1_000, 0);
        assertThat(cut(100)).containsExactly("a 100/1000");
        assertThat(cut(200)).isEmpty();
        assertThat(ledger.played("a", 0, 900, 300)).isFalse();
        assertThat(ledger.played("unknown", 0, 900, 300)).isFalse();
        assertThat(cut(400)).isEmpty();
    }

    @Test
    @DisplayName("INT-4 a part that was announced and of which nothing came was not heard either")
    void announced() {
        ledger.onEvent(1, Events.of("{'type':'response.content_part.added'," + ids("a") + ",'part':{'type':'audio','transcript':''}}"));
        ledger.onEvent(1, Events.of("{'type':'response.content_part.added'," + ids("t") + ",'part':{'type':'text','text':''}}"));
        assertThat(cut(10)).containsExactly("-a 0/0");
    }

    @Test
    @DisplayName("INT-8 what an interrupted response still brings is cut when it is done; of others nothing is")
    void late() {
        created("audio/pcm", false);
        comes("a", 1_000, 0);
        assertThat(cut(100)).hasSize(1);
        comes("b", 50, 110);
        assertThat(ledger.done("r")).singleElement().satisfies(cut -> {
            assertThat(cut.part().itemId).isEqualTo("b");
            assertThat(cut.removesItem()).isTrue();
        });
        created("audio/pcm", false);
        comes("c", 50, 200);
        assertThat(ledger.done("r")).isEmpty();
    }

    @Test
    @DisplayName("INT-6 INT-8 what was heard to its end before the interruption stays when the response is done")
    void heardBefore() {
        created("audio/pcm", false);
        comes("a", 400, 0);
        ends("a");
        comes("b", 600, 10);
        assertThat(cut(700)).containsExactly("b 300/600");
        assertThat(ledger.done("r")).isEmpty();
    }

    @Test
    @DisplayName("INT-8 a later part of an item of which something was heard does not remove the item")
    void laterPart() {
        created("audio/pcm", false);
        comes("a", 400, 0);
        assertThat(cut(100)).containsExactly("a 100/400");
        ledger.received(1, Events.of("{'type':'response.output_audio.delta','response_id':'r','item_id':'a','output_index':0,"
                                  + "'content_index':1,'delta':'AAAA'}"), 110);
        assertThat(ledger.done("r")).singleElement().satisfies(cut -> assertThat(cut.removesItem()).isFalse());
    }

    @Test
    @DisplayName("INT-6 AOUT-2 a sink that plays the next part has played the one before, though it never told of its last step")
    void playsTheNext() {
        comes("a", 400, 0);
        ends("a");
        ledger.played("a", 0, 380, 400);
        comes("b", 600, 400);
        ledger.played("b", 0, 100, 520);
        assertThat(cut(520)).containsExactly("b 100/600");
    }

    @Test
    @DisplayName("INT-6 AOUT-2 the last step of a sink that tells in steps is heard in its time; a sink that stopped earlier has stopped")
    void lastStep() {
        comes("a", 400, 0);
        ends("a");
        ledger.played("a", 0, 380, 400);
        assertThat(cut(420)).isEmpty();
        comes("b", 1_000, 1_000);
        ends("b");
        ledger.played("b", 0, 300, 1_300);
        assertThat(cut(60_000)).containsExactly("b 300/1000");
    }

    @Test
    @DisplayName("RESP-15 out of band nothing is interrupted")
    void outOfBand() {
        created("audio/pcm", true);
        comes("a", 1_000, 0);
        assertThat(cut(100)).isEmpty();
    }

    @Test
    @DisplayName("INT-9 the words heard are estimated by the share of the audio, to the end of the word begun")
    void heardText() {
        comes("a", 1_000, 0);
        ledger.onEvent(1, Events.of("{'type':'response.output_audio_transcript.delta'," + ids("a") + ",'delta':'One two '}"));
        ledger.onEvent(1, Events.of("{'type':'response.output_audio_transcript.delta'," + ids("a") + ",'delta':'three four'}"));
        assertThat(ledger.cut(500)).singleElement()
                .satisfies(cut -> assertThat(cut.heardText()).isEqualTo("One two three"));
    }

    @Test
    @DisplayName("AOUT-7 the ledger is bounded, and another conversation begins with an empty one")
    void bounded() {
        for (int i = 0; i < 3 * SpokenParts.MOST; i++) {
            comes("item" + i, 10, i);
        }
        assertThat(ledger.cut(0)).hasSize(SpokenParts.MOST);
        comes("a", 10, 0);
        ledger.reset();
        assertThat(ledger.cut(0)).isEmpty();
    }
}
