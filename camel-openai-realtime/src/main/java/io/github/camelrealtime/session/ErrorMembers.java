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

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelrealtime.event.ServerEvent;

/**
 * What an {@code error} event of the service says (wire reference §7.1). Any member may be {@code null}.
 *
 * @param type    such as {@code invalid_request_error}
 * @param code    such as {@code invalid_value}
 * @param message in words
 * @param param   the member at fault
 * @param eventId of the client event at fault
 */
record ErrorMembers(String type, String code, String message, String param, String eventId) {

    static ErrorMembers of(ServerEvent event) {
        JsonNode error = event.getJson().path("error");
        return new ErrorMembers(
                error.path("type").asText(null), error.path("code").asText(null), error.path("message").asText(null),
                error.path("param").asText(null), error.path("event_id").asText(null));
    }

    /** The same for whoever asked. */
    RequestRefusedException refusal(String sessionName) {
        return new RequestRefusedException(sessionName, type, code, message, param, eventId);
    }
}
