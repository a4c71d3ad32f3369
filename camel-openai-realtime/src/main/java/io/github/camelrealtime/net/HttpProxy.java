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

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * An HTTP proxy and the hosts that are reached without it. {@code https:} and {@code wss:} go through a CONNECT tunnel, so
 * the proxy sees the name of the host and nothing else.
 *
 * @param host       name or address of the proxy
 * @param port       its port
 * @param user       for basic authentication; {@code null} for none
 * @param password   goes to the proxy and nowhere else; {@code null} with {@code user}
 * @param exceptions hosts reached without the proxy, in lower case; an asterisk stands for any characters
 */
public record HttpProxy(String host, int port, String user, String password, List<String> exceptions) {

    /** As the JDK has it: what runs on this machine is not looked for behind a proxy. */
    private static final String DEFAULT_EXCEPTIONS = "localhost|127.*|[::1]";
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]+|\\[?[0-9A-Fa-f:.]+]?");
    private static final int MAX_PORT = 65_535;

    /**
     * Checks what options say.
     *
     * @param  nonProxyHosts            separated by commas or bars, as in the JDK's {@code http.nonProxyHosts}; {@code null} for
     *                                  this machine's names
     * @return                          {@code null} if none is set
     * @throws IllegalArgumentException naming the option, never quoting the password
     */
    public static HttpProxy of(String host, Integer port, String user, String password, String nonProxyHosts) {
        if (host == null) {
            require(port == null, "proxyPort", "set proxyHost too, or neither");
            require(user == null, "proxyUser", "there is no proxy to log in to; set proxyHost too");
            require(password == null, "proxyPassword", "there is no proxy to log in to; set proxyHost too");
            require(nonProxyHosts == null, "nonProxyHosts", "there is no proxy to go around; set proxyHost too");
            return null;
        }
        require(HOST.matcher(host).matches(), "proxyHost", "the name of a host is expected, without scheme and port");
        require(port != null, "proxyPort", "is missing; proxyHost is set");
        require(port > 0 && port <= MAX_PORT, "proxyPort", "is " + port + ", allowed is 1 to " + MAX_PORT);
        require(user != null || password == null, "proxyUser", "is missing; proxyPassword is set");
        require(user == null || password != null, "proxyPassword", "is missing; proxyUser is set");
        require(user == null || HeaderRules.isPrintable(user) && user.indexOf(':') < 0 && !user.isBlank(), "proxyUser",
                "printable ASCII without a colon is expected");
        require(password == null || HeaderRules.isPrintable(password), "proxyPassword",
                "it holds a character that is not printable ASCII, say a line break");
        String around = nonProxyHosts == null ? DEFAULT_EXCEPTIONS : nonProxyHosts;
        return new HttpProxy(host, port, user, password, Arrays.stream(around.split("[|,]"))
                .map(name -> name.strip().toLowerCase(Locale.ROOT)).filter(name -> !name.isEmpty()).toList());
    }

    private static void require(boolean met, String option, String what) {
        if (!met) {
            throw new IllegalArgumentException("Option " + option + ": " + what);
        }
    }

    /** Whether the way to a host leads through the proxy. */
    boolean leadsTo(String target) {
        String name = target.toLowerCase(Locale.ROOT);
        return exceptions.stream().noneMatch(exception -> matches(exception, name));
    }

    private static boolean matches(String pattern, String name) {
        String regex = Pattern.quote(pattern).replace("*", "\\E.*\\Q");
        return Pattern.matches(regex, name);
    }

    /** One way to each host: a proxy that cannot be reached is not gone around. */
    ProxySelector selector() {
        return new Selector(this);
    }

    private static final class Selector extends ProxySelector {

        private final HttpProxy settings;
        private final Proxy proxy;

        Selector(HttpProxy settings) {
            this.settings = settings;
            // unresolved: its address may change while we run
            this.proxy = new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(settings.host(), settings.port()));
        }

        @Override
        public List<Proxy> select(URI uri) {
            return List.of(uri.getHost() == null || settings.leadsTo(uri.getHost()) ? proxy : Proxy.NO_PROXY);
        }

        @Override
        public void connectFailed(URI uri, SocketAddress address, IOException failure) {
            // whoever asked for the connection is told
        }
    }

    /** Without the password. */
    @Override
    public String toString() {
        return host + ":" + port;
    }
}
