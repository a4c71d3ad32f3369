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
package io.github.camelrealtime.session;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.camelrealtime.transport.Transport;
import io.github.camelrealtime.transport.TransportFactory;
import io.github.camelrealtime.transport.TransportListener;
import io.github.camelrealtime.transport.TransportRequest;

/** Makes transports that a test holds in its hand. */
public final class FakeTransports implements TransportFactory {

    public final List<FakeTransport> all = new CopyOnWriteArrayList<>();
    volatile RuntimeException refusal;

    @Override
    public Transport open(TransportRequest request, TransportListener listener) {
        if (refusal != null) {
            throw refusal;
        }
        FakeTransport transport = new FakeTransport(request, listener);
        all.add(transport);
        return transport;
    }

    public FakeTransport last() {
        return all.get(all.size() - 1);
    }
}
