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
package io.github.camelrealtime.springboot.application;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

import io.github.camelrealtime.OpenAIRealtimeConfiguration;
import io.github.camelrealtime.net.RealtimeCredentials;
import io.github.camelrealtime.session.Timers;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Beans that properties may name; only in the applications that ask for them. */
@Configuration(proxyBeanMethods = false)
public class SharedBeans {

    @Bean(destroyMethod = "shutdownNow")
    ScheduledExecutorService timerThread() {
        return Executors.newSingleThreadScheduledExecutor();
    }

    @Bean
    Timers ownTimers(ScheduledExecutorService timerThread) {
        return Timers.system(timerThread);
    }

    @Bean
    RealtimeCredentials entra() {
        return address -> "sk-known-to-nobody";
    }

    @Bean
    SSLContextParameters officeTls() {
        return new SSLContextParameters();
    }

    @Bean
    OpenAIRealtimeConfiguration house() {
        OpenAIRealtimeConfiguration house = new OpenAIRealtimeConfiguration();
        house.setVoice("cedar");
        house.setQueueSize(17);
        return house;
    }
}
