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
package io.github.camelrealtime.net;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;

/**
 * The base address of the service, checked: the key goes there, so it must be a place that somebody has allowed, over
 * TLS. There is one such address, and none is tried in its stead when it cannot be reached.
 */
public final class ServiceAddress {

    public static final String OPENAI = "https://api.openai.com/v1";

    private static final Set<String> SECURE = Set.of("https", "wss");
    private static final Set<String> PLAIN = Set.of("http", "ws");
    private static final HostList OPENAI_HOSTS = HostList.of("api.openai.com", "*.api.openai.com");
    private static final HostList AZURE_HOSTS
            = HostList.of("*.openai.azure.com", "*.services.ai.azure.com", "*.cognitiveservices.azure.com");
    /** API Management: may stand before either. */
    private static final HostList GATEWAYS = HostList.of("*.azure-api.net");
    private static final String AZURE_PATH = "/openai/v1";
    private static final String EXAMPLE = "such as https://my-resource.openai.azure.com";

    private final URI base;

    private ServiceAddress(URI base) {
        this.base = base;
    }

    /**
     * Checks an address.
     *
     * @param  baseUrl                  {@code null} for OpenAI's own
     * @param  provider                 who is to be found there
     * @param  allowed                  hosts allowed besides those of OpenAI, of Azure, and this machine
     * @throws IllegalArgumentException naming option {@code baseUrl} and what is wrong; it does not quote the address, which
     *                                  may hold a password
     */
    public static ServiceAddress of(String baseUrl, Provider provider, HostList allowed) {
        if (baseUrl == null && provider == Provider.AZURE) {
            throw refused("provider=azure needs the address of the resource, " + EXAMPLE);
        }
        URI given = parse(baseUrl == null ? OPENAI : baseUrl);
        checkParts(given);
        String host = given.getHost().toLowerCase(Locale.ROOT);
        checkScheme(given.getScheme().toLowerCase(Locale.ROOT), host);
        checkHost(host, provider, allowed);
        String path = path(given, provider);
        String scheme = SECURE.contains(given.getScheme().toLowerCase(Locale.ROOT)) ? "wss" : "ws";
        return new ServiceAddress(URI.create(scheme + "://" + given.getRawAuthority() + path));
    }

    /**
     * The address of a WebSocket.
     *
     * @param resource path below the base address and query, percent-encoded: {@code /realtime?model=…}
     */
    public URI socket(String resource) {
        return URI.create(base + resource);
    }

    private static URI parse(String baseUrl) {
        try {
            return new URI(baseUrl.strip());
        } catch (URISyntaxException e) {
            // no cause: it quotes the address
            throw refused("not an address (" + e.getReason() + " at character " + e.getIndex()
                          + "); an https address is expected, such as " + OPENAI);
        }
    }

    private static void checkParts(URI given) {
        if (given.getScheme() == null || given.getHost() == null) {
            throw refused("an https address is expected, such as " + OPENAI);
        }
        if (given.getRawUserInfo() != null) {
            throw refused("user name and password do not belong into an address; use option apiKey or credentials");
        }
        if (given.getRawQuery() != null && given.getRawQuery().contains("api-version=")) {
            throw preview();
        }
        if (given.getRawQuery() != null) {
            throw refused("leave off the question mark and what follows; the model is set by option model");
        }
        if (given.getRawFragment() != null) {
            throw refused("leave off the number sign and what follows");
        }
    }

    private static void checkScheme(String scheme, String host) {
        if (PLAIN.contains(scheme) && !HostList.isLoopback(host)) {
            throw refused(scheme + " would show the API key to everybody on the way to " + host + "; use https");
        }
        if (!PLAIN.contains(scheme) && !SECURE.contains(scheme)) {
            throw refused("an https address is expected, such as " + OPENAI);
        }
    }

    private static void checkHost(String host, Provider provider, HostList allowed) {
        if (provider == Provider.AZURE && OPENAI_HOSTS.contains(host)) {
            throw refused(host + " is OpenAI's, which does not go with provider=azure; give the address of the resource, " + EXAMPLE
                          + ", or leave provider off");
        }
        if (provider == Provider.OPENAI && AZURE_HOSTS.contains(host)) {
            throw refused(host + " is a resource of Azure; set option provider=azure");
        }
        if (!OPENAI_HOSTS.contains(host) && !AZURE_HOSTS.contains(host) && !GATEWAYS.contains(host)
                && !HostList.isLoopback(host) && !allowed.contains(host)) {
            throw refused("the key would go to " + host + ", which is neither OpenAI's nor Azure's; if it may, name it in the "
                          + "component's option allowedHosts");
        }
    }

    private static String path(URI given, Provider provider) {
        String path = given.getRawPath();
        while (path.endsWith("/")) {
            path = path.substring(0, path.length() - 1);
        }
        if (path.endsWith("/openai/realtime")) {
            throw preview();
        }
        if (path.endsWith("/realtime/sessions") || path.endsWith("/realtime/transcription_sessions")) {
            throw refused("this path belongs to the Beta API, which is switched off; end the address with /v1, as in " + OPENAI);
        }
        if (path.endsWith("/realtime")) {
            throw refused("leave /realtime off, it is added; end the address as in " + OPENAI);
        }
        if (provider == Provider.OPENAI || path.endsWith(AZURE_PATH)) {
            return path;
        }
        return path.endsWith("/openai") ? path + "/v1" : path + AZURE_PATH;
    }

    private static IllegalArgumentException preview() {
        return refused("this is the address of Azure's preview API (/openai/realtime?api-version=…), which is not spoken here; "
                       + "give that of the resource alone, " + EXAMPLE + ", and set the deployment by option model");
    }

    private static IllegalArgumentException refused(String why) {
        return new IllegalArgumentException("Option baseUrl: " + why);
    }

    @Override
    public String toString() {
        return base.toString();
    }
}
