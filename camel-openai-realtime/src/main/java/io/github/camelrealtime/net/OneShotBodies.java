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
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;

/**
 * Sends each request body once. Left alone, OkHttp sends a POST again when the connection breaks before the answer, or
 * the answer is 408, or 503 with {@code Retry-After: 0}; but accepting, referring or ending a call twice is not the same
 * as once, and a second client secret is a second credential.
 */
final class OneShotBodies implements Interceptor {

    @Override
    public Response intercept(Chain chain) throws IOException {
        RequestBody body = chain.request().body();
        if (body == null || body.isOneShot()) {
            return chain.proceed(chain.request());
        }
        return chain.proceed(chain.request().newBuilder().method(chain.request().method(), new OneShot(body)).build());
    }

    private static final class OneShot extends RequestBody {

        private final RequestBody body;

        OneShot(RequestBody body) {
            this.body = body;
        }

        @Override
        public boolean isOneShot() {
            return true;
        }

        @Override
        public MediaType contentType() {
            return body.contentType();
        }

        @Override
        public long contentLength() throws IOException {
            return body.contentLength();
        }

        @Override
        public void writeTo(BufferedSink sink) throws IOException {
            body.writeTo(sink);
        }
    }
}
