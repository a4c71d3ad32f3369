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
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.type.StringDataType;

/**
 * A spool in one file of a directory, by H2's MVStore: a log-structured store with checksums, which after a crash opens as
 * it was after the last commit. Every commit is written through to the disk before it counts. One process and one consumer
 * has the file at a time; only its owner may read it.
 *
 * <p>What is removed is committed with the next entries, or after {@value #REMOVALS} of them, or a second: after a crash at
 * most so many come back. An error of the disk costs nothing that was kept: the store is closed, and the next call opens it anew.
 */
public final class FileSpool implements EventSpool {

    private static final String FILE = "events.spool";
    private static final String EVENTS = "events";
    private static final String NUMBERS = "numbers";
    private static final String BYTES = "bytes";
    private static final char END_OF_LANE = '\u0000';
    private static final char PAST_LANE = '\u0001';
    /** What an entry takes beyond its text, roughly. */
    private static final int ENTRY_BYTES = 64;
    private static final int REMOVALS = 100;
    private static final long REMOVAL_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** How long room that has become free stays as it is; as commits are written through, this is more than is needed. */
    private static final int RETENTION_MILLIS = 2_000;
    private static final long WORTH_COMPACTING_BYTES = 1024 * 1024;
    private static final int COMPACTION_MILLIS = 200;
    private static final int CACHE_MEGABYTES = 1;

    private final Path file;
    private final long maxBytes;
    /** Held while the disk works: nobody calls who must not wait. */
    private final ReentrantLock lock = new ReentrantLock();
    private MVStore store;
    private MVMap<String, String> events;
    private MVMap<String, String> numbers;
    private int removed;
    private long removedNanos;
    private boolean closed;
    private volatile long size;
    private volatile long bytes;

    private FileSpool(Path file, long maxBytes) {
        this.file = file;
        this.maxBytes = maxBytes;
    }

    /**
     * Opens the spool of a directory, which is made if there is none.
     *
     * @param  directory   where
     * @param  maxBytes    how much it may hold
     * @throws IOException if it cannot be read or written, or is in use
     */
    public static FileSpool open(String directory, long maxBytes) throws IOException {
        try {
            Path file = Path.of(directory).resolve(FILE);
            makeOwnersOnly(file);
            FileSpool spool = new FileSpool(file, maxBytes);
            spool.open();
            return spool;
        } catch (InvalidPathException e) {
            throw new IOException("The spool's directory has an impossible name: " + e.getReason(), e);
        }
    }

    /** What people said stands in there. */
    private static void makeOwnersOnly(Path file) throws IOException {
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        if (!Files.isDirectory(file.getParent())) {
            Files.createDirectories(file.getParent(), posix ? permissions("rwx------") : new FileAttribute<?>[0]);
        }
        if (!Files.exists(file)) {
            Files.createFile(file, posix ? permissions("rw-------") : new FileAttribute<?>[0]);
        } else if (posix) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
    }

    private static FileAttribute<?>[] permissions(String permissions) {
        return new FileAttribute<?>[] { PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions)) };
    }

    private void open() throws IOException {
        try {
            store = new MVStore.Builder().fileName(file.toString()).autoCommitDisabled().cacheSize(CACHE_MEGABYTES).open();
            store.setRetentionTime(RETENTION_MILLIS);
            events = openMap(EVENTS);
            numbers = openMap(NUMBERS);
            noteSize();
        } catch (MVStoreException e) {
            abandon();
            throw new IOException(e.getErrorCode() == DataUtils.ERROR_FILE_LOCKED
                    ? "Spool " + file + " is in use by another consumer or another process; give each a directory of its own"
                    : "Spool " + file + " cannot be read; see to the disk and its permissions, or move the file away, with which "
                      + "what waits in it goes", e);
        }
    }

    /** Text alone: the store's own choice of types would take Java objects too. */
    private MVMap<String, String> openMap(String name) {
        return store.openMap(name, new MVMap.Builder<String, String>()
                .keyType(StringDataType.INSTANCE).valueType(StringDataType.INSTANCE));
    }

    private static String key(String lane, long position) {
        return lane + END_OF_LANE + String.format("%016x", position);
    }

    private static Entry entry(String key, String content) {
        int end = key.lastIndexOf(END_OF_LANE);
        return new Entry(key.substring(0, end), Long.parseLong(key.substring(end + 1), 16), content);
    }

    private static long bytesOf(String key, String content) {
        return ENTRY_BYTES + (long) key.length() + content.length();
    }

    @Override
    public int append(List<Entry> entries) throws IOException {
        return onDisk(() -> {
            long used = usedBytes();
            int kept = 0;
            for (Entry entry : entries) {
                String key = key(entry.lane(), entry.position());
                long more = bytesOf(key, entry.content());
                if (used + more > maxBytes) {
                    break;
                }
                events.put(key, entry.content());
                used += more;
                kept++;
            }
            if (kept > 0 || entries.isEmpty()) {
                commit(used);
            }
            return kept;
        });
    }

    @Override
    public Entry next(String lane, long after) throws IOException {
        return onDisk(() -> {
            String key = events.higherKey(key(lane, after));
            return isOf(lane, key) ? entry(key, events.get(key)) : null;
        });
    }

    @Override
    public Entry last(String lane) throws IOException {
        return onDisk(() -> {
            String key = events.lowerKey(lane + PAST_LANE);
            return isOf(lane, key) ? entry(key, events.get(key)) : null;
        });
    }

    private static boolean isOf(String lane, String key) {
        return key != null && key.startsWith(lane + END_OF_LANE);
    }

    @Override
    public long count(String lane) throws IOException {
        return onDisk(() -> {
            String first = events.ceilingKey(lane + END_OF_LANE);
            String past = events.ceilingKey(lane + PAST_LANE);
            return !isOf(lane, first) ? 0L
                    : (past == null ? events.sizeAsLong() : events.getKeyIndex(past)) - events.getKeyIndex(first);
        });
    }

    @Override
    public void remove(String lane, long position) throws IOException {
        onDisk(() -> {
            String key = key(lane, position);
            String content = events.remove(key);
            if (content != null) {
                numbers.put(BYTES, Long.toString(usedBytes() - bytesOf(key, content)));
                noteSize();
                if (removed++ == 0) {
                    removedNanos = System.nanoTime();
                }
                if (removed >= REMOVALS || System.nanoTime() - removedNanos >= REMOVAL_NANOS) {
                    commit(usedBytes());
                }
            }
            return null;
        });
    }

    @Override
    public void flush() throws IOException {
        onDisk(() -> {
            if (removed > 0) {
                commit(usedBytes());
            }
            if (events.isEmpty() && store.getFileStore().size() > WORTH_COMPACTING_BYTES) {
                store.compactFile(COMPACTION_MILLIS);
            }
            return null;
        });
    }

    @Override
    public List<String> lanes() throws IOException {
        return onDisk(() -> {
            List<String> lanes = new ArrayList<>();
            for (String key = events.firstKey(); key != null;) {
                String lane = entry(key, "").lane();
                lanes.add(lane);
                key = events.ceilingKey(lane + PAST_LANE);
            }
            return lanes;
        });
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    private long usedBytes() {
        String known = numbers.get(BYTES);
        return known == null ? 0 : Long.parseLong(known);
    }

    private void commit(long usedBytes) {
        numbers.put(BYTES, Long.toString(usedBytes));
        store.commit();
        store.sync();
        removed = 0;
        noteSize();
    }

    private void noteSize() {
        size = events.sizeAsLong();
        bytes = usedBytes();
    }

    /** Work on the store, which one error of the disk makes useless: then it is as it was after the last commit. */
    private <T> T onDisk(Work<T> work) throws IOException {
        lock.lock();
        try {
            if (closed) {
                throw new IOException("Spool " + file + " is closed");
            }
            if (store == null) {
                open();
            }
            return work.run();
        } catch (MVStoreException e) {
            abandon();
            throw new IOException("Spool " + file + " cannot be read or written; is the disk full?", e);
        } finally {
            lock.unlock();
        }
    }

    private void abandon() {
        if (store != null) {
            store.closeImmediately();
            store = null;
            removed = 0;
        }
    }

    /** With nothing left in it, the file goes too: what was removed may still stand in it. */
    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            if (store == null) {
                return;
            }
            boolean empty = events.isEmpty();
            if (removed > 0) {
                commit(usedBytes());
            }
            store.close();
            store = null;
            if (empty) {
                Files.deleteIfExists(file);
            }
        } catch (MVStoreException e) {
            abandon();
            throw new IOException("Spool " + file + " cannot be closed in good order", e);
        } finally {
            lock.unlock();
        }
    }

    @FunctionalInterface
    private interface Work<T> {
        T run();
    }
}
