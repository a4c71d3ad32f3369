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

import io.github.camelrealtime.OpenAIRealtimeComponent;
import org.apache.camel.Component;
import org.apache.camel.spi.ComponentCustomizer;
import org.apache.camel.spring.boot.CamelAutoConfiguration;
import org.apache.camel.spring.boot.ComponentConfigurationProperties;
import org.apache.camel.spring.boot.util.CamelPropertiesHelper;
import org.apache.camel.spring.boot.util.ConditionalOnCamelContextAndAutoConfigurationBeans;
import org.apache.camel.spring.boot.util.ConditionalOnHierarchicalProperties;
import org.apache.camel.spring.boot.util.HierarchicalPropertiesEvaluator;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Lazy;

/**
 * Gives the properties {@code camel.component.openai-realtime.*} to the component. Off with
 * {@code camel.component.openai-realtime.enabled=false}; with {@code camel.component.openai-realtime.customizer.enabled=false}
 * the properties are read but not given to it.
 */
@AutoConfiguration(after = { CamelAutoConfiguration.class, OpenAIRealtimeComponentConverter.class })
@Conditional(ConditionalOnCamelContextAndAutoConfigurationBeans.class)
@EnableConfigurationProperties({ ComponentConfigurationProperties.class, OpenAIRealtimeComponentConfiguration.class })
@ConditionalOnHierarchicalProperties({ "camel.component", "camel.component.openai-realtime" })
public class OpenAIRealtimeComponentAutoConfiguration {

    private final ApplicationContext applicationContext;
    private final OpenAIRealtimeComponentConfiguration properties;

    public OpenAIRealtimeComponentAutoConfiguration(ApplicationContext applicationContext,
                                                    OpenAIRealtimeComponentConfiguration properties) {
        this.applicationContext = applicationContext;
        this.properties = properties;
    }

    @Lazy
    @Bean
    public ComponentCustomizer configureOpenAIRealtimeComponent() {
        return new ComponentCustomizer() {
            @Override
            public void configure(String name, Component target) {
                if (properties.getConfiguration() != null) {
                    // first, as the single options are set on it: the copy below knows no order
                    ((OpenAIRealtimeComponent) target).setConfiguration(properties.getConfiguration());
                }
                CamelPropertiesHelper.copyProperties(target.getCamelContext(), properties, target);
            }

            @Override
            public boolean isEnabled(String name, Component target) {
                return HierarchicalPropertiesEvaluator.evaluate(
                        applicationContext, "camel.component.customizer", "camel.component.openai-realtime.customizer")
                        && target instanceof OpenAIRealtimeComponent;
            }
        };
    }
}
