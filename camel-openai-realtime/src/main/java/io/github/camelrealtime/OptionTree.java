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

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A map into which Camel's property binding can descend: asking for what is not there grows a branch. So
 * {@code sessions[support].model} and (by {@link OptionTreeConfigurer}) {@code sessions.support.model} find a place to put
 * the model; with an ordinary map Camel knows neither.
 */
final class OptionTree extends LinkedHashMap<String, Object> {

    private static final long serialVersionUID = 1L;

    OptionTree() {
    }

    OptionTree(Map<String, Object> options) {
        super(options);
    }

    /** The leaves, each by its path with dots. */
    static Map<String, Object> flat(Map<?, ?> tree) {
        Map<String, Object> leaves = new LinkedHashMap<>();
        tree.forEach((key, value) -> {
            if (value instanceof Map<?, ?> branch) {
                flat(branch).forEach((path, leaf) -> leaves.put(key + "." + path, leaf));
            } else {
                leaves.put(String.valueOf(key), value);
            }
        });
        return leaves;
    }

    @Override
    public Object get(Object key) {
        return computeIfAbsent(String.valueOf(key), name -> new OptionTree());
    }

    /** Without the values: one of them may be an API key. */
    @Override
    public String toString() {
        return keySet().toString();
    }
}
