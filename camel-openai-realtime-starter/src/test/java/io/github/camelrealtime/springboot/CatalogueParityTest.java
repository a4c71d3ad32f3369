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
package io.github.camelrealtime.springboot;

import java.beans.Introspector;
import java.beans.PropertyDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.springframework.core.convert.converter.GenericConverter;

import static org.assertj.core.api.Assertions.assertThat;

/** Holds the properties of the starter against the component's catalogue: an option added there and not here fails. */
class CatalogueParityTest {

    private static final String CATALOGUE = "/META-INF/io/github/camelrealtime/openai-realtime.json";
    private static final String METADATA = "META-INF/spring-configuration-metadata.json";
    private static final String PREFIX = "camel.component.openai-realtime.";
    /** Those of every starter. */
    private static final Set<String> NOT_OF_THE_COMPONENT = Set.of("class", "enabled", "customizer");
    private static final Map<String, String> BOXED = Map.of(
            "boolean", "java.lang.Boolean", "int", "java.lang.Integer", "long", "java.lang.Long", "double", "java.lang.Double");

    private static final Map<String, JsonNode> OPTIONS = new TreeMap<>();
    private static final Map<String, PropertyDescriptor> PROPERTIES = new TreeMap<>();
    private static final Map<String, JsonNode> PROPERTIES_METADATA = new TreeMap<>();
    private static final Map<String, JsonNode> HINTS = new TreeMap<>();

    @BeforeAll
    static void read() throws Exception {
        JsonNode catalogue = json(CatalogueParityTest.class.getResource(CATALOGUE));
        catalogue.get("componentProperties").properties().forEach(e -> OPTIONS.put(e.getKey(), e.getValue()));
        for (PropertyDescriptor property : Introspector.getBeanInfo(OpenAIRealtimeComponentConfiguration.class)
                .getPropertyDescriptors()) {
            if (!NOT_OF_THE_COMPONENT.contains(property.getName())) {
                PROPERTIES.put(property.getName(), property);
            }
        }
        for (URL url : Collections.list(CatalogueParityTest.class.getClassLoader().getResources(METADATA))) {
            JsonNode metadata = json(url);
            metadata.path("properties").forEach(property -> putIfOurs(PROPERTIES_METADATA, property));
            metadata.path("hints").forEach(hint -> putIfOurs(HINTS, hint));
        }
    }

    @Test
    @DisplayName("Every option of the component is a property, and nothing else is")
    void names() {
        assertThat(OPTIONS).hasSizeGreaterThan(50);
        assertThat(PROPERTIES.keySet()).isEqualTo(OPTIONS.keySet());
        assertThat(PROPERTIES.values()).allSatisfy(property -> {
            assertThat(property.getReadMethod()).as("getter of %s", property.getName()).isNotNull();
            assertThat(property.getWriteMethod()).as("setter of %s", property.getName()).isNotNull();
        });
    }

    @Test
    @DisplayName("Types are those of the component, boxed, with durations as such")
    void types() {
        OPTIONS.forEach((name, option) -> assertThat(PROPERTIES.get(name).getReadMethod().getGenericReturnType().getTypeName())
                .as(name).isEqualTo(expectedType(name, option)));
    }

    @Test
    @DisplayName("Every option whose value is an object can be given as a reference to a bean")
    void beans() {
        Set<Class<?>> referable = new OpenAIRealtimeComponentConverter(null).getConvertibleTypes().stream()
                .map(GenericConverter.ConvertiblePair::getTargetType).collect(Collectors.toSet());

        OPTIONS.forEach((name, option) -> {
            boolean map = option.get("javaType").asText().startsWith("java.util.Map");
            // what may be a text as well is passed on as it is: Camel looks the reference up
            boolean text = option.get("javaType").asText().equals("java.lang.Object");
            if (option.get("type").asText().equals("object") && !map && !text) {
                assertThat(referable).as(name).contains(PROPERTIES.get(name).getPropertyType());
            }
        });
    }

    @Test
    @DisplayName("What is not set is null, so that it is not said to the component")
    void notSet() throws Exception {
        OpenAIRealtimeComponentConfiguration nothingSet = new OpenAIRealtimeComponentConfiguration();

        for (PropertyDescriptor property : PROPERTIES.values()) {
            assertThat(property.getReadMethod().invoke(nothingSet)).as(property.getName()).isNull();
        }
    }

    @Test
    @DisplayName("The metadata has every property with type, default and description, as the catalogue has them")
    void metadata() {
        assertThat(PROPERTIES_METADATA).hasSize(OPTIONS.size() + 2);
        OPTIONS.forEach((name, option) -> {
            JsonNode property = PROPERTIES_METADATA.get(PREFIX + kebab(name));
            assertThat(property).as(name).isNotNull();
            assertThat(property.path("type").asText()).as("type of %s", name)
                    .isEqualTo(expectedType(name, option).replace(", ", ","));
            assertThat(property.path("description").asText()).as("description of %s", name)
                    .isEqualTo(option.get("description").asText());
            assertThat(property.path("defaultValue")).as("default of %s", name).isEqualTo(option.path("defaultValue"));
        });
    }

    @Test
    @DisplayName("The switches that every starter has are described too")
    void switches() {
        for (String name : List.of("enabled", "customizer.enabled")) {
            JsonNode property = PROPERTIES_METADATA.get(PREFIX + name);
            assertThat(property).as(name).isNotNull();
            assertThat(property.path("defaultValue").asBoolean()).as(name).isTrue();
            assertThat(property.path("description").asText()).as(name).isNotBlank();
        }
    }

    @Test
    @DisplayName("Texts with a closed set of values have them as hints")
    void hints() {
        Set<String> expected = new TreeSet<>();
        OPTIONS.forEach((name, option) -> {
            if (option.has("enum") && "java.lang.String".equals(option.get("javaType").asText())) {
                expected.add(PREFIX + kebab(name));
                List<String> values = new ArrayList<>();
                HINTS.get(PREFIX + kebab(name)).get("values").forEach(value -> values.add(value.get("value").asText()));
                List<String> allowed = new ArrayList<>();
                option.get("enum").forEach(value -> allowed.add(value.asText()));
                assertThat(values).as(name).isEqualTo(allowed);
            }
        });
        assertThat(HINTS.keySet()).isEqualTo(expected);
    }

    private static String expectedType(String name, JsonNode option) {
        if ("sessions".equals(name)) {
            // as Boot binds sessions.<name>.<option>
            return "java.util.Map<java.lang.String, java.util.Map<java.lang.String, java.lang.Object>>";
        }
        if ("duration".equals(option.get("type").asText())) {
            return "java.time.Duration";
        }
        String type = option.get("javaType").asText();
        return BOXED.getOrDefault(type, type);
    }

    private static String kebab(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase();
    }

    private static void putIfOurs(Map<String, JsonNode> all, JsonNode item) {
        if (item.get("name").asText().startsWith(PREFIX)) {
            all.put(item.get("name").asText(), item);
        }
    }

    private static JsonNode json(URL url) throws IOException {
        try (InputStream in = url.openStream()) {
            return new ObjectMapper().readTree(in);
        }
    }
}
