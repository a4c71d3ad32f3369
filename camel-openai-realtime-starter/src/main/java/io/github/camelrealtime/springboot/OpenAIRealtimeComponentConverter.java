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

import java.util.Set;

import io.github.camelrealtime.OpenAIRealtimeConfiguration;
import io.github.camelrealtime.net.RealtimeCredentials;
import io.github.camelrealtime.session.RealtimeErrorClassifier;
import io.github.camelrealtime.session.Timers;
import io.github.camelrealtime.spool.EventSpoolFactory;
import io.github.camelrealtime.transport.TransportFactory;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationPropertiesBinding;
import org.springframework.context.ApplicationContext;
import org.springframework.core.convert.TypeDescriptor;
import org.springframework.core.convert.converter.GenericConverter;

/** Options whose value is a bean: {@code camel.component.openai-realtime.timers=#bean:name}. */
@AutoConfiguration
@ConfigurationPropertiesBinding
public class OpenAIRealtimeComponentConverter implements GenericConverter {

    private static final String BEAN = "#bean:";

    private final ApplicationContext applicationContext;

    public OpenAIRealtimeComponentConverter(ApplicationContext applicationContext) {
        this.applicationContext = applicationContext;
    }

    @Override
    public Set<ConvertiblePair> getConvertibleTypes() {
        return Set.of(
                new ConvertiblePair(String.class, OpenAIRealtimeConfiguration.class),
                new ConvertiblePair(String.class, RealtimeCredentials.class),
                new ConvertiblePair(String.class, RealtimeErrorClassifier.class),
                new ConvertiblePair(String.class, SSLContextParameters.class),
                new ConvertiblePair(String.class, EventSpoolFactory.class),
                new ConvertiblePair(String.class, Timers.class),
                new ConvertiblePair(String.class, TransportFactory.class));
    }

    /** @throws IllegalArgumentException if the value is not a reference to a bean */
    @Override
    public Object convert(Object source, TypeDescriptor sourceType, TypeDescriptor targetType) {
        if (source == null) {
            return null;
        }
        String reference = source.toString();
        if (!reference.startsWith("#")) {
            throw new IllegalArgumentException("A reference to a bean of type " + targetType.getName()
                                               + " is expected, such as #bean:name");
        }
        String name = reference.startsWith(BEAN) ? reference.substring(BEAN.length()) : reference.substring(1);
        return applicationContext.getBean(name, targetType.getType());
    }
}
