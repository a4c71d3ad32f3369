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
package io.github.camelrealtime.simulator;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import javax.net.ServerSocketFactory;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Remembers accepted sockets by their order, which is the server's connection index, so that one can be cut. */
final class ServerSockets extends ServerSocketFactory {

    private static final Logger LOG = LoggerFactory.getLogger(ServerSockets.class);
    /** A burst of sessions must not wait for SYN retries. */
    private static final int BACKLOG = 1024;

    private final List<Socket> accepted = new CopyOnWriteArrayList<>();

    /** Drops a connection with a reset, so that the peer learns of it at once. */
    void cut(int connectionIndex) {
        Socket socket = accepted.get(connectionIndex);
        if (socket.isClosed()) {
            return;
        }
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // the peer or the server was faster: it is closed already, which is all that was wanted
            LOG.debug("Connection {} was gone before it was cut", connectionIndex, e);
        }
    }

    void cutAll() {
        for (int i = 0; i < accepted.size(); i++) {
            cut(i);
        }
    }

    @Override
    public ServerSocket createServerSocket() throws IOException {
        return new Recording();
    }

    @Override
    public ServerSocket createServerSocket(int port) {
        throw new UnsupportedOperationException("Bound later");
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog) {
        throw new UnsupportedOperationException("Bound later");
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog, InetAddress address) {
        throw new UnsupportedOperationException("Bound later");
    }

    private final class Recording extends ServerSocket {

        private Recording() throws IOException {
            super();
        }

        @Override
        public void bind(SocketAddress endpoint, int backlog) throws IOException {
            super.bind(endpoint, BACKLOG);
        }

        @Override
        public Socket accept() throws IOException {
            Socket socket = super.accept();
            socket.setTcpNoDelay(true);
            accepted.add(socket);
            return socket;
        }
    }
}
