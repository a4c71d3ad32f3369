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
package io.github.camelrealtime.transport.websocket;

import java.io.IOException;

import okhttp3.Interceptor;
import okhttp3.Response;
import okio.Sink;
import okio.Socket;
import okio.Source;

/** Puts a {@link FrameLimiter} into each connection that has been upgraded to a WebSocket. */
final class InboundLimit implements Interceptor {

    private final long maxMessageBytes;

    InboundLimit(long maxMessageBytes) {
        this.maxMessageBytes = maxMessageBytes;
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
        Response response = chain.proceed(chain.request());
        Socket socket = response.socket();
        WebSocketTransport transport = chain.request().tag(WebSocketTransport.class);
        if (socket == null || transport == null) {
            return response;
        }
        Source source = new FrameLimiter(socket.getSource(), maxMessageBytes, transport::refuseAfter);
        return response.newBuilder().socket(new Limited(socket, source)).build();
    }

    private record Limited(Socket socket, Source source) implements Socket {

        @Override
        public Source getSource() {
            return source;
        }

        @Override
        public Sink getSink() {
            return socket.getSink();
        }

        @Override
        public void cancel() {
            socket.cancel();
        }
    }
}
