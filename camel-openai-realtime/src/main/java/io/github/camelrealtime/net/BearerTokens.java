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

import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;

/**
 * Puts a token on each request that has no authorization of its own. As an application interceptor, so it runs once for each
 * request, on the thread that makes it, before there is a connection.
 */
final class BearerTokens implements Interceptor {

    private static final String HEADER = "Authorization";

    private final RealtimeCredentials credentials;

    BearerTokens(RealtimeCredentials credentials) {
        this.credentials = credentials;
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
        Request request = chain.request();
        if (request.header(HEADER) != null) {
            return chain.proceed(request);
        }
        return chain.proceed(request.newBuilder().header(HEADER, "Bearer " + token(request)).build());
    }

    private String token(Request request) throws IOException {
        String token;
        try {
            token = credentials.bearerToken(request.url().uri());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CredentialsException("Option credentials: the token was waited for when the work was stopped", true, e);
        } catch (Exception e) {
            // whatever it is: OkHttp would let anything but an IOException end the thread
            throw new CredentialsException("Option credentials: the bean gave no token but failed with "
                                           + e.getClass().getSimpleName() + "; its cause is attached",
                    true, e);
        }
        if (token == null || token.isBlank()) {
            throw new CredentialsException("Option credentials: the bean gave " + (token == null ? "null" : "a blank text")
                                           + " instead of a token; it must give one, or throw an exception",
                    false, null);
        }
        String trimmed = token.strip();
        if (!HeaderRules.isPrintable(trimmed) || trimmed.indexOf(' ') >= 0) {
            throw new CredentialsException("Option credentials: the bean gave a token that cannot be sent, as it holds a "
                                           + "blank or a character that is not printable ASCII; the token alone is "
                                           + "expected, without the word Bearer",
                    false, null);
        }
        return trimmed;
    }
}
