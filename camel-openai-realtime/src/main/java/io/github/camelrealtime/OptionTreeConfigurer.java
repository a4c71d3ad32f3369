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

import java.util.Map;

import org.apache.camel.CamelContext;
import org.apache.camel.spi.PropertyConfigurer;
import org.apache.camel.spi.PropertyConfigurerGetter;

/**
 * Lets Camel's property binding walk along the dots of {@code sessions.support.model}. Found by Camel through
 * {@code META-INF/services}; not meant to be used otherwise.
 */
public final class OptionTreeConfigurer implements PropertyConfigurer, PropertyConfigurerGetter {

    @Override
    public boolean configure(CamelContext camelContext, Object target, String name, Object value, boolean ignoreCase) {
        ((OptionTree) target).put(name, value);
        return true;
    }

    @Override
    public Class<?> getOptionType(String name, boolean ignoreCase) {
        return Map.class;
    }

    @Override
    public Object getOptionValue(Object target, String name, boolean ignoreCase) {
        return ((OptionTree) target).get(name);
    }
}
