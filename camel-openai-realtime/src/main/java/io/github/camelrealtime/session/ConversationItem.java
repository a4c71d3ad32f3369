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

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One item of the conversation of a session, as it is remembered here: the words of both sides, independently of what the
 * service has dropped to fit its context window. Its text form holds no content.
 *
 * @param itemId     its id on the present connection
 * @param type       {@code message}, {@code function_call}, {@code function_call_output} or another type of the service
 * @param role       of a message: {@code system}, {@code user} or {@code assistant}; else {@code null}
 * @param toolCallId of a call and its output, else {@code null}
 * @param toolName   of a call, else {@code null}
 * @param text       the words of a message (of audio its transcript, cut to what was heard), the arguments of a call, an output;
 *                   empty as long as they are not known
 * @param images     pictures that are kept of it
 * @param complete   whether no more of it comes
 * @param restored   whether the service has it from us, as text, since the connection was replaced
 */
public record ConversationItem(
        String itemId, String type, String role, String toolCallId, String toolName, String text, int images, boolean complete,
        boolean restored) {

    static ConversationItem of(MirrorItem item) {
        String words = item.words();
        return new ConversationItem(
                item.id, item.type, item.role(), item.callId(), item.toolName(), words == null ? "" : words, item.images(),
                item.isDone(), item.restored);
    }

    /** With the names of the wire; without members that have no value. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("id", itemId);
        map.put("type", type);
        put(map, "role", role);
        put(map, "call_id", toolCallId);
        put(map, "name", toolName);
        map.put("text", text);
        map.put("images", images);
        map.put("complete", complete);
        map.put("restored", restored);
        return map;
    }

    private static void put(Map<String, Object> map, String name, String value) {
        if (value != null) {
            map.put(name, value);
        }
    }

    /** Id, kind and size, never content. */
    @Override
    public String toString() {
        return "ConversationItem[" + itemId + ", " + type + (role == null ? "" : ", " + role) + ", " + text.length()
               + " characters" + (images == 0 ? "" : ", " + images + " images") + (complete ? "" : ", unfinished")
               + (restored ? ", restored" : "") + "]";
    }
}
