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

/** Ids of conversation items. */
final class ItemIds {

    /** What the service accepts, in characters (trap T-27). */
    static final int MAX_LENGTH = 32;

    private ItemIds() {
    }

    /** @throws IllegalArgumentException if the service would refuse the id for its length */
    static void check(String itemId, Operation operation) {
        if (itemId.isBlank() || itemId.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    operation.value() + ": an item id has 1 to " + MAX_LENGTH + " characters, this one has " + itemId.length());
        }
    }
}
