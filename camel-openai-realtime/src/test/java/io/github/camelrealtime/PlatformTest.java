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

import com.fasterxml.jackson.databind.cfg.PackageVersion;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.main.Main;
import org.apache.camel.support.DefaultComponent;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The line that a profile promises is the one its tests run on. */
class PlatformTest {

    @Test
    @Tag("camel-4.18-only")
    @DisplayName("By default the component is tested on Camel 4.18 and Jackson 2.19")
    void longTermSupport() {
        assertLines("4.18.", "2.19.");
    }

    @Test
    @Tag("camel-4.22-only")
    @DisplayName("With the profile camel-4.22 the component is tested on Camel 4.22 and Jackson 2.22")
    void newest() {
        assertLines("4.22.", "2.22.");
    }

    private static void assertLines(String camel, String jackson) {
        assertThat(new DefaultCamelContext().getVersion()).startsWith(camel);
        assertThat(version(CamelContext.class)).startsWith(camel);
        assertThat(version(DefaultComponent.class)).startsWith(camel);
        assertThat(version(Main.class)).startsWith(camel);
        assertThat(PackageVersion.VERSION.toString()).startsWith(jackson);
    }

    /** As the manifest of its jar says. */
    private static String version(Class<?> type) {
        return type.getPackage().getImplementationVersion();
    }
}
