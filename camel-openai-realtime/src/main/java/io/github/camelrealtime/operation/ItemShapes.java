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
package io.github.camelrealtime.operation;

import java.util.Locale;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What an item must look like that a client creates (wire reference §4.1), as far as that is certain; types and members nobody
 * knew when this was written are left to the service. Messages name members, never what is in them.
 */
public final class ItemShapes {

    private static final Set<String> DETAILS = Set.of("auto", "low", "high");

    private ItemShapes() {
    }

    /**
     * @param  who                      wants the item, for the message
     * @throws IllegalArgumentException if the service is known to refuse the item
     */
    public static void check(ObjectNode item, String who) {
        try {
            check(item);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(who + ": " + e.getMessage(), e);
        }
    }

    private static void check(ObjectNode item) {
        if (!item.path("type").isTextual()) {
            throw refused("member 'type' of the item is missing; message, function_call, function_call_output and "
                          + "mcp_approval_response can be created");
        }
        switch (item.get("type").textValue()) {
            case "message" -> message(item);
            case "function_call" -> {
                text(item, "name", "");
                if (item.path("arguments").isContainerNode()) {
                    throw refused("member 'arguments' must be a string: the JSON of the arguments as text");
                }
                text(item, "arguments", "");
            }
            case "function_call_output" -> {
                text(item, "call_id", "");
                if (item.path("output").isContainerNode()) {
                    throw refused("member 'output' must be a string; put JSON into it as text");
                }
                text(item, "output", "");
            }
            case "mcp_approval_response" -> {
                text(item, "approval_request_id", "");
                if (!item.path("approve").isBoolean()) {
                    throw refused("member 'approve' is no boolean");
                }
            }
            case "mcp_approval_request", "mcp_list_tools", "mcp_call" -> throw refused(
                    "items of type " + item.get("type").textValue() + " are made by the service only");
            case "item_reference" -> throw refused(
                    "an item_reference can only stand in the 'input' of a response; operation=create-response takes it");
            default -> {
                // the service may know more than we do
            }
        }
    }

    private static void message(ObjectNode item) {
        text(item, "role", "");
        String role = item.get("role").textValue();
        if (!Set.of("system", "user", "assistant").contains(role)) {
            throw refused("member 'role' is none of system, user, assistant");
        }
        if (!item.path("content").isArray() || item.path("content").isEmpty()) {
            throw refused("member 'content' must be a list of content parts, such as [{\"type\":\"" + textPart(role)
                          + "\",\"text\":…}]");
        }
        int index = 0;
        for (JsonNode part : item.path("content")) {
            part(part, role, "content[" + index + "].");
            index++;
        }
    }

    private static void part(JsonNode part, String role, String path) {
        text(part, "type", path);
        String type = part.get("type").textValue();
        boolean user = role.equals("user");
        if (type.equals(textPart(role))) {
            text(part, "text", path);
        } else if (user && type.equals("input_audio")) {
            if (!part.path("audio").isTextual() && !part.path("audio").isBinary()) {
                throw refused("member '" + path + "audio' is missing: base64 of audio in the session's input format");
            }
        } else if (user && type.equals("input_image")) {
            image(part, path);
        } else if (role.equals("assistant") && type.endsWith("audio")) {
            throw refused("'" + path + "type': audio of the assistant can only be made by the service; give what was said as "
                          + "output_text");
        } else {
            throw refused("'" + path + "type' does not go with role " + role + ", which has "
                          + (user ? "input_text, input_audio and input_image" : textPart(role)));
        }
    }

    private static String textPart(String role) {
        return role.equals("assistant") ? "output_text" : "input_text";
    }

    private static void image(JsonNode part, String path) {
        String url = part.path("image_url").asText("").toLowerCase(Locale.ROOT);
        if (!url.startsWith("data:image/png;base64,") && !url.startsWith("data:image/jpeg;base64,")) {
            throw refused("member '" + path + "image_url' must be a data URI of a PNG or JPEG "
                          + "(data:image/png;base64,…): the service fetches nothing; operation=append-image makes one of bytes");
        }
        if (part.has("detail") && !DETAILS.contains(part.get("detail").asText())) {
            throw refused("member '" + path + "detail' is none of auto, low, high");
        }
    }

    private static void text(JsonNode object, String member, String path) {
        if (!object.path(member).isTextual()) {
            throw refused("member '" + path + member + "' is missing or no string");
        }
    }

    private static IllegalArgumentException refused(String why) {
        return new IllegalArgumentException(why);
    }
}
