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

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What is known of one item of the conversation: its words, never its audio. Filled in as events tell more of it. Not
 * thread-safe: the lock of the {@link ConversationMirror} guards it.
 */
final class MirrorItem {

    static final String MESSAGE = "message";
    static final String CALL = "function_call";
    static final String OUTPUT = "function_call_output";
    static final String MCP_CALL = "mcp_call";
    static final String USER = "user";
    static final String ASSISTANT = "assistant";
    /** More parts than any item has. */
    private static final int MAX_PARTS = 64;

    private enum Kind {
        TEXT,
        AUDIO,
        IMAGE,
        UNKNOWN
    }

    private static final class Part {

        private Kind kind = Kind.UNKNOWN;
        private final StringBuilder text = new StringBuilder();
        /** Whether it is cut to what was heard: what the service says of it from now on is not so. */
        private boolean cut;
        private ObjectNode image;
        private long imageSize;

        private void learn(JsonNode told) {
            String type = told.path("type").asText();
            if (type.endsWith("audio")) {
                kind = Kind.AUDIO;
                is(told.path("transcript"));
            } else if (type.endsWith("text")) {
                kind = Kind.TEXT;
                is(told.path("text"));
            } else if (type.equals("input_image") && image == null && told.path("image_url").isTextual()) {
                kind = Kind.IMAGE;
                image = told.deepCopy();
                imageSize = told.path("image_url").textValue().length();
            }
        }

        private void is(JsonNode words) {
            if (words.isTextual()) {
                is(words.textValue());
            }
        }

        private void is(String words) {
            if (!cut && words != null) {
                text.setLength(0);
                text.append(words);
            }
        }
    }

    final String type;
    private final List<Part> parts = new ArrayList<>();
    /** Other names that it had on earlier connections. */
    final List<String> formerIds = new ArrayList<>(1);
    /** Its name on the present connection. */
    String id;
    /** Whether we have chosen its name, so that it can keep it on another connection. */
    boolean named;
    /** Number of the connection that knows it by this name. */
    int epoch;
    /** Whether the service has it as text, whatever it was when it was said. */
    boolean restored;
    /** Id of the event that made it, as long as the service has neither confirmed nor refused it. */
    String creation;
    /** Id of the event that is to remove it, as long as the service has not refused that. */
    String removal;
    /** The id under which it is being removed because it takes its own place, told anew (see {@link MirrorCorrections}). */
    String replaced;
    /** What the service was told of it, as a hash. */
    int told;
    /** Where it stands is known. */
    boolean placed;
    /** Whether it says, for a tool of which nobody knows, that nobody knows. */
    boolean unknownOutcome;
    private String role;
    private String status;
    private String name;
    private String callId;
    private String arguments;
    private String output;
    private boolean done;

    MirrorItem(String id, String type) {
        this.id = id;
        this.type = type;
    }

    /** Takes in what an item object says, be it ours or the service's. */
    void learn(JsonNode item) {
        role = first(role, item.path("role"));
        name = first(name, item.path("name"));
        callId = first(callId, item.path("call_id"));
        status = last(status, item.path("status"));
        arguments = last(arguments, item.path("arguments"));
        output = last(output, item.path("output"));
        if (output == null && item.path("error").isObject()) {
            output = item.path("error").toString();
        }
        JsonNode content = item.path("content");
        for (int i = 0; i < content.size(); i++) {
            Part part = part(i);
            if (part != null) {
                part.learn(content.path(i));
            }
        }
    }

    private static String first(String known, JsonNode told) {
        return known == null && told.isTextual() ? told.textValue() : known;
    }

    private static String last(String known, JsonNode told) {
        return told.isTextual() ? told.textValue() : known;
    }

    /** Nothing more of it comes. */
    void done() {
        done = true;
    }

    void arguments(String all) {
        if (all != null) {
            arguments = all;
        }
    }

    /** A piece of what is being said. */
    void says(Integer contentIndex, boolean spoken, String piece) {
        Part part = said(contentIndex, spoken);
        if (part != null && !part.cut && piece != null) {
            part.text.append(piece);
        }
    }

    /** All of what was said. */
    void said(Integer contentIndex, boolean spoken, String whole) {
        Part part = said(contentIndex, spoken);
        if (part != null) {
            part.is(whole);
        }
    }

    private Part said(Integer contentIndex, boolean spoken) {
        Part part = part(contentIndex == null ? 0 : contentIndex);
        if (part != null) {
            part.kind = spoken ? Kind.AUDIO : Kind.TEXT;
        }
        return part;
    }

    /** What is left of a part: the rest of it was heard by nobody. */
    void cut(int contentIndex, String heard) {
        Part part = part(contentIndex);
        if (part != null && !part.cut) {
            part.is(heard);
            part.cut = true;
        }
    }

    /** Everything that was said in this part, so far. */
    String text(int contentIndex) {
        return contentIndex < parts.size() ? parts.get(contentIndex).text.toString() : "";
    }

    private Part part(int index) {
        if (index < 0 || index >= MAX_PARTS) {
            return null;
        }
        while (parts.size() <= index) {
            parts.add(new Part());
        }
        return parts.get(index);
    }

    // ---- what it is

    String role() {
        return role;
    }

    boolean isOfUser() {
        return MESSAGE.equals(type) && USER.equals(role);
    }

    String callId() {
        return callId;
    }

    boolean isDone() {
        return done;
    }

    /** A call that the model has made to its end, so that it wants an output. */
    boolean isCompleteCall() {
        return CALL.equals(type) && done && callId != null && name != null && arguments != null
                && !"incomplete".equals(status) && !"in_progress".equals(status);
    }

    boolean isOutput() {
        return OUTPUT.equals(type) && callId != null && output != null;
    }

    /** A call that the service has made itself, with what came of it. */
    boolean isMcpRound() {
        return MCP_CALL.equals(type) && done && name != null && output != null;
    }

    /** Whether something was said or shown in it of which nothing is known that could be repeated. */
    boolean isUnspeakable() {
        return MESSAGE.equals(type) && parts.stream().anyMatch(part -> part.kind == Kind.AUDIO) && isEmpty();
    }

    private boolean isEmpty() {
        return parts.stream().allMatch(part -> part.image == null && part.text.toString().isBlank());
    }

    // ---- its size

    /** Characters of text. */
    long characters() {
        long sum = length(arguments) + length(output);
        for (Part part : parts) {
            sum += part.text.length();
        }
        return sum;
    }

    /** Characters of data URIs. */
    long imageSize() {
        long sum = 0;
        for (Part part : parts) {
            sum += part.imageSize;
        }
        return sum;
    }

    int images() {
        return (int) parts.stream().filter(part -> part.image != null).count();
    }

    /** Forgets its pictures. */
    void dropImages() {
        parts.forEach(part -> {
            part.image = null;
            part.imageSize = 0;
        });
    }

    private static long length(String text) {
        return text == null ? 0 : text.length();
    }

    // ---- what becomes of it

    /** Its words, one part after the other. */
    String words() {
        if (!MESSAGE.equals(type)) {
            return OUTPUT.equals(type) || output != null ? output : arguments;
        }
        StringBuilder words = new StringBuilder();
        for (Part part : parts) {
            if (!part.text.isEmpty()) {
                words.append(words.isEmpty() ? "" : "\n").append(part.text);
            }
        }
        return words.toString();
    }

    String toolName() {
        return name;
    }

    /** A message as a client may create it, {@code null} if there is nothing in it: text and pictures, never audio. */
    ObjectNode message(String newId) {
        if (isEmpty() || role == null) {
            return null;
        }
        ObjectNode item = item(newId, MESSAGE).put("role", role);
        ArrayNode content = item.putArray("content");
        String textPart = ASSISTANT.equals(role) ? "output_text" : "input_text";
        for (Part part : parts) {
            if (part.image != null && USER.equals(role)) {
                content.add(part.image.deepCopy());
            } else if (!part.text.toString().isBlank()) {
                content.addObject().put("type", textPart).put("text", part.text.toString());
            }
        }
        return content.isEmpty() ? null : item;
    }

    /** The call of a tool, the service's own ones too. */
    ObjectNode call(String newId, String newCallId) {
        return item(newId, CALL).put("call_id", newCallId).put("name", name)
                .put("arguments", arguments == null ? "{}" : arguments);
    }

    ObjectNode output(String newId, String newCallId) {
        return output(newId, newCallId, output);
    }

    static ObjectNode output(String newId, String callId, String output) {
        return item(newId, OUTPUT).put("call_id", callId).put("output", output);
    }

    private static ObjectNode item(String newId, String type) {
        return JsonNodeFactory.instance.objectNode().put("id", newId).put("type", type);
    }

    /** Ids and kinds, never content. */
    @Override
    public String toString() {
        return "MirrorItem[" + id + ", " + type + (role == null ? "" : ", " + role) + "]";
    }
}
