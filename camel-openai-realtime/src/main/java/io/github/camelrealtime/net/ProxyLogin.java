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
import java.net.Proxy;

import okhttp3.Authenticator;
import okhttp3.Connection;
import okhttp3.Credentials;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.Route;

/**
 * User and password for an HTTP proxy. To {@code https:} and {@code wss:} addresses they go with the CONNECT request. For
 * plain {@code http:} there is none, so they go with each request: asked first, a body that is sent only once could not
 * be sent again.
 *
 * <p>A proxy that will not let us through fails the connection with a {@link ProxyRefusedException}; asking again does not help.
 */
final class ProxyLogin implements Authenticator, Interceptor {

    private static final String HEADER = "Proxy-Authorization";

    private final String proxy;
    private final String credentials;

    private ProxyLogin(String proxy, String credentials) {
        this.proxy = proxy;
        this.credentials = credentials;
    }

    static ProxyLogin at(HttpProxy proxy) {
        return new ProxyLogin(
                proxy.toString(), proxy.user() == null ? null : Credentials.basic(proxy.user(), proxy.password()));
    }

    /** For the proxy that the JDK's system properties name, if any: there is no login to give it. */
    static ProxyLogin atUnknown() {
        return new ProxyLogin("of the system properties", null);
    }

    @Override
    public Request authenticate(Route route, Response response) throws IOException {
        boolean refused = response.request().header(HEADER) != null;
        if (credentials != null && !refused) {
            return response.request().newBuilder().header(HEADER, credentials).build();
        }
        if (!response.request().method().equals("CONNECT")) {
            return null; // the 407 is the answer to the call
        }
        if (!refused && isBefore(response)) {
            return null; // nobody has refused anything yet
        }
        throw new ProxyRefusedException(refused
                ? "Proxy " + proxy + " refuses the login (407): check options proxyUser and proxyPassword"
                : "Proxy " + proxy + " wants a login (407): set options proxyHost, proxyPort, proxyUser and proxyPassword");
    }

    /** OkHttp asks once before it speaks to the proxy. */
    private static boolean isBefore(Response response) {
        return response.challenges().stream().anyMatch(challenge -> "OkHttp-Preemptive".equalsIgnoreCase(challenge.scheme()));
    }

    /** As a network interceptor. */
    @Override
    public Response intercept(Chain chain) throws IOException {
        Request request = chain.request();
        Connection connection = chain.connection();
        if (credentials != null && !request.isHttps() && connection != null
                && connection.route().proxy().type() == Proxy.Type.HTTP) {
            request = request.newBuilder().header(HEADER, credentials).build();
        }
        return chain.proceed(request);
    }
}
