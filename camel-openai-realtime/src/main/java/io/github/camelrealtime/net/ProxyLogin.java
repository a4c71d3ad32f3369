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
 */
final class ProxyLogin implements Authenticator, Interceptor {

    private static final String HEADER = "Proxy-Authorization";

    private final String credentials;

    ProxyLogin(String user, String password) {
        this.credentials = Credentials.basic(user, password);
    }

    @Override
    public Request authenticate(Route route, Response response) {
        if (response.request().header(HEADER) != null) {
            return null; // refused: asking again does not help
        }
        return response.request().newBuilder().header(HEADER, credentials).build();
    }

    /** As a network interceptor. */
    @Override
    public Response intercept(Chain chain) throws IOException {
        Request request = chain.request();
        Connection connection = chain.connection();
        if (!request.isHttps() && connection != null && connection.route().proxy().type() == Proxy.Type.HTTP) {
            request = request.newBuilder().header(HEADER, credentials).build();
        }
        return chain.proceed(request);
    }
}
