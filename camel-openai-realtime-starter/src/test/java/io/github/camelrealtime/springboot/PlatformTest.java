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

import org.apache.camel.CamelContext;
import org.apache.camel.component.direct.DirectComponent;
import org.apache.camel.spring.boot.CamelAutoConfiguration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.autoconfigure.SpringBootApplication;

import static org.assertj.core.api.Assertions.assertThat;

/** The line that a profile promises is the one its tests run on. */
class PlatformTest {

    @Test
    @Tag("camel-4.18-only")
    @DisplayName("By default the starter is tested on Camel 4.18 and Spring Boot 3.5")
    void longTermSupport() {
        assertLines("4.18.", "3.5.");
    }

    @Test
    @Tag("camel-4.22-only")
    @DisplayName("With the profile camel-4.22 the starter is tested on Camel 4.22 and Spring Boot 4.1")
    void newest() {
        assertLines("4.22.", "4.1.");
    }

    private static void assertLines(String camel, String boot) {
        assertThat(version(CamelContext.class)).startsWith(camel);
        assertThat(version(DirectComponent.class)).startsWith(camel);
        assertThat(version(CamelAutoConfiguration.class)).startsWith(camel);
        assertThat(SpringBootVersion.getVersion()).startsWith(boot);
        assertThat(version(SpringBootApplication.class)).startsWith(boot);
    }

    /** As the manifest of its jar says. */
    private static String version(Class<?> type) {
        return type.getPackage().getImplementationVersion();
    }
}
