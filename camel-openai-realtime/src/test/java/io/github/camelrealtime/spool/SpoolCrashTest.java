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
package io.github.camelrealtime.spool;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.github.camelrealtime.spool.EventSpool.Entry;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** A process that is killed in the middle of its work, again and again. */
class SpoolCrashTest {

    private static final String LANE = "support";
    private static final int ROUNDS = 5;
    private static final int MAX_REMOVED = 100;

    /** Appends entries for ever, lets go of every second one, and says each time which one is kept. */
    static final class Victim {

        private Victim() {
        }

        public static void main(String[] arguments) throws Exception {
            FileSpool spool = FileSpool.open(arguments[0], Long.MAX_VALUE);
            Entry last = spool.last(LANE);
            for (long position = last == null ? 1 : last.position() + 1;; position++) {
                spool.append(List.of(new Entry(LANE, position, content(position))));
                System.out.println(position);
                System.out.flush();
                if (position % 2 == 0) {
                    spool.remove(LANE, position);
                }
            }
        }
    }

    private static String content(long position) {
        return position + ":" + "0123456789".repeat((int) (position % 97) * 20) + ":" + position;
    }

    @Test
    @DisplayName("TRX-18 a process killed while it writes: nothing that was said to be kept is lost, nothing is torn, and at most "
                 + "the last removals come back")
    void killed(@TempDir Path folder) throws Exception {
        long acknowledged = 0;
        for (int round = 1; round <= ROUNDS; round++) {
            acknowledged = runAndKill(folder, acknowledged + 150L * round);
            try (FileSpool spool = FileSpool.open(folder.toString(), Long.MAX_VALUE)) {
                check(spool, acknowledged);
            }
        }
    }

    /** Returns the last position that was acknowledged. */
    private static long runAndKill(Path folder, long enough) throws IOException, InterruptedException {
        Process victim = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xint",
                "-cp", System.getProperty("java.class.path"), Victim.class.getName(), folder.toString())
                .redirectErrorStream(true).start();
        long acknowledged = 0;
        try (BufferedReader said = new BufferedReader(new InputStreamReader(victim.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                acknowledged = Math.max(acknowledged, Long.parseLong(line));
                if (acknowledged >= enough) {
                    // not the process itself, which would shut its output: what it says until it is gone counts too
                    victim.toHandle().destroyForcibly();
                }
            }
        } finally {
            victim.destroyForcibly();
        }
        assertThat(victim.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(acknowledged).as("last one acknowledged").isGreaterThanOrEqualTo(enough);
        return acknowledged;
    }

    private static void check(FileSpool spool, long acknowledged) throws IOException {
        long expected = 1;
        int returned = 0;
        long entries = 0;
        for (Entry next = spool.next(LANE, 0); next != null; next = spool.next(LANE, next.position())) {
            assertThat(next.content()).as("content of %d", next.position()).isEqualTo(content(next.position()));
            if (next.position() % 2 == 0) {
                returned++;
            } else {
                assertThat(next.position()).isEqualTo(expected);
                expected += 2;
            }
            entries++;
        }
        assertThat(expected).as("first odd one that is missing").isGreaterThan(acknowledged);
        assertThat(returned).as("removed and back").isLessThanOrEqualTo(MAX_REMOVED + 1);
        assertThat(spool.size()).isEqualTo(entries);
        // at most one was written and not acknowledged
        assertThat(spool.last(LANE).position()).isLessThanOrEqualTo(acknowledged + 1);
    }
}
