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
package io.github.camelrealtime;

import java.util.Locale;

/** What an endpoint is about: the first part of its URI. */
public enum Kind {
    /** Events of a session, operations on it. The default. */
    SESSION,
    /** A route as a function tool. */
    TOOL,
    /** Creating and controlling calls. */
    CALL,
    /** Minting client secrets. */
    TOKEN,
    /** Signed webhooks. */
    WEBHOOK;

    /** The kind of this name, {@code null} if there is none. */
    static Kind find(String name) {
        for (Kind kind : values()) {
            if (kind.uriName().equals(name)) {
                return kind;
            }
        }
        return null;
    }

    String uriName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
