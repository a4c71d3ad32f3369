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
package io.github.camelrealtime.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Reads the members of a server event that have a getter, and takes note of the first that is none of what the wire reference
 * says: such a member counts as absent, and the rest of the event holds. Null is as good as absent.
 */
final class HeadReader {

    /** The service's own have some 30 characters, and those that clients choose at most 512. */
    static final int LONGEST_ID = 512;

    private final ObjectNode json;
    private String flaw;

    HeadReader(ObjectNode json) {
        this.json = json;
    }

    /** What is odd, without quoting it; {@code null} if nothing is. */
    String flaw() {
        return flaw;
    }

    String id(String member) {
        return checkedId(member, text(json, member, member));
    }

    /** The member, or else this one within an object. */
    String id(String member, String outer, String inner) {
        String first = id(member);
        JsonNode object = json.get(outer);
        if (object == null || object.isNull()) {
            return first;
        }
        if (!object.isObject()) {
            note(outer + " is " + Json.kindOf(object) + ", not an object");
            return first;
        }
        String within = checkedId(outer + "." + inner, text(object, inner, outer + "." + inner));
        return first != null ? first : within;
    }

    private String checkedId(String name, String id) {
        if (id != null && id.length() > LONGEST_ID) {
            note(name + " has " + id.length() + " characters, more than " + LONGEST_ID);
            return null;
        }
        return id;
    }

    String text(String member) {
        return text(json, member, member);
    }

    private String text(JsonNode object, String member, String name) {
        JsonNode value = object.get(member);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isTextual()) {
            note(name + " is " + Json.kindOf(value) + ", not a string");
            return null;
        }
        return value.textValue();
    }

    Integer index(String member) {
        JsonNode value = json.get(member);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            note(member + " is " + (value.isNumber() ? "no number of a place" : Json.kindOf(value) + ", not a number"));
            return null;
        }
        return value.intValue();
    }

    /** Takes note if there is a member of this name that is no object. */
    void expectObject(String member) {
        JsonNode value = json.get(member);
        if (value != null && !value.isNull() && !value.isObject()) {
            note(member + " is " + Json.kindOf(value) + ", not an object");
        }
    }

    private void note(String what) {
        if (flaw == null) {
            flaw = what;
        }
    }
}
