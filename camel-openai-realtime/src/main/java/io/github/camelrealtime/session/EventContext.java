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

/**
 * What the session knows of the item or response that an event belongs to, mostly from earlier events. Each part is
 * {@code null} if unknown.
 *
 * @param role           {@code user}, {@code assistant} or {@code system}
 * @param itemType       {@code message}, {@code function_call}, {@code mcp_call} …
 * @param phase          {@code commentary} or {@code final_answer}, on models that say so (trap T-13)
 * @param toolName       name of the function or MCP tool that is called
 * @param previousItemId the item before this one; the first that was told counts (trap T-11)
 * @param turn           the turn it belongs to
 * @param idleTimeout    whether it is an item of silence that the service committed because nobody spoke
 * @param settledMillis  of the user's finals, up to where in the stream all finals have been given out, in ms; else {@code null}
 */
public record EventContext(String role, String itemType, String phase, String toolName, String previousItemId, Turn turn,
        boolean idleTimeout, Long settledMillis) {

    /** Of something that is no item. */
    static EventContext of(Turn turn) {
        return new EventContext(null, null, null, null, null, turn, false, null);
    }

    EventContext settledTo(Long streamMillis) {
        return new EventContext(role, itemType, phase, toolName, previousItemId, turn, idleTimeout, streamMillis);
    }
}
