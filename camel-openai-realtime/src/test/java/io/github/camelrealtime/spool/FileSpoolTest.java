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

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

import io.github.camelrealtime.spool.EventSpool.Entry;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class FileSpoolTest {

    private static final long PLENTY = 1024 * 1024 * 1024;

    @TempDir
    private Path folder;

    private FileSpool open() throws IOException {
        return open(PLENTY);
    }

    private FileSpool open(long maxBytes) throws IOException {
        return FileSpool.open(folder.resolve("spool").toString(), maxBytes);
    }

    private Path file() {
        return folder.resolve("spool").resolve("events.spool");
    }

    private static Entry entry(String lane, long position) {
        return new Entry(lane, position, "content " + position + " of " + lane);
    }

    private static List<Entry> all(EventSpool spool, String lane) throws IOException {
        List<Entry> all = new ArrayList<>();
        for (Entry next = spool.next(lane, 0); next != null; next = spool.next(lane, next.position())) {
            all.add(next);
        }
        return all;
    }

    @Test
    @DisplayName("TRX-18 what was appended is there after the next opening, lane by lane and in order, and what was removed is not")
    void keeps() throws IOException {
        try (FileSpool spool = open()) {
            assertThat(spool.append(List.of(entry("a", 1), entry("b", 1), entry("a", 2), entry("a#1", 7)))).isEqualTo(4);
            assertThat(spool.append(List.of(entry("a", 300)))).isEqualTo(1);
            spool.remove("a", 1);
        }
        try (FileSpool spool = open()) {
            assertThat(spool.lanes()).containsExactly("a", "a#1", "b");
            assertThat(all(spool, "a")).containsExactly(entry("a", 2), entry("a", 300));
            assertThat(all(spool, "b")).containsExactly(entry("b", 1));
            assertThat(all(spool, "a#1")).containsExactly(entry("a#1", 7));
            assertThat(all(spool, "c")).isEmpty();
            assertThat(spool.count("a")).isEqualTo(2);
            assertThat(spool.count("b")).isEqualTo(1);
            assertThat(spool.count("c")).isZero();
            assertThat(spool.last("a")).isEqualTo(entry("a", 300));
            assertThat(spool.last("c")).isNull();
            assertThat(spool.size()).isEqualTo(4);
        }
    }

    @Test
    @DisplayName("FLOW-6 a spool takes no more than its bound, says how many of the entries it took, and has room again when some are gone")
    void bounded() throws IOException {
        try (FileSpool spool = open(1_000)) {
            List<Entry> entries = new ArrayList<>();
            for (int i = 1; i <= 20; i++) {
                entries.add(entry("a", i));
            }
            int kept = spool.append(entries);
            assertThat(kept).isBetween(5, 15);
            assertThat(spool.bytes()).isLessThanOrEqualTo(1_000);
            assertThat(spool.append(List.of(entry("a", 21)))).isZero();
            assertThat(all(spool, "a")).isEqualTo(entries.subList(0, kept));

            spool.remove("a", 1);
            assertThat(spool.append(List.of(entry("a", 21)))).isEqualTo(1);
        }
        try (FileSpool spool = open(1_000)) {
            assertThat(spool.append(List.of(entry("a", 22)))).as("the bound holds over the next opening").isZero();
            for (Entry entry : all(spool, "a")) {
                spool.remove("a", entry.position());
            }
            assertThat(spool.bytes()).isZero();
            assertThat(spool.size()).isZero();
        }
    }

    @Test
    @DisplayName("TRX-18 one spool belongs to one: a second that opens it is told so, and may when the first has closed")
    void oneOwner() throws IOException {
        try (FileSpool spool = open()) {
            spool.append(List.of(entry("a", 1)));
            assertThatThrownBy(this::open).isInstanceOf(IOException.class)
                    .hasMessageContaining("in use by another consumer").hasMessageContaining("events.spool");
            assertThat(all(spool, "a")).hasSize(1);
        }
        open().close();
    }

    @Test
    @EnabledOnOs({ OS.LINUX, OS.MAC })
    @DisplayName("TRX-18 only the owner may read what people said; a file that others could read is taken away from them")
    void ownersOnly() throws IOException {
        try (FileSpool spool = open()) {
            spool.append(List.of(entry("a", 1)));
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file()))).isEqualTo("rw-------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file().getParent()))).isEqualTo("rwx------");
        }
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r--r--"));
        open().close();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file()))).isEqualTo("rw-------");
    }

    @Test
    @DisplayName("TRX-18 nothing stays on the disk of a spool that was closed empty")
    void emptyFileGoes() throws IOException {
        try (FileSpool spool = open()) {
            spool.append(List.of(entry("a", 1)));
            spool.remove("a", 1);
        }
        assertThat(file()).doesNotExist();
    }

    @Test
    @DisplayName("TRX-18 the room of what was delivered is used again: the file of a spool that is mostly empty stays small")
    void roomIsUsedAgain() throws IOException {
        String long1 = "x".repeat(2_000);
        try (FileSpool spool = open()) {
            for (int round = 0; round < 20; round++) {
                List<Entry> entries = new ArrayList<>();
                for (int i = 1; i <= 200; i++) {
                    entries.add(new Entry("a", round * 200 + i, long1));
                }
                spool.append(entries);
                for (Entry entry : entries) {
                    spool.remove("a", entry.position());
                }
            }
            spool.flush();
            assertThat(spool.size()).isZero();
            // 8 MB went through it
            assertThat(Files.size(file())).isLessThan(2_000_000);
        }
    }

    @Test
    @DisplayName("TRX-18 a file that is no spool is refused with its name and what to do, and stays as it is")
    void noSpool() throws IOException {
        Files.createDirectories(file().getParent());
        Files.writeString(file(), "This is no spool.", StandardCharsets.UTF_8);
        assertThatThrownBy(this::open).isInstanceOf(IOException.class)
                .hasMessageContaining("events.spool").hasMessageContaining("move the file away");
        assertThat(file()).hasContent("This is no spool.");
    }

    @Test
    @DisplayName("TRX-18 a directory that cannot be is refused")
    void noDirectory() throws IOException {
        Files.writeString(folder.resolve("spool"), "a file");
        assertThatThrownBy(this::open).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> FileSpool.open("a\u0000b", PLENTY)).isInstanceOf(IOException.class)
                .hasMessageContaining("impossible name");
    }

    @Test
    @DisplayName("TRX-18 an interrupted thread costs the spool nothing: the next call opens it anew, with all that was kept")
    void interrupted() throws IOException {
        try (FileSpool spool = open()) {
            spool.append(List.of(entry("a", 1)));
            Thread.currentThread().interrupt();
            try {
                spool.append(List.of(entry("a", 2)));
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("cannot be read or written");
            } finally {
                Thread.interrupted();
            }
            spool.append(List.of(entry("a", 2)));
            assertThat(all(spool, "a")).containsExactly(entry("a", 1), entry("a", 2));
        }
    }

    @Test
    void whatIsClosedSaysSo() throws IOException {
        FileSpool spool = open();
        spool.close();
        spool.close();
        assertThatThrownBy(() -> spool.append(List.of(entry("a", 1)))).isInstanceOf(IOException.class).hasMessageContaining("closed");
        assertThatThrownBy(() -> spool.next("a", 0)).isInstanceOf(IOException.class).hasMessageContaining("closed");
    }
}
