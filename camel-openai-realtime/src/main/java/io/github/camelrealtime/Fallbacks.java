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

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

import io.github.camelrealtime.event.SessionType;
import io.github.camelrealtime.net.Provider;
import io.github.camelrealtime.session.SessionConfig;
import io.github.camelrealtime.session.Target;

/**
 * Finds out where a session is dialled when its own place fails (option {@code fallback}), and refuses what could not take its
 * place: it would be found out when it is needed.
 */
final class Fallbacks {

    /** Options that say where a session is dialled, and as whom. */
    private static final Set<String> PLACE = Set.of(
            "apiKey", "credentials", "provider", "baseUrl", "organization", "project", "model", "transcriptionModel",
            "sslContextParameters", "proxyHost", "proxyPort", "proxyUser", "proxyPassword", "nonProxyHosts", "connectTimeout");

    private final OpenAIRealtimeComponent component;
    private final String sessionName;
    private final boolean transcribes;
    private final BiConsumer<OpenAIRealtimeConfiguration, Map<String, Object>> binder;

    /** @param binder sets options from their values by name */
    Fallbacks(
            OpenAIRealtimeComponent component, String sessionName, boolean transcribes,
            BiConsumer<OpenAIRealtimeConfiguration, Map<String, Object>> binder) {
        this.component = component;
        this.sessionName = sessionName;
        this.transcribes = transcribes;
        this.binder = binder;
    }

    /**
     * The configuration with its fallbacks.
     *
     * @param  options                  of the session
     * @throws IllegalArgumentException if one of them is not declared, or cannot take its place
     */
    SessionConfig complete(SessionConfig config, OpenAIRealtimeConfiguration options) {
        if (options.getFallback() == null || options.getFallback().isBlank()) {
            return config;
        }
        List<Target> targets = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (String part : options.getFallback().split(",")) {
            String name = part.strip();
            if (name.isEmpty() || !names.add(name)) {
                throw new IllegalArgumentException("Option fallback=" + options.getFallback() + " of session " + sessionName
                                                   + " has a name twice, or an empty one");
            }
            targets.add(target(name, config, options));
        }
        return config.with(new SessionConfig.Fallback(
                targets, options.getFallbackAttempts() == null ? 2 : options.getFallbackAttempts(),
                options.getFallbackCooldown() == null ? 10_000 : options.getFallbackCooldown()));
    }

    private Target target(String name, SessionConfig config, OpenAIRealtimeConfiguration options) {
        Map<String, Object> place = place(name);
        OpenAIRealtimeConfiguration there = merged(options, place);
        SessionConfig other;
        try {
            other = component.sessionConfig(there, transcribes);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("Option fallback=" + name + " of session " + sessionName + ": " + e.getMessage());
        }
        require(name, "kind of session", config.type(), other.type());
        require(name, "who ends the turns", config.turns(), other.turns());
        require(name, "format of the input audio", config.inputFormat(), other.inputFormat());
        require(name, "format of the output audio", config.outputFormat(), other.outputFormat());
        require(name, "transcription of the input", config.transcribesInput(), other.transcribesInput());
        return new Target(
                name, other.model(), other.uri(), other.headers(), other.firstUpdate(), component.fallbackTransports(there));
    }

    private Map<String, Object> place(String name) {
        if (name.equals(sessionName)) {
            throw new IllegalArgumentException("Option fallback of session " + sessionName + " names the session itself");
        }
        Map<String, Object> place = new LinkedHashMap<>();
        component.definitions().of(name).forEach((option, value) -> {
            if (PLACE.contains(option) || option.startsWith(SessionOptions.HEADERS_PREFIX)) {
                place.put(option, value);
            }
        });
        if (place.isEmpty()) {
            throw new IllegalArgumentException("Option fallback=" + name + " of session " + sessionName + ": nothing says where that is; "
                                               + "declare it by camel.component.openai-realtime.sessions." + name
                                               + ".model, .baseUrl or another option of a place");
        }
        return place;
    }

    private OpenAIRealtimeConfiguration merged(OpenAIRealtimeConfiguration options, Map<String, Object> place) {
        OpenAIRealtimeConfiguration there = options.copy();
        // the one would stand in the way of the other
        if (place.containsKey("credentials")) {
            there.setApiKey(null);
        }
        if (place.containsKey("apiKey")) {
            there.setCredentials(null);
        }
        if (place.containsKey("model") && isTranscription(options)) {
            there.setTranscriptionModel(null);
        }
        if (place.containsKey("transcriptionModel") && isTranscription(options)) {
            there.setModel(null);
        }
        OpenAIRealtimeConfiguration said = new OpenAIRealtimeConfiguration();
        binder.accept(said, place);
        if (said.getProvider() != null && said.getProvider() != provider(options)) {
            // what is meant for one is no business of the other
            there.setApiKey(null);
            there.setCredentials(null);
            there.setOrganization(null);
            there.setProject(null);
            there.setHandshakeHeaders(new OptionTree());
            there.setBaseUrl(null);
        }
        binder.accept(there, place);
        return there;
    }

    private boolean isTranscription(OpenAIRealtimeConfiguration options) {
        return transcribes || options.getSessionType() == SessionType.TRANSCRIPTION;
    }

    private static Provider provider(OpenAIRealtimeConfiguration options) {
        return options.getProvider() == null ? Provider.OPENAI : options.getProvider();
    }

    private void require(String name, String what, Object here, Object there) {
        if (!here.equals(there)) {
            throw new IllegalArgumentException("Option fallback=" + name + " of session " + sessionName + " cannot take its place: "
                                               + what + " would be " + there + " instead of " + here);
        }
    }
}
