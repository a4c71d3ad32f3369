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

import io.github.camelrealtime.session.TranscriptAssembler.Progress;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

class TranscriptAssemblerTest {

    private final Spans spans = new Spans(new StreamMap(24_000));
    private final TranscriptAssembler transcripts = new TranscriptAssembler("sess_1", spans);

    private Progress user(String kind, String item, int index, String text) {
        String member = kind.equals("delta") ? "delta" : "transcript";
        return transcripts.onEvent(Events.of("{'type':'conversation.item.input_audio_transcription." + kind + "','item_id':'" + item
                                             + "','content_index':" + index + ",'" + member + "':'" + text + "'}"));
    }

    private Progress assistant(String type, String item, String member, String text) {
        return transcripts.onEvent(Events.of("{'type':'response." + type + "','item_id':'" + item
                                             + "','content_index':0,'response_id':'r','" + member + "':'" + text + "'}"));
    }

    @Test
    @DisplayName("TRX-1 texts of several items and parts never mix, whatever the order of arrival")
    void interleaved() {
        user("delta", "a", 0, "one ");
        user("delta", "b", 0, "un ");
        user("delta", "a", 1, "eins ");
        assertThat(user("delta", "a", 0, "two").text()).isEqualTo("one two");
        assertThat(user("delta", "b", 0, "deux").text()).isEqualTo("un deux");
        Progress other = user("delta", "a", 1, "zwei");
        assertThat(other.text()).isEqualTo("eins zwei");
        assertThat(other.contentIndex()).isEqualTo(1);
        assertThat(other.settled()).isFalse();
        assertThat(other.role()).isEqualTo("user");
    }

    @Test
    @DisplayName("TRX-5 the final text counts, TRX-6 once; what comes later is stale; partials are numbered")
    void finals() {
        assertThat(user("delta", "a", 0, "helo").version()).isEqualTo(1);
        assertThat(user("delta", "a", 0, " word").version()).isEqualTo(2);
        Progress done = user("completed", "a", 0, "Hello world.");
        assertThat(done.text()).isEqualTo("Hello world.");
        assertThat(done.settled()).isTrue();
        assertThat(done.version()).isEqualTo(3);
        assertThat(done.deduplicationId()).isEqualTo("sess_1:a:0");
        assertThat(user("delta", "a", 0, "late")).isSameAs(TranscriptAssembler.STALE);
        assertThat(user("completed", "a", 0, "again")).isSameAs(TranscriptAssembler.STALE);
        assertThat(user("failed", "a", 0, "")).isSameAs(TranscriptAssembler.STALE);
        assertThat(user("completed", "b", 0, "").settled()).isTrue();
    }

    @Test
    @DisplayName("TRX-3 a failure settles the item, without a text")
    void failed() {
        user("delta", "a", 0, "half");
        Progress failed = user("failed", "a", 0, "");
        assertThat(failed.settled()).isTrue();
        assertThat(failed.text()).isNull();
        assertThat(user("completed", "a", 0, "after all")).isSameAs(TranscriptAssembler.STALE);
    }

    @Test
    @DisplayName("TRX-7 the assistant's speech and text, each with its role")
    void assistant() {
        assistant("output_audio_transcript.delta", "m", "delta", "I am ");
        assertThat(assistant("output_audio_transcript.delta", "m", "delta", "here").text()).isEqualTo("I am here");
        Progress done = assistant("output_audio_transcript.done", "m", "transcript", "I am here.");
        assertThat(done.text()).isEqualTo("I am here.");
        assertThat(done.role()).isEqualTo("assistant");
        assistant("output_text.delta", "t", "delta", "written");
        assertThat(assistant("output_text.done", "t", "text", "Written.").text()).isEqualTo("Written.");
    }

    @Test
    void otherEventsAndThoseWithoutItemAreNoneOfItsBusiness() {
        assertThat(transcripts.onEvent(Events.of("{'type':'response.created','response':{'id':'r'}}"))).isNull();
        assertThat(transcripts.onEvent(Events.of(
                "{'type':'conversation.item.input_audio_transcription.delta','delta':'whose?'}"))).isNull();
    }

    @Test
    @DisplayName("TRX-13 at the end what was said and never became final is given, once, and nothing else")
    void abandoned() {
        user("delta", "a", 0, "half a");
        user("completed", "b", 0, "whole");
        user("delta", "c", 0, "");
        assistant("output_text.delta", "t", "delta", "I was");
        assertThat(transcripts.abandoned("hangup")).extracting(Progress::text, Progress::reason, Progress::settled, Progress::role)
                .containsExactly(
                        tuple("half a", "hangup", false, "user"),
                        tuple("I was", "hangup", false, "assistant"));
        assertThat(transcripts.abandoned("hangup")).isEmpty();
        assertThat(user("completed", "a", 0, "too late")).isSameAs(TranscriptAssembler.STALE);
    }

    @Test
    @DisplayName("TRX-8 the user's words carry where they lie in the audio, the assistant's do not")
    void spans() {
        spans.put("a", new Spans.Span(100L, 900L, "segment"));
        spans.put("m", new Spans.Span(1L, 2L, "vad"));
        Progress done = user("completed", "a", 0, "words");
        assertThat(done.startMillis()).isEqualTo(100);
        assertThat(done.endMillis()).isEqualTo(900);
        assertThat(done.timeSource()).isEqualTo("segment");
        assertThat(assistant("output_text.done", "m", "text", "x").startMillis()).isNull();
        assertThat(user("completed", "unknown", 0, "x").timeSource()).isNull();
    }

    @Test
    @DisplayName("FLOW-6 what is remembered is bounded: the eldest is forgotten first")
    void bounded() {
        for (int i = 0; i <= 10_000; i++) {
            user("completed", "i" + i, 0, "x");
        }
        assertThat(user("completed", "i10000", 0, "again")).isSameAs(TranscriptAssembler.STALE);
        assertThat(user("completed", "i0", 0, "forgotten")).isNotSameAs(TranscriptAssembler.STALE);
    }

    @Test
    void progressIsPrintedWithoutItsWords() {
        assertThat(user("delta", "a", 0, "secret").toString()).contains("a/0").doesNotContain("secret");
    }
}
