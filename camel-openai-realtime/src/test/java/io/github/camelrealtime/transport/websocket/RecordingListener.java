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

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.camelrealtime.transport.TransportException;
import io.github.camelrealtime.transport.TransportListener;

/** Writes down what it is told, and that it is told one thing at a time. */
class RecordingListener implements TransportListener {

    final List<String> calls = new CopyOnWriteArrayList<>();
    final CompletableFuture<Void> opened = new CompletableFuture<>();
    final CompletableFuture<TransportException> failed = new CompletableFuture<>();
    final CompletableFuture<String> closed = new CompletableFuture<>();
    final AtomicInteger overlaps = new AtomicInteger();
    private final AtomicInteger inside = new AtomicInteger();

    @Override
    public void onOpen() {
        record("open");
        opened.complete(null);
    }

    @Override
    public void onFrame(String frame) {
        record(frame.length() > 100 ? "frame of " + frame.length() : frame);
    }

    @Override
    public void onBinary(int bytes) {
        record("binary " + bytes);
    }

    @Override
    public void onClosed(int code, String reason) {
        record("closed " + code + " " + reason);
        closed.complete(code + " " + reason);
        IllegalStateException instead = new IllegalStateException("closed with " + code + " " + reason);
        opened.completeExceptionally(instead);
        failed.completeExceptionally(instead);
    }

    @Override
    public void onFailure(TransportException failure) {
        record("failure");
        failed.complete(failure);
        opened.completeExceptionally(failure);
        closed.completeExceptionally(failure);
    }

    private void record(String call) {
        if (inside.incrementAndGet() > 1) {
            overlaps.incrementAndGet();
        }
        calls.add(call);
        inside.decrementAndGet();
    }

    void awaitOpen() throws Exception {
        opened.get(20, TimeUnit.SECONDS);
    }

    TransportException awaitFailure() throws Exception {
        return failed.get(20, TimeUnit.SECONDS);
    }

    String awaitClosed() throws Exception {
        return closed.get(20, TimeUnit.SECONDS);
    }
}
