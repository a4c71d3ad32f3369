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

import java.util.function.Supplier;

import io.github.camelrealtime.event.ServerEvent;

/**
 * Keeps a defect where it is: what a part throws when it is told of an event reaches neither the reader, whom it would cost the
 * connection, nor the parts that are told after it. One per event; not thread-safe.
 */
final class Containment {

    private final BadInput badInput;
    private final Epoch epoch;
    private final ServerEvent event;

    Containment(BadInput badInput, Epoch epoch, ServerEvent event) {
        this.badInput = badInput;
        this.epoch = epoch;
        this.event = event;
    }

    void tell(String part, Runnable call) {
        try {
            call.run();
        } catch (RuntimeException | StackOverflowError defect) {
            badInput.failed(epoch, event.getType(), part, defect);
        }
    }

    /** @param otherwise what holds if the part has no answer */
    <T> T ask(String part, T otherwise, Supplier<T> call) {
        try {
            return call.get();
        } catch (RuntimeException | StackOverflowError defect) {
            badInput.failed(epoch, event.getType(), part, defect);
            return otherwise;
        }
    }
}
