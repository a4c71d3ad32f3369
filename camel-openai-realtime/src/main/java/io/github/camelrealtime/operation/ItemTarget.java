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

/**
 * What the override headers of an exchange say about items; each wins over what the body says. Members are {@code null}
 * where there is no header.
 *
 * @param itemId         the item that an operation is about, or the id for a new one
 * @param previousItemId the item behind which a new one is put; {@code root} = first
 * @param contentIndex   position of the part in the item, from 0
 * @param audioEndMs     how much of the item's audio stays, in ms
 * @param imageText      text that goes with an image
 */
public record ItemTarget(String itemId, String previousItemId, Integer contentIndex, Long audioEndMs, String imageText) {

    public static final ItemTarget NONE = new ItemTarget(null, null, null, null, null);
}
