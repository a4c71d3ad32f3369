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
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The items of a {@link ConversationMirror} in the order of the conversation, found by their ids, those of earlier connections
 * included. Bounded in items, in text and in pictures: of text the oldest rounds go first, each whole, so that no answer stands
 * without its question and no output without its call; of pictures the oldest.
 *
 * <p>Not thread-safe: the lock of the mirror guards it.
 */
final class MirrorList {

    private final SessionConfig.History bounds;
    private final List<MirrorItem> items = new ArrayList<>();
    private final Map<String, MirrorItem> byId = new HashMap<>();
    private long characters;
    private long imageSize;
    private long droppedItems;
    private long droppedImages;

    MirrorList(SessionConfig.History bounds) {
        this.bounds = bounds;
    }

    List<MirrorItem> all() {
        return items;
    }

    MirrorItem find(String itemId) {
        return itemId == null ? null : byId.get(itemId);
    }

    /** Adds an item at the end. */
    void add(MirrorItem item) {
        items.add(item);
        byId.put(item.id, item);
    }

    /** Adds an item behind another. */
    void addAfter(MirrorItem item, MirrorItem previous) {
        items.add(items.indexOf(previous) + 1, item);
        byId.put(item.id, item);
    }

    void addFirst(MirrorItem item) {
        items.add(0, item);
        byId.put(item.id, item);
    }

    /** Moves an item behind another, unless it stands there. */
    void moveAfter(MirrorItem item, MirrorItem previous) {
        int place = items.indexOf(previous);
        if (item == previous || place + 1 < items.size() && items.get(place + 1) == item) {
            return;
        }
        items.remove(item);
        items.add(items.indexOf(previous) + 1, item);
    }

    void remove(MirrorItem item) {
        if (items.remove(item)) {
            forget(item);
        }
    }

    private void forget(MirrorItem item) {
        byId.remove(item.id);
        item.formerIds.forEach(byId::remove);
        characters -= item.characters();
        imageSize -= item.imageSize();
    }

    /** The item is known by another id on the next connection; by the old ones it is still found. */
    void rename(MirrorItem item, String newId) {
        if (!item.id.equals(newId)) {
            item.formerIds.add(item.id);
            item.id = newId;
            byId.put(newId, item);
        }
    }

    /** Changes an item, and then drops what is too much. */
    void change(MirrorItem item, Runnable change) {
        characters -= item.characters();
        imageSize -= item.imageSize();
        change.run();
        characters += item.characters();
        imageSize += item.imageSize();
        if (imageSize > bounds.maxImages()) {
            dropImages();
        }
        while (!items.isEmpty() && (items.size() > bounds.maxItems() || characters > bounds.maxText())) {
            dropRound();
        }
    }

    private void dropImages() {
        for (MirrorItem item : items) {
            if (imageSize <= bounds.maxImages()) {
                return;
            }
            imageSize -= item.imageSize();
            droppedImages += item.images();
            item.dropImages();
        }
    }

    /** A round begins with what the user says. */
    private void dropRound() {
        int end = 1;
        while (end < items.size() && !items.get(end).isOfUser()) {
            end++;
        }
        List<MirrorItem> round = items.subList(0, end);
        round.forEach(this::forget);
        droppedItems += end;
        round.clear();
    }

    /** It is not to be had again, so nobody is to believe that it is part of the conversation. */
    void drop(MirrorItem item) {
        remove(item);
        droppedItems++;
    }

    void clear() {
        items.clear();
        byId.clear();
        characters = 0;
        imageSize = 0;
        droppedItems = 0;
        droppedImages = 0;
    }

    /** Characters of text. */
    long characters() {
        return characters;
    }

    long droppedItems() {
        return droppedItems;
    }

    long droppedImages() {
        return droppedImages;
    }
}
