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

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Everything that can be reached from an object of ours, by its fields and what lambdas hold: how many there are of each class,
 * and how large the collections are, by the field that holds them. For tests that want to know that nothing grows, whatever
 * classes come later. To be taken while nobody works on it.
 */
public final class Footprint {

    private static final String OURS = "io.github.camelrealtime";

    private record Reached(Object object, String path) {
    }

    private final Map<String, Integer> counts = new TreeMap<>();
    /** The largest of each field. */
    private final Map<String, Integer> sizes = new TreeMap<>();
    private final Map<String, List<String>> paths = new TreeMap<>();
    private long audioBytes;
    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Deque<Reached> next = new ArrayDeque<>();

    private Footprint() {
    }

    /** @param leftOut what is not gone into, such as a clock that others use as well */
    public static Footprint of(Object root, Object... leftOut) {
        Footprint footprint = new Footprint();
        footprint.seen.addAll(List.of(leftOut));
        footprint.reach(root, root.getClass().getSimpleName());
        for (Reached reached = footprint.next.poll(); reached != null; reached = footprint.next.poll()) {
            footprint.look(reached);
        }
        return footprint;
    }

    /** How many objects of a class there are, by its simple name. */
    public int count(String simpleName) {
        return counts.getOrDefault(simpleName, 0);
    }

    /** Of all our classes, by simple name. */
    public Map<String, Integer> counts() {
        return counts;
    }

    /** The largest collection, map or text that each field holds, as {@code Class.field}. */
    public Map<String, Integer> sizes() {
        return sizes;
    }

    /** Of all byte arrays, which are audio. */
    public long audioBytes() {
        return audioBytes;
    }

    /** How the objects of a class were reached, first ways only. */
    public List<String> paths(String simpleName) {
        return paths.getOrDefault(simpleName, List.of());
    }

    private void reach(Object object, String path) {
        if (object != null && !isLeaf(object) && seen.add(object)) {
            next.add(new Reached(object, path));
        }
    }

    private static boolean isLeaf(Object object) {
        return object instanceof String || object instanceof Number || object instanceof Boolean || object instanceof Enum
                || object instanceof Class || object instanceof Thread || object instanceof ClassLoader;
    }

    private void look(Reached reached) {
        Object object = reached.object();
        if (object instanceof Map<?, ?> map) {
            map.forEach((key, value) -> {
                reach(key, reached.path());
                reach(value, reached.path());
            });
        } else if (object instanceof Collection<?> collection) {
            collection.forEach(element -> reach(element, reached.path()));
        } else if (object instanceof AtomicReference<?> reference) {
            reach(reference.get(), reached.path());
        } else if (object instanceof byte[] audio) {
            audioBytes += audio.length;
        } else if (object.getClass().isArray()) {
            for (int i = 0; !object.getClass().getComponentType().isPrimitive() && i < Array.getLength(object); i++) {
                reach(Array.get(object, i), reached.path());
            }
        }
        if (object.getClass().getName().startsWith(OURS)) {
            String name = object.getClass().isHidden() ? "lambda" : object.getClass().getSimpleName();
            counts.merge(name, 1, Integer::sum);
            paths.computeIfAbsent(name, key -> new ArrayList<>()).add(reached.path());
            for (Class<?> type = object.getClass(); type.getName().startsWith(OURS); type = type.getSuperclass()) {
                for (Field field : type.getDeclaredFields()) {
                    if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
                        look(object, type, field, reached.path());
                    }
                }
            }
        }
    }

    private void look(Object holder, Class<?> type, Field field, String path) {
        String name = (type.isHidden() ? "lambda" : type.getSimpleName()) + "." + field.getName();
        Object value;
        try {
            field.setAccessible(true);
            value = field.get(holder);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(name, e);
        }
        int size = value instanceof Map<?, ?> map ? map.size() : value instanceof Collection<?> collection ? collection.size()
                : value instanceof CharSequence text ? text.length() : -1;
        if (size >= 0) {
            sizes.merge(name, size, Math::max);
        }
        reach(value, path + " > " + name);
    }
}
