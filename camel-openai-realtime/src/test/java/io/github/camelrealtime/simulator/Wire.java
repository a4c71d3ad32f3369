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

import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** The simulator's end of one connection. */
interface Wire {

    /** Whom it tells of what arrives; once, before anything can. */
    void serve(SimulatedSession session);

    /** Queues a text frame; false if the connection is gone. Never blocks. */
    boolean send(String text);

    /** Queues a binary frame, as above. */
    boolean send(byte[] bytes);

    /** Reads no further frame; ends when the connection does. */
    void stopReading();

    /** After each frame no other is read until what this begins is done. */
    void afterEachFrame(Supplier<CompletionStage<?>> pause);

    /** Sends what is queued, then a close frame. */
    void close(int code, String reason);

    /** Drops the connection without a close frame. */
    void abort();
}
