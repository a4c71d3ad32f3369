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
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.camelrealtime.event.ClientEvent;

/**
 * What a connection still has to be told that was told of the conversation while it went on elsewhere: what has come since, and
 * what has turned out otherwise or was removed.
 *
 * @param plan  of the conversation as it is now; steps that the connection knows are those by which it was told
 * @param gone  ids of items that it knows and that are not so any more
 * @param added what it has to be told, in the order of the conversation
 */
record ReplayDelta(ReplayPlan plan, List<String> gone, List<Added> added) {

    private static final String ROOT = "root";

    /**
     * An item to be created.
     *
     * @param previous id of the item before it, {@code null} if it is behind all that the connection knows
     */
    record Added(ReplayPlan.Step step, String previous) {
    }

    /** One item may be told in two steps. */
    private record Key(MirrorItem item, String type) {

        static Key of(ReplayPlan.Step step) {
            return new Key(step.item(), step.json().path("type").textValue());
        }
    }

    /**
     * @param now     the conversation as it is
     * @param taken   what the connection has taken of it
     * @param refused what it did not take, and is not told again unless it has changed
     */
    static ReplayDelta of(ReplayPlan now, Collection<ReplayPlan.Step> taken, Collection<ReplayPlan.Step> refused) {
        Map<Key, ReplayPlan.Step> told = new HashMap<>();
        refused.forEach(step -> told.put(Key.of(step), step));
        taken.forEach(step -> told.put(Key.of(step), step));
        Set<ReplayPlan.Step> standing = new HashSet<>(taken);
        List<ReplayPlan.Step> steps = new ArrayList<>();
        Map<String, ReplayPlan.Step> pending = new HashMap<>();
        Set<ReplayPlan.Step> fresh = new HashSet<>();
        int behind = 0;
        for (ReplayPlan.Step step : now.steps()) {
            ReplayPlan.Step before = told.get(Key.of(step));
            boolean same = before != null && before.told() == step.told();
            ReplayPlan.Step present = same ? before : before == null ? step : renamed(step);
            steps.add(present);
            if (!same) {
                fresh.add(present);
            } else if (standing.contains(present)) {
                behind = steps.size();
            }
            if (now.pending().get(step.callId()) == step) {
                pending.put(step.callId(), present);
            }
        }
        List<Added> added = new ArrayList<>();
        String previous = ROOT;
        for (int i = 0; i < steps.size(); i++) {
            ReplayPlan.Step step = steps.get(i);
            boolean isFresh = fresh.contains(step);
            if (isFresh) {
                added.add(new Added(step, i < behind ? previous : null));
            }
            previous = isFresh || standing.contains(step) ? step.id() : previous;
        }
        standing.removeAll(new HashSet<>(steps));
        List<String> gone = taken.stream().filter(standing::contains).map(ReplayPlan.Step::id).toList();
        return new ReplayDelta(
                new ReplayPlan(steps, pending, now.wanting(), now.begun(), now.shorter()), gone, added);
    }

    /** The id belongs to what is removed. */
    private static ReplayPlan.Step renamed(ReplayPlan.Step step) {
        String id = ClientEvent.nextItemId();
        return new ReplayPlan.Step(step.item(), id, step.json().put("id", id), step.told());
    }
}
