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
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelrealtime.audio.AudioFormat;
import io.github.camelrealtime.audio.G711;

/**
 * Turns that the service ends: how much silence it waits for, and whether it has committed all that could be heard. What
 * it has not committed yet is still owed, though nothing on the wire says so.
 *
 * <p>Thread-safe. No future is completed under the lock.
 */
final class ServerTurns {

    /** The longest that a model is known to wait unless told otherwise. */
    private static final int DEFAULT_SILENCE_MILLIS = 500;
    /** A little more than the silence that ends a turn, so that rounding cannot keep it open. */
    private static final long MARGIN_MILLIS = 200;
    private static final int FRAME_MILLIS = 20;
    /** Without anything to be heard for so long, nobody is in the middle of a word. */
    private static final long PAUSE_MILLIS = 300;
    /** What the service has not noticed by so long after the end of a turn it takes for no speech. */
    private static final long UNNOTICED_MILLIS = 2_000;
    /** Mean power of a frame that may be speech: -50 dB of full scale, quieter than the service's own threshold. */
    private static final double AUDIBLE = 1e-5 * 32_768 * 32_768;
    /** Mean power of a frame that is as loud as speech on a line: -35 dB of full scale. */
    private static final double LOUD = 3.16e-4 * 32_768 * 32_768;

    private record Waiter(CompletableFuture<Void> done, long untilBytes) {
    }

    private final AudioFormat format;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Waiter> waiters = new ArrayList<>();
    private long silenceMillis = DEFAULT_SILENCE_MILLIS;
    /** Positions in bytes of the stream given, over all connections. */
    private long given;
    private long audibleEnd;
    private long committedEnd;
    /** The same before what was given last. */
    private long audibleBefore;
    /** Given since something could last be heard, silence of our own included. */
    private long quiet;
    /** For those who compare: these never go back. */
    private long loudBytes;
    private long allBytes;
    /** The same when the service last said anything. */
    private long loudWhenHeard;
    private long allWhenHeard;
    /** The longest stretch since then in which nothing could be heard, up to what was given before the last. */
    private long longestQuiet;

    /** @param format of the audio given: mono, 16 bit or G.711 */
    ServerTurns(AudioFormat format) {
        this.format = format;
    }

    /** How turns are ended, as we ask for it or as the service says; what is not said stays as it was. */
    void configured(JsonNode turnDetection) {
        long millis = "semantic_vad".equals(turnDetection.path("type").asText())
                ? semanticMillis(turnDetection.path("eagerness").asText())
                : turnDetection.path("silence_duration_ms").asLong();
        lock.lock();
        try {
            if (millis > 0) {
                silenceMillis = millis;
            }
        } finally {
            lock.unlock();
        }
    }

    /** The longest that the model waits before it takes silence for the end (wire reference §3.3). */
    private static long semanticMillis(String eagerness) {
        return switch (eagerness) {
            case "low" -> 8_000;
            case "high" -> 2_000;
            default -> 4_000;
        };
    }

    /** The silence after which the service surely ends a turn. */
    byte[] silence() {
        lock.lock();
        try {
            return format.silence(silenceMillis + MARGIN_MILLIS);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Audio has been given, whole samples.
     *
     * @param  position of its first byte in the stream
     * @return          whether any of it may be speech
     */
    boolean given(byte[] audio, int offset, int length, long position) {
        int frame = (int) format.bytesOf(FRAME_MILLIS);
        boolean audible = false;
        lock.lock();
        try {
            audibleBefore = audibleEnd;
            longestQuiet = longestQuiet();
            quiet += length;
            for (int done = 0; done < length;) {
                int part = Math.min(frame, length - done);
                double power = power(audio, offset + done, part);
                done += part;
                if (power > AUDIBLE) {
                    audible = true;
                    audibleEnd = position + done;
                    quiet = length - done;
                    loudBytes += power > LOUD ? part : 0;
                }
            }
            given = position + length;
            allBytes += length;
        } finally {
            lock.unlock();
        }
        return audible;
    }

    /** What was given last is not sent after all. */
    void takeBack() {
        lock.lock();
        try {
            audibleEnd = audibleBefore;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Silence of our own making goes out: it is no part of the stream.
     *
     * @param length bytes
     */
    void silent(int length) {
        lock.lock();
        try {
            quiet += length;
            allBytes += length;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Whether the speaker pauses: nothing could be heard for a while, and what could be heard before is committed, or so long
     * ago that the service took it for no speech.
     */
    boolean isPause() {
        lock.lock();
        try {
            long committed = audibleEnd <= committedEnd ? 0 : silenceMillis + UNNOTICED_MILLIS;
            return quiet >= format.bytesOf(Math.max(PAUSE_MILLIS, committed)) || given == 0;
        } finally {
            lock.unlock();
        }
    }

    /** Mean square of the samples. */
    private double power(byte[] audio, int offset, int length) {
        int width = format.bytesPerFrame();
        double squares = 0;
        for (int at = offset; at < offset + length; at += width) {
            int sample = switch (format.encoding()) {
                case PCMU -> G711.decodeUlaw(audio[at]);
                case PCMA -> G711.decodeAlaw(audio[at]);
                default -> (audio[at] & 0xFF) | audio[at + 1] << 8;
            };
            squares += (double) sample * sample;
        }
        return squares * width / length;
    }

    /** All that was given so far is dealt with: committed or cleared by our own event. */
    void dealtWith() {
        lock.lock();
        try {
            committedEnd = given;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The service has committed a turn.
     *
     * @param endMillis where it ends in ms of the stream, {@code null} if the service has not said
     */
    void committed(Long endMillis) {
        List<CompletableFuture<Void>> done = new ArrayList<>();
        lock.lock();
        try {
            if (endMillis != null) {
                committedEnd = Math.max(committedEnd, format.bytesOf(endMillis));
            }
            waiters.removeIf(waiter -> waiter.untilBytes() <= committedEnd && done.add(waiter.done()));
        } finally {
            lock.unlock();
        }
        done.forEach(waiter -> waiter.complete(null));
    }

    /** Done when the service has committed what could be heard of the audio given so far. */
    CompletableFuture<Void> settled() {
        lock.lock();
        try {
            CompletableFuture<Void> done = new CompletableFuture<>();
            if (audibleEnd <= committedEnd) {
                done.complete(null);
            } else {
                waiters.add(new Waiter(done, audibleEnd));
            }
            return done;
        } finally {
            lock.unlock();
        }
    }

    /** The service ends no turns any more: what was given so far is not owed. Not to be called with a lock held. */
    void over() {
        List<Waiter> over;
        lock.lock();
        try {
            over = new ArrayList<>(waiters);
            waiters.clear();
            committedEnd = given;
        } finally {
            lock.unlock();
        }
        over.forEach(waiter -> waiter.done().complete(null));
    }

    /** Audio as loud as speech, in ms, of all connections. */
    long loudMillis() {
        lock.lock();
        try {
            return format.millisOf(loudBytes);
        } finally {
            lock.unlock();
        }
    }

    /** The service has said something: what was given before is no longer unheard. */
    void heard() {
        lock.lock();
        try {
            loudWhenHeard = loudBytes;
            allWhenHeard = allBytes;
            longestQuiet = 0;
        } finally {
            lock.unlock();
        }
    }

    /** Audio as loud as speech since the service last said anything, in ms. */
    long loudUnheardMillis() {
        lock.lock();
        try {
            return format.millisOf(loudBytes - loudWhenHeard);
        } finally {
            lock.unlock();
        }
    }

    /** All audio since the service last said anything, in ms. */
    long unheardMillis() {
        lock.lock();
        try {
            return format.millisOf(allBytes - allWhenHeard);
        } finally {
            lock.unlock();
        }
    }

    /** The longest stretch without anything to be heard since the service last said anything, in ms; it may go on. */
    long quietUnheardMillis() {
        lock.lock();
        try {
            return format.millisOf(longestQuiet());
        } finally {
            lock.unlock();
        }
    }

    private long longestQuiet() {
        return Math.max(longestQuiet, Math.min(quiet, allBytes - allWhenHeard));
    }

    /** The silence that ends a turn, in ms. */
    long silenceMillis() {
        lock.lock();
        try {
            return silenceMillis;
        } finally {
            lock.unlock();
        }
    }

    /** What could be heard and is not committed, in bytes, as far as is known. */
    long uncommittedBytes() {
        lock.lock();
        try {
            return Math.max(0, audibleEnd - committedEnd);
        } finally {
            lock.unlock();
        }
    }

    /**
     * The connection is lost.
     *
     * @param position from which on the next one gets the stream, in samples: what lies before is settled, or lost
     */
    void again(long position) {
        lock.lock();
        try {
            long from = position == Long.MAX_VALUE ? given : position * format.bytesPerFrame();
            committedEnd = Math.min(from, given);
        } finally {
            lock.unlock();
        }
    }

    /** Releases those who wait for turns that the service has committed, or will not commit. Completes futures. */
    void release() {
        committed(null);
    }

    /** The session is gone: the next one counts from 0. */
    void reset() {
        List<Waiter> over;
        lock.lock();
        try {
            over = new ArrayList<>(waiters);
            waiters.clear();
            given = 0;
            audibleEnd = 0;
            audibleBefore = 0;
            committedEnd = 0;
            quiet = 0;
            longestQuiet = 0;
        } finally {
            lock.unlock();
        }
        over.forEach(waiter -> waiter.done().complete(null));
    }
}
