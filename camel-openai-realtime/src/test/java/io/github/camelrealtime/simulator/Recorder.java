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
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes a {@link Recording} of each session into a folder, {@code session-1.jsonl} and so on, once it has ended. Any thread. */
final class Recorder {

    private static final Logger LOG = LoggerFactory.getLogger(Recorder.class);

    private final Path folder;
    private final boolean withContent;
    private final Set<Integer> written = ConcurrentHashMap.newKeySet();

    Recorder(Path folder, boolean withContent) {
        this.folder = folder;
        this.withContent = withContent;
    }

    /** @param number the how manieth session */
    void write(int number, SimulatedSession session) {
        if (!written.add(number)) {
            return;
        }
        Path file = folder.resolve("session-" + number + ".jsonl");
        try {
            Recording recording = Recording.of(session);
            (withContent ? recording : recording.withoutContent()).write(file);
        } catch (IOException e) {
            LOG.warn("A session could not be recorded in {}: {}", file, e.toString());
        }
    }
}
