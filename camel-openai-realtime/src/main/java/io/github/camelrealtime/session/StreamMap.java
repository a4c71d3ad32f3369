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

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Where in the stream of audio given a moment of a connection lies, and when that was (TIM-1). The service counts the audio
 * that one connection got; what was dropped it does not count, silence of our own making it does, and what is sent again it
 * counts anew. So this is kept by the samples that left, piece by piece; pieces that follow on each other are one.
 *
 * <p>Positions are samples from the beginning of the stream. Bounded: of each of the last {@link #MAX_EPOCHS} connections
 * the last {@link #MAX_PIECES} pieces, and as many moments. Thread-safe, with a lock of its own that calls nobody.
 */
final class StreamMap {

    private static final int MAX_EPOCHS = 4;
    private static final int MAX_PIECES = 4_096;
    /** As much may a moment differ from what those before it let expect before it is noted; in ms. */
    private static final long TOLERANCE_MILLIS = 20;
    private static final long MILLIS_PER_SECOND = 1_000;

    private static final class Piece {
        final long session;
        final long stream;
        long length;

        Piece(long session, long stream, long length) {
            this.session = session;
            this.stream = stream;
            this.length = length;
        }

        /** Where in the stream this sample of the connection lies; before or behind the piece, its next end. */
        long at(long sample) {
            return stream + Math.max(0, Math.min(sample - session, length));
        }
    }

    private final int rate;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Integer, List<Piece>> epochs = new LinkedHashMap<>();
    /** ms since 1970 by sample, where time does not simply go on. */
    private final TreeMap<Long, Long> given = new TreeMap<>();
    private final TreeMap<Long, Long> source = new TreeMap<>();
    /** Up to where the last {@link #source} holds. */
    private long sourceEnd;

    /** @param rate samples in a second */
    StreamMap(int rate) {
        this.rate = rate;
    }

    /**
     * Audio of the stream is about to leave.
     *
     * @param session where it will lie in the audio of that connection
     * @param stream  where it lies in the stream
     */
    void leaving(int epoch, long session, long stream, long samples) {
        lock.lock();
        try {
            List<Piece> pieces = epochs.computeIfAbsent(epoch, number -> new ArrayList<>());
            Piece last = pieces.isEmpty() ? null : pieces.get(pieces.size() - 1);
            if (last != null && last.session + last.length == session && last.stream + last.length == stream) {
                last.length += samples;
                return;
            }
            if (pieces.size() == MAX_PIECES) {
                pieces.remove(0);
            }
            pieces.add(new Piece(session, stream, samples));
            if (epochs.size() > MAX_EPOCHS) {
                epochs.remove(epochs.keySet().iterator().next());
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Where in the stream, in ms, something lies that begins at this sample of a connection. In silence of our own making
     * that is where the stream goes on behind it. Of a connection that is not known the moment is taken for one of the stream.
     */
    long startMillis(int epoch, long session) {
        lock.lock();
        try {
            List<Piece> pieces = epochs.get(epoch);
            if (pieces == null) {
                return millis(session);
            }
            int index = index(pieces, session);
            Piece piece = pieces.get(index);
            // the service rounds down to ms, which must not lead into what lay elsewhere
            boolean behind = session + samples(1) > piece.session + piece.length && index + 1 < pieces.size();
            return millis(behind ? pieces.get(index + 1).stream : piece.at(session));
        } finally {
            lock.unlock();
        }
    }

    /** As {@link #startMillis}, for something that ends before this sample: in silence of our own, where that was put in. */
    long endMillis(int epoch, long session) {
        lock.lock();
        try {
            List<Piece> pieces = epochs.get(epoch);
            return millis(pieces == null || session == 0
                    ? session : pieces.get(index(pieces, session - 1)).at(session));
        } finally {
            lock.unlock();
        }
    }

    /** The last piece that does not begin behind this sample, or the first. */
    private static int index(List<Piece> pieces, long session) {
        int low = 0;
        int high = pieces.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (pieces.get(middle).session <= session) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** As many samples as this ms of a connection. */
    long samples(long millis) {
        return millis * rate / MILLIS_PER_SECOND;
    }

    /**
     * Audio has been given.
     *
     * @param stream       its first sample
     * @param atMillis     when that was, ms since 1970
     * @param sourceMillis when its source says that the first sample was, ms since 1970; {@code null} if it does not say
     */
    void given(long stream, long samples, long atMillis, Long sourceMillis) {
        lock.lock();
        try {
            note(given, stream, atMillis);
            if (sourceMillis != null) {
                note(source, stream, sourceMillis);
                sourceEnd = stream + samples;
            } else if (!source.isEmpty() && sourceEnd == stream) {
                // a source goes on as it began: what follows on a piece with a time of its own is counted from there
                sourceEnd += samples;
            }
        } finally {
            lock.unlock();
        }
    }

    private void note(TreeMap<Long, Long> moments, long stream, long atMillis) {
        Long expected = at(moments, stream);
        if (expected != null && Math.abs(expected - atMillis) <= TOLERANCE_MILLIS) {
            return;
        }
        moments.put(stream, atMillis);
        if (moments.size() > MAX_PIECES) {
            moments.pollFirstEntry();
        }
    }

    private Long at(TreeMap<Long, Long> moments, long stream) {
        Map.Entry<Long, Long> before = moments.floorEntry(stream);
        return before == null ? null : before.getValue() + millis(stream - before.getKey());
    }

    /** When this ms of the stream was given, ms since 1970; {@code null} if that is not known (any more). */
    Long givenAt(long streamMillis) {
        lock.lock();
        try {
            return at(given, streamMillis * rate / MILLIS_PER_SECOND);
        } finally {
            lock.unlock();
        }
    }

    /** When this ms of the stream was by the word of its source, ms since 1970; {@code null} if the source does not say. */
    Long sourceTime(long streamMillis) {
        long stream = streamMillis * rate / MILLIS_PER_SECOND;
        lock.lock();
        try {
            return stream > sourceEnd ? null : at(source, stream);
        } finally {
            lock.unlock();
        }
    }

    /** Another stream begins: positions count from 0. */
    void restart() {
        lock.lock();
        try {
            epochs.clear();
            given.clear();
            source.clear();
            sourceEnd = 0;
        } finally {
            lock.unlock();
        }
    }

    private long millis(long samples) {
        return samples * MILLIS_PER_SECOND / rate;
    }
}
