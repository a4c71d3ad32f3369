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

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class EffectiveSessionTest {

    private final EffectiveSession effective = new EffectiveSession();

    @Test
    @DisplayName("CFG-5 the mirror is what session.created and session.updated said last, whole")
    void session() {
        assertThat(effective.session()).isNull();
        effective.onEvent(Events.of("{'type':'session.created','session':{'voice':'a','tracing':null}}"));
        assertThat(effective.session().toString()).isEqualTo("{\"voice\":\"a\",\"tracing\":null}");
        effective.onEvent(Events.of("{'type':'session.updated','session':{'voice':'b'}}"));
        assertThat(effective.session().toString()).isEqualTo("{\"voice\":\"b\"}");
        effective.onEvent(Events.of("{'type':'session.updated'}"));
        effective.onEvent(Events.of("{'type':'response.created','response':{},'session':{}}"));
        assertThat(effective.session().toString()).isEqualTo("{\"voice\":\"b\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "{'type':'response.content_part.added','part':{'type':'audio'}}",
            "{'type':'response.content_part.added','part':{'type':'output_audio'}}",
            "{'type':'response.output_audio.done'}" })
    @DisplayName("CFG-4 the assistant has been heard from its first part of audio on (T-18, T-41)")
    void heard(String event) {
        effective.onEvent(Events.of("{'type':'response.content_part.added','part':{'type':'text'}}"));
        effective.onEvent(Events.of("{'type':'conversation.item.added','item':{'role':'user'}}"));
        assertThat(effective.isAssistantHeard()).isFalse();
        effective.onEvent(Events.of(event));
        effective.onEvent(Events.of("{'type':'response.content_part.added','part':{'type':'text'}}"));
        assertThat(effective.isAssistantHeard()).isTrue();
    }
}
