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

import java.util.List;

import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.HealthCheckRepository;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class FailedProducerStartTest {

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    @ParameterizedTest
    @ValueSource(strings = {
            "openai-realtime:support?operation=send-text&speed=9", "openai-realtime:scribe?operation=transcribe&speed=9",
            "openai-realtime:support?operation=end-turn&turnDetection=server_vad", "openai-realtime:shared?operation=send-text",
            "openai-realtime:taken?operation=transcribe&poolSize=2" })
    @DisplayName("§13.9 a producer that cannot start leaves nothing behind: no health check, no session, no claim to its name")
    void leavesNothing(String uri) throws Exception {
        camel.start(
                route -> route.from("direct:shared").to("openai-realtime:shared?operation=transcribe"),
                route -> route.from("direct:taken").to("openai-realtime:taken?operation=send-text&connectOn=manual"));
        List<String> before = checks();

        assertThatThrownBy(() -> camel.route(route -> route.from("direct:tested").routeId("tested").to(uri)))
                .isInstanceOf(Exception.class);

        assertThat(checks()).isEqualTo(before);
        assertThat(camel.session("support")).isNull();
    }

    private List<String> checks() {
        HealthCheckRepository checks = HealthCheckHelper.getHealthCheckRepository(
                camel.context(), "producers", HealthCheckRepository.class);
        checks.setEnabled(true);
        return checks.stream().map(HealthCheck::getId).toList();
    }
}
