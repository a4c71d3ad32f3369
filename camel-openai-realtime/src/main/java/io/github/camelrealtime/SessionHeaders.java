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

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import io.github.camelrealtime.net.HeaderRules;
import io.github.camelrealtime.net.Provider;

/**
 * The handshake headers of a session, made anew at every dial as keys are rotated. With {@code credentials} there is no key
 * among them: the token is asked for where the connection is made.
 */
final class SessionHeaders implements Supplier<Map<String, String>> {

    /** Prefix of the option for headers of one's own. */
    static final String CUSTOM = "handshakeHeaders.";

    private static final String ORGANIZATION = "OpenAI-Organization";
    private static final String PROJECT = "OpenAI-Project";
    private static final String SAFETY_IDENTIFIER = "OpenAI-Safety-Identifier";
    private static final int MAX_SAFETY_IDENTIFIER = 64;
    private static final String HMAC = "HmacSHA256";

    private final OpenAIRealtimeConfiguration options;
    private final UnaryOperator<String> placeholders;
    private final Map<String, String> fixed;

    /**
     * @param  placeholders             resolves what the key still has of {@code {{…}}}, at every dial
     * @throws IllegalArgumentException naming the option that cannot be sent
     */
    SessionHeaders(OpenAIRealtimeConfiguration options, UnaryOperator<String> placeholders) {
        this.options = options;
        this.placeholders = placeholders;
        this.fixed = fixed(options);
        String key = options.getApiKey();
        if (key != null && !key.isBlank()) {
            HeaderRules.checkValue("apiKey", key.strip());
        }
    }

    private static Map<String, String> fixed(OpenAIRealtimeConfiguration options) {
        Map<String, String> headers = new LinkedHashMap<>();
        OptionTree.flat(options.getHandshakeHeaders()).forEach((name, value) -> {
            String text = value == null ? null : value.toString();
            HeaderRules.checkCustom(CUSTOM, name, text);
            headers.put(name, text);
        });
        put(headers, ORGANIZATION, "organization", options.getOrganization());
        put(headers, PROJECT, "project", options.getProject());
        String identifier = safetyIdentifier(options);
        if (identifier != null) {
            headers.put(SAFETY_IDENTIFIER, identifier);
        }
        return Map.copyOf(headers);
    }

    private static void put(Map<String, String> headers, String header, String option, String value) {
        if (value != null) {
            HeaderRules.checkValue(option, value);
            headers.put(header, value);
        }
    }

    /** The end user as the service is told of him; with a secret nobody can tell from it who he is. */
    private static String safetyIdentifier(OpenAIRealtimeConfiguration options) {
        String principal = options.getSafetyIdentifier();
        String secret = options.getSafetyIdentifierSecret();
        if (secret != null && secret.isBlank()) {
            throw new IllegalArgumentException("Option safetyIdentifierSecret is empty: give it a value, or leave it out");
        }
        if (principal == null) {
            return null;
        }
        if (secret != null && !principal.isBlank()) {
            return hmac(secret, principal);
        }
        HeaderRules.checkValue("safetyIdentifier", principal);
        if (principal.length() > MAX_SAFETY_IDENTIFIER) {
            throw new IllegalArgumentException("Option safetyIdentifier has " + principal.length() + " characters, allowed are "
                                               + MAX_SAFETY_IDENTIFIER
                                               + "; with option safetyIdentifierSecret it may have any length");
        }
        if (principal.indexOf('@') >= 0) {
            throw new IllegalArgumentException("Option safetyIdentifier holds an at sign and looks like the address of a person, "
                                               + "who must not be known to the service; set option safetyIdentifierSecret to send "
                                               + "a hash of it");
        }
        return principal;
    }

    private static String hmac(String secret, String principal) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), HMAC));
            return HexFormat.of().formatHex(mac.doFinal(principal.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has " + HMAC, e);
        }
    }

    /** Whether a session with these headers may be used for the same end user. */
    boolean sameSafetyIdentifier(SessionHeaders other) {
        String mine = fixed.get(SAFETY_IDENTIFIER);
        return mine != null && mine.equals(other.fixed.get(SAFETY_IDENTIFIER));
    }

    @Override
    public Map<String, String> get() {
        Map<String, String> headers = new LinkedHashMap<>(fixed);
        if (options.getCredentials() == null) {
            if (options.getProvider() == Provider.AZURE) {
                headers.put("api-key", key(Provider.AZURE));
            } else {
                headers.put("Authorization", "Bearer " + key(Provider.OPENAI));
            }
        }
        return headers;
    }

    private String key(Provider provider) {
        return ApiKeys.SYSTEM.find(provider, options.getApiKey() == null ? null : placeholders.apply(options.getApiKey()));
    }

    /** Names only: the values are secrets. */
    @Override
    public String toString() {
        return "SessionHeaders" + fixed.keySet();
    }
}
