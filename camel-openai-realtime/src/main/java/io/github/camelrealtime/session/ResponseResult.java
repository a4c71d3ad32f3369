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
import java.util.Objects;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelrealtime.event.ServerEvent;

/**
 * A completed response ({@code response.done}, wire reference §5.3).
 */
public final class ResponseResult {

    private final ServerEvent done;

    ResponseResult(ServerEvent done) {
        this.done = done;
    }

    public String responseId() {
        return done.getResponseId();
    }

    /** {@code completed}, {@code cancelled}, {@code failed} or {@code incomplete}; {@code null} if the service left it out. */
    public String status() {
        return text(response().path("status"));
    }

    /** Why it ended as it did, {@code null} if nothing is said. The service says it in an object or in a plain string. */
    public String reason() {
        JsonNode details = response().path("status_details");
        return text(details.isTextual() ? details : details.path("reason"));
    }

    /** Error code of a failed response, {@code null} if there is none. */
    public String errorCode() {
        return text(error().path("code"));
    }

    /** Type of the error of a failed response, such as {@code server_error}; {@code null} if there is none. */
    String errorType() {
        return text(error().path("type"));
    }

    private JsonNode error() {
        return response().path("status_details").path("error");
    }

    /** Whether there is nothing in it that somebody may have heard, or done. */
    boolean isEmpty() {
        return response().path("output").isEmpty();
    }

    public ServerEvent event() {
        return done;
    }

    /** What was said or written; see {@link AnswerText#ofResponse}. */
    public String text() {
        return AnswerText.ofResponse(response());
    }

    /** The ids of the messages that {@link #text()} is made of, in order. */
    List<String> answerItemIds() {
        return AnswerText.messages(response()).stream().map(item -> text(item.path("id"))).filter(Objects::nonNull).toList();
    }

    /** Whether the service says that it answered in text and not in audio. */
    public boolean isWritten() {
        JsonNode modalities = response().path("output_modalities");
        return modalities.size() == 1 && "text".equals(modalities.get(0).asText());
    }

    /** Id of the last item of the output, {@code null} if there is none. */
    public String itemId() {
        JsonNode output = response().path("output");
        return output.isEmpty() ? null : text(output.get(output.size() - 1).path("id"));
    }

    /** The {@code usage} object, missing or null if the service sent none. */
    public JsonNode usage() {
        return response().path("usage");
    }

    private JsonNode response() {
        return done.getJson().path("response");
    }

    private static String text(JsonNode node) {
        return node.isTextual() ? node.textValue() : null;
    }
}
