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

import io.github.camelrealtime.simulator.Scenario;
import io.github.camelrealtime.simulator.SyntheticSpeech;
import org.apache.camel.Exchange;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.WritableHealthCheckRepository;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

class PoolHealthTest {

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    @Test
    @DisplayName("a pool whose members cannot be opened is DOWN with the reason, and UP again when they can")
    void poolHealth() throws Exception {
        camel.component().setHealthCheckProducerEnabled(true);
        checks().setEnabled(true);
        camel.start(route -> route.from("direct:audio").routeId("scribes")
                .to("openai-realtime:scribe?operation=transcribe&poolSize=2"));
        assertThat(state()).isEqualTo(HealthCheck.State.UP);

        camel.scenario(Scenario.builder().rejectHandshake(401, "{\"error\":{\"message\":\"no\"}}", 1, null).build());
        Exchange refused = RealtimeCamel.done(camel.ask("direct:audio", SyntheticSpeech.pcm(500)));
        assertThat(refused.getException()).isNotNull();
        assertThat(state()).isEqualTo(HealthCheck.State.DOWN);
        assertThat(check().call().getMessage().orElseThrow()).contains("401").doesNotContain(RealtimeCamel.API_KEY);

        Exchange transcribed = RealtimeCamel.done(camel.ask("direct:audio", SyntheticSpeech.pcm(500)));
        assertThat(transcribed.getException()).isNull();
        assertThat(state()).isEqualTo(HealthCheck.State.UP);
    }

    private HealthCheck.State state() {
        return check().call().getState();
    }

    private HealthCheck check() {
        return checks().getCheck("producer:openai-realtime-scribes").orElseThrow();
    }

    private WritableHealthCheckRepository checks() {
        return HealthCheckHelper.getHealthCheckRepository(camel.context(), "producers", WritableHealthCheckRepository.class);
    }
}
