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

import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class OwedTranscriptsTest {

    private final OwedTranscripts owed = new OwedTranscripts();

    private void settle(String type, String itemId) {
        owed.settle(Events.of("{'type':'" + type + "','item_id':'" + itemId + "'}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "conversation.item.input_audio_transcription.completed", "conversation.item.input_audio_transcription.failed",
            "conversation.item.deleted" })
    @DisplayName("TRX-3 final, failed and deleted items are owed no longer")
    void settled(String type) {
        assertThat(owed.settled()).isCompleted();
        owed.begin(Events.committed("a"));
        owed.begin(Events.committed("b"));
        owed.begin(Events.committed("b"));
        owed.begin(Events.committed(null));
        owed.begin(Events.of("{'type':'conversation.item.added','item':{'id':'c'}}"));
        assertThat(owed.size()).isEqualTo(2);
        CompletableFuture<Boolean> settled = owed.settled();
        settle(type, "stranger");
        settle("conversation.item.input_audio_transcription.delta", "a");
        settle(type, "b");
        assertThat(settled).isNotDone();
        settle(type, "a");
        assertThat(settled).isCompleted();
        assertThat(owed.size()).isZero();
    }

    @Test
    @DisplayName("TRX-13 who waits is told when nothing will come any more, and how much is missing")
    void giveUp() {
        owed.begin(Events.committed("a"));
        owed.begin(Events.committed("b"));
        CompletableFuture<Boolean> settled = owed.settled();
        assertThat(owed.giveUp()).isEqualTo(2);
        assertThat(settled).isCompleted();
        assertThat(owed.giveUp()).isZero();
        assertThat(owed.settled()).isCompleted();
    }

    @Test
    @DisplayName("FLOW-6 what is owed is bounded")
    void bounded() {
        for (int i = 0; i < 20_000; i++) {
            owed.begin(Events.committed("i" + i));
        }
        assertThat(owed.size()).isEqualTo(2_000);
    }
}
