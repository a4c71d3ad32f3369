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

import io.github.camelrealtime.event.ClientEvent;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class RefusalsTest {

    private final Refusals refusals = new Refusals();
    private final List<String> told = new ArrayList<>();

    private ClientEvent expect(String type, String name) {
        ClientEvent event = ClientEvent.of(type);
        refusals.expect(event, refused -> told.add(name));
        refusals.leaves(event.getEventId());
        return event;
    }

    private void refuse(String eventId, String code, String param) {
        var addressee = refusals.take(eventId, code, param, null);
        if (addressee != null) {
            addressee.test(new RequestRefusedException("s", "invalid_request_error", code, "no", param, eventId));
        }
    }

    @Test
    @DisplayName("ERR-3 an error finds its request by event id, once; one that names a stranger finds nobody")
    void byId() {
        ClientEvent first = expect("response.create", "first");
        expect("response.create", "second");
        refuse("evt_of_somebody_else", "conversation_already_has_active_response", null);
        refuse(first.getEventId(), "anything", null);
        refuse(first.getEventId(), "anything", null);
        assertThat(told).containsExactly("first");
        assertThat(refusals.size()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
            "input_audio_buffer_commit_empty,,input_audio_buffer.commit",
            "conversation_already_has_active_response,,response.create",
            "response_cancel_not_active,,response.cancel",
            "cannot_update_voice,,session.update",
            "invalid_value,session.audio.input,session.update",
            "invalid_value,response.conversation,response.create",
            ",item.content[0].text,conversation.item.create" })
    @DisplayName("ERR-3 without an event id (T-44) it is the last event of the kind that the error speaks of")
    void byKind(String code, String param, String type) {
        expect(type, "older");
        expect(type, "last");
        expect("input_audio_buffer.clear", "other");
        refuse(null, code, param);
        assertThat(told).containsExactly("last");
        refuse(null, code, param);
        assertThat(told).containsExactly("last", "older");
        refuse(null, code, param);
        assertThat(told).hasSize(2);
    }

    @Test
    @DisplayName("ERR-3 an error without event id and without a hint finds nobody")
    void unmatched() {
        expect("response.create", "waiting");
        assertThat(refusals.take(null, "server_error", null, null)).isNull();
        assertThat(refusals.take(null, null, null, null)).isNull();
        assertThat(refusals.take(null, "invalid_value", "tools[0]", null)).isNull();
    }

    @Test
    @DisplayName("ERR-3 an error without event id cannot be about an event that has not left")
    void notLeft() {
        expect("input_audio_buffer.commit", "left");
        ClientEvent queued = ClientEvent.commit();
        refusals.expect(queued, refused -> told.add("queued"));
        refuse(null, "input_audio_buffer_commit_empty", null);
        refuse(null, "input_audio_buffer_commit_empty", null);
        assertThat(told).containsExactly("left");
        refusals.leaves(queued.getEventId());
        refuse(null, "input_audio_buffer_commit_empty", null);
        assertThat(told).containsExactly("left", "queued");
    }

    @Test
    void answeredEventsAreForgotten() {
        ClientEvent event = expect("session.update", "answered");
        refusals.forget(event.getEventId());
        refuse(event.getEventId(), "invalid_value", null);
        refuse(null, "invalid_value", "session");
        assertThat(told).isEmpty();
    }

    @Test
    @DisplayName("FLOW-6 what nobody answers is remembered within a bound")
    void bounded() {
        for (int i = 0; i < 5_000; i++) {
            expect("session.update", "n" + i);
        }
        assertThat(refusals.size()).isLessThanOrEqualTo(1_024);
        refuse(null, "invalid_value", "session");
        assertThat(told).containsExactly("n4999");
        refusals.clear();
        assertThat(refusals.size()).isZero();
    }

    private ClientEvent expectAbout(String type, String itemId) {
        ClientEvent event = ClientEvent.of(type).with("item_id", itemId);
        refusals.expect(event, refused -> told.add(itemId));
        refusals.leaves(event.getEventId());
        return event;
    }

    @Test
    @DisplayName("CTX-3 without an event id (T-44) the item that the error names decides, item_1 not being item_10")
    void byItem() {
        for (String itemId : List.of("item_10", "item_1", "item_2")) {
            expectAbout("conversation.item.delete", itemId);
        }
        for (String itemId : List.of("item_10", "item_1")) {
            refusals.take(null, "invalid_value", "item_id", "The item with the id '" + itemId + "' does not exist.").test(null);
        }
        assertThat(told).containsExactly("item_10", "item_1");
        refusals.take(null, "invalid_value", "item_id", "No such item.").test(null);
        assertThat(told).last().isEqualTo("item_2");
    }

    @ParameterizedTest
    @CsvSource({
            "item_delete_invalid_item_id,,,delete", "item_retrieve_invalid_item_id,,,retrieve",
            "item_truncate_invalid_item_id,,,truncate", "invalid_value,audio_end_ms,,truncate", "invalid_value,content_index,,truncate",
            ",,Only model output audio messages can be truncated,truncate",
            ",,Audio content of 300 ms is already shorter than 400 ms,truncate" })
    @DisplayName("CTX-3 code, parameter or words of an error say which edit it is about (wire reference 7.3)")
    void byKindOfEdit(String code, String param, String message, String edit) {
        expectAbout("conversation.item." + edit, edit);
        for (String other : List.of("delete", "retrieve", "truncate")) {
            if (!other.equals(edit)) {
                expectAbout("conversation.item." + other, other);
            }
        }
        refusals.take(null, code, param, message).test(null);
        assertThat(told).containsExactly(edit);
    }
}
