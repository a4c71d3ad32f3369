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

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.camelrealtime.audio.AudioFormat;
import io.github.camelrealtime.session.OutboxEntry.Sound;
import io.github.camelrealtime.session.SentBuffer.Stretch;

/**
 * The audio that left and is not settled, with the commits in between (ROLL-12): what a lost connection got is sent again on
 * the next. Settled is an item whose final transcript has come or after which a response was created, what was cleared, and,
 * where the service ends turns, silence that it has gone past.
 *
 * <p>It keeps what the outbox has sent, and copies nothing. Bounded by ms of audio and by number; beyond, the eldest goes, and
 * is missing only if its connection is lost. Of a connection that another has taken the place of it keeps what is not
 * settled until {@link #takeAll}.
 *
 * <p>Not thread-safe: the outbox's lock guards it.
 */
final class UnsettledAudio {

    /** Pieces kept at most: sources may give very short ones. */
    static final int MAX_ENTRIES = 20_000;
    /** As much before the first thing to be heard is kept: what the service takes before speech, and its delay. */
    static final long LEAD_MILLIS = 1_000;
    /** Number of a connection while there is none. */
    private static final int NOBODY = -1;

    /** What is to be sent again. */
    static final class Again {
        final List<OutboxEntry> entries = new ArrayList<>();
        /** Commits among them, in order. */
        final List<Commit> commits = new ArrayList<>();
        /** Commits among them whose stretch has lost its beginning. */
        final List<Commit> torn = new ArrayList<>();
        /** Items that the service had made of it. */
        Set<String> items = Set.of();
        /** Samples that were wanted and are not there any more. */
        long lostSamples;
        /** Where in the stream the first of them lies, in samples; 0 if there is none. */
        long streamStart() {
            return entries.stream().filter(entry -> entry.isAudio() && entry.stream() != OutboxEntry.NOWHERE)
                    .mapToLong(OutboxEntry::stream).min().orElse(0);
        }

        /** Samples of the stream among them. */
        long streamSamples(AudioFormat format) {
            return entries.stream().filter(entry -> entry.stream() != OutboxEntry.NOWHERE)
                    .mapToLong(OutboxEntry::audioBytes).sum() / format.bytesPerFrame();
        }

        /** Of these, how many are at the beginning of what is not committed. */
        long lostOpenSamples;
    }

    private final AudioFormat format;
    private final StreamMap streams;
    private final long maxBytes;
    private final Deque<OutboxEntry> entries = new ArrayDeque<>();
    private final Map<Integer, SentBuffer> buffers = new LinkedHashMap<>();
    private SentBuffer present;
    private long bytes;
    private long sentSamples;
    private long resentSamples;
    private long lostSamples;
    /** Where in the stream the last ended that left. */
    private long streamEnd;

    /**
     * @param maxMillis ms of audio
     * @param streams   told of what leaves
     */
    UnsettledAudio(AudioFormat format, long maxMillis, StreamMap streams) {
        this.format = format;
        this.streams = streams;
        this.maxBytes = format.bytesOf(maxMillis);
        begin(NOBODY);
    }

    private long samples(long ofBytes) {
        return ofBytes / format.bytesPerFrame();
    }

    // ---- what leaves

    /** From now on it leaves by this connection. What the one before has not committed is of no interest any more. */
    void admitted(int epoch) {
        if (epoch == present.epoch) {
            return;
        }
        present.empty();
        prune(present);
        buffers.remove(NOBODY);
        begin(epoch);
    }

    private void begin(int epoch) {
        present = new SentBuffer(epoch, samples(format.bytesOf(LEAD_MILLIS)));
        buffers.put(epoch, present);
    }

    /** It is about to leave: before the service can say anything of it. */
    void leaving(OutboxEntry entry) {
        if (entry.isAudio()) {
            entry.leaves(present.epoch, present.written());
            long samples = samples(entry.audioBytes());
            if (entry.stream() != OutboxEntry.NOWHERE) {
                streams.leaving(present.epoch, present.written(), entry.stream(), samples);
                streamEnd = entry.stream() + samples;
                resentSamples += entry.isResent() ? samples : 0;
                sentSamples += entry.isResent() ? 0 : samples;
            }
            present.audio(samples, entry.sound());
            keep(entry);
            trim(entry.sound());
        } else if (entry.isCommit()) {
            entry.leaves(present.epoch, present.written());
            keep(entry);
            present.commit(entry);
        } else if (entry.isCarry()) {
            present.carry();
        } else if (entry.isClear()) {
            present.clear();
        }
    }

    private void keep(OutboxEntry entry) {
        entries.add(entry);
        bytes += entry.audioBytes();
        while (bytes > maxBytes && entries.size() > 1 || entries.size() > MAX_ENTRIES) {
            OutboxEntry eldest = entries.poll();
            bytes -= eldest.audioBytes();
            SentBuffer buffer = buffers.get(eldest.epoch());
            if (eldest.sound() == Sound.AUDIBLE && eldest.at() >= buffer.start() && !buffer.isSpeaking()) {
                // the service has had all that time to take it for speech
                buffer.passed(eldest.at() + samples(eldest.audioBytes()));
                lookForSound(buffer);
            }
        }
    }

    /** Lets go of silence, as soon as it cannot be what comes before speech. */
    private void trim(Sound last) {
        if (last == Sound.ANY) {
            return;
        }
        long from = present.openFrom();
        OutboxEntry eldest;
        while ((eldest = entries.peek()) != null && eldest.epoch() == present.epoch && eldest.isAudio()
                && eldest.at() >= present.start() && eldest.at() + samples(eldest.audioBytes()) <= from) {
            bytes -= entries.poll().audioBytes();
        }
    }

    /**
     * It has not left after all.
     *
     * @return whether it was still kept here; if not, it is being sent again already
     */
    boolean takeBack(OutboxEntry entry) {
        if (!entry.isAudio() && !entry.isCommit()) {
            return true;
        }
        if (entries.peekLast() != entry) {
            return false;
        }
        entries.pollLast();
        bytes -= entry.audioBytes();
        if (entry.isCommit()) {
            refused(entry.eventId());
        } else {
            long samples = samples(entry.audioBytes());
            present.audioTakenBack(samples);
            if (entry.stream() != OutboxEntry.NOWHERE) {
                resentSamples -= entry.isResent() ? samples : 0;
                sentSamples -= entry.isResent() ? 0 : samples;
            }
        }
        return true;
    }

    // ---- what the service says

    void speechStarted(int epoch, String itemId, long millis) {
        SentBuffer buffer = buffers.get(epoch);
        if (buffer != null) {
            buffer.speechStarted(itemId, samples(format.bytesOf(millis)));
        }
    }

    void speechStopped(int epoch, String itemId, long millis) {
        SentBuffer buffer = buffers.get(epoch);
        if (buffer != null) {
            buffer.speechStopped(itemId, samples(format.bytesOf(millis)));
        }
    }

    /** Whether the service commits this item by itself, on the present connection, whatever commits of ours are under way. */
    boolean endsByService(String itemId) {
        return present.endsByService(itemId);
    }

    /** Where in the stream, in ms, a commit of ours begins: the service may have taken a part of it before by itself. */
    long startMillis(Commit commit) {
        long from = present.startOf(commit.eventId());
        long start = from < 0 ? 0 : streams.startMillis(present.epoch, from);
        return Math.min(commit.endMillis(), Math.max(commit.startMillis(), start));
    }

    /** Our commit became this item. */
    void answered(String eventId, String itemId) {
        buffers.values().forEach(buffer -> buffer.answered(eventId, itemId));
    }

    /** Our commit was refused. */
    void refused(String eventId) {
        for (SentBuffer buffer : buffers.values()) {
            buffer.refused(eventId);
            lookForSound(buffer);
        }
    }

    /**
     * The service has committed by itself.
     *
     * @return what it has committed, {@code null} if nothing is known of that connection
     */
    Stretch committedByService(int epoch, String itemId) {
        SentBuffer buffer = buffers.get(epoch);
        if (buffer == null) {
            return null;
        }
        Stretch stretch = buffer.committedByService(itemId);
        lookForSound(buffer);
        prune(buffer);
        return stretch;
    }

    /** The service has cleared. Returns whether it was to carry what was cleared to the next connection. */
    boolean cleared(int epoch) {
        SentBuffer buffer = buffers.get(epoch);
        if (buffer == null) {
            return false;
        }
        boolean carries = buffer.cleared();
        prune(buffer);
        return carries && buffer == present;
    }

    /** The item is settled: its final transcript has come, or it was deleted. */
    void settled(String itemId) {
        for (SentBuffer buffer : buffers.values()) {
            if (buffer.settle(itemId)) {
                prune(buffer);
            }
        }
    }

    /** The model answers what it was told on this connection. */
    void responded(int epoch) {
        SentBuffer buffer = buffers.get(epoch);
        if (buffer != null) {
            buffer.settleAll();
            prune(buffer);
        }
    }

    private void lookForSound(SentBuffer buffer) {
        buffer.unheard();
        for (OutboxEntry entry : entries) {
            if (entry.isAudio() && entry.epoch() == buffer.epoch && entry.sound() != Sound.QUIET
                    && entry.at() + samples(entry.audioBytes()) > buffer.start()) {
                buffer.heardFrom(Math.max(entry.at(), buffer.start()));
                return;
            }
        }
    }

    /** Lets go of what is not wanted again. */
    private void prune(SentBuffer buffer) {
        for (Iterator<OutboxEntry> kept = entries.iterator(); kept.hasNext();) {
            OutboxEntry entry = kept.next();
            if (entry.epoch() == buffer.epoch && !isWanted(buffer, entry)) {
                kept.remove();
                bytes -= entry.audioBytes();
            }
        }
    }

    private boolean isWanted(SentBuffer buffer, OutboxEntry entry) {
        return entry.isCommit()
                ? buffer.wants(entry)
                : buffer.wants(entry.at(), entry.at() + samples(entry.audioBytes()));
    }

    // ---- what is to be sent again

    /** Number of the connection that things leave by. */
    int presentEpoch() {
        return present.epoch;
    }

    /** Whether nothing is in the service's buffer that has to stay together with what follows. */
    boolean isBufferEmpty() {
        return present.isEmpty();
    }

    /** Whether the service hears somebody speak on the present connection. */
    boolean isSpeaking() {
        return present.isSpeaking();
    }

    /** As much of the service's buffer as is not committed and may be speech, in samples. */
    long openSamples() {
        return present.isEmpty() ? 0 : present.written() - present.openFrom();
    }

    /** Where on the present connection what is not committed begins to be heard, in samples. */
    long heardFrom() {
        return present.heardFrom();
    }

    /** As much audio as the present connection got, in samples. */
    long written() {
        return present.written();
    }

    /**
     * The connection is gone: takes out what is not settled of what it got.
     *
     * @param turnEnd silence after which the service ends a turn: behind one that it had ended when other sound followed
     */
    Again takeAll(int epoch, byte[] turnEnd) {
        Again again = new Again();
        SentBuffer buffer = buffers.get(epoch);
        if (buffer == null) {
            return again;
        }
        if (maxBytes > 0) {
            again.items = buffer.itemIds();
            take(buffer, buffer.unsettled(), turnEnd, again);
        } else {
            giveUp(buffer, again);
        }
        drop(epoch);
        buffers.remove(epoch);
        if (buffer == present) {
            begin(NOBODY);
        }
        return again;
    }

    /** Nothing is sent again: all that is not settled is lost, but silence. */
    private void giveUp(SentBuffer buffer, Again again) {
        again.lostOpenSamples = buffer.written() - buffer.heardFrom();
        again.lostSamples = again.lostOpenSamples;
        for (Stretch stretch : buffer.unsettled()) {
            again.lostSamples += stretch.isOpen() ? 0 : stretch.to - stretch.from();
        }
        lostSamples += again.lostSamples;
    }

    private void drop(int epoch) {
        entries.removeIf(entry -> entry.epoch() == epoch);
        bytes = entries.stream().mapToLong(OutboxEntry::audioBytes).sum();
    }

    /** The next connection goes on with what this one got and does not commit. */
    Again takeOpen() {
        Again again = new Again();
        take(present, present.uncommitted(), new byte[0], again);
        present.carried();
        return again;
    }

    private void take(SentBuffer buffer, List<Stretch> stretches, byte[] turnEnd, Again again) {
        long end = -1;
        boolean service = false;
        for (Stretch stretch : stretches) {
            long found = copy(buffer, stretch, service && stretch.from() > end ? turnEnd : new byte[0], again);
            long missing = stretch.to - stretch.from() - found;
            again.lostSamples += missing;
            again.lostOpenSamples = stretch == stretches.get(stretches.size() - 1) ? missing : 0;
            if (stretch.commit != null) {
                commit(stretch, found, missing, again);
            }
            service = stretch.byService && found > 0;
            end = stretch.to;
        }
        if (service) {
            again.entries.add(OutboxEntry.silenceAgain(turnEnd));
        }
        entries.removeIf(entry -> {
            boolean taken = entry.epoch() == buffer.epoch && isIn(stretches, entry);
            bytes -= taken ? entry.audioBytes() : 0;
            return taken;
        });
        lostSamples += again.lostSamples;
    }

    private boolean isIn(List<Stretch> stretches, OutboxEntry entry) {
        long end = entry.at() + samples(entry.audioBytes());
        return stretches.stream().anyMatch(stretch -> entry.isCommit()
                ? stretch.commit == entry : entry.at() < stretch.to && end > stretch.from());
    }

    private static void commit(Stretch stretch, long found, long missing, Again again) {
        if (found == 0) {
            return;
        }
        Commit commit = stretch.commit.commit();
        again.entries.add(stretch.commit.again());
        if (commit != null) {
            again.commits.add(commit);
            if (missing > 0) {
                again.torn.add(commit);
            }
        }
    }

    /** Returns how many samples of the stretch are there. */
    private long copy(SentBuffer buffer, Stretch stretch, byte[] before, Again again) {
        int width = format.bytesPerFrame();
        long found = 0;
        for (OutboxEntry entry : entries) {
            if (!entry.isAudio() || entry.epoch() != buffer.epoch) {
                continue;
            }
            long from = Math.max(entry.at(), stretch.from());
            long to = Math.min(entry.at() + samples(entry.audioBytes()), stretch.to);
            if (from < to) {
                if (found == 0 && before.length > 0) {
                    again.entries.add(OutboxEntry.silenceAgain(before));
                }
                again.entries.add(entry.again(
                        (int) (from - entry.at()) * width, (int) (to - entry.at()) * width, width));
                found += to - from;
            }
        }
        return found;
    }

    // ---- what is known

    /** Where in the stream the last audio ended that left, in samples. */
    long streamEnd() {
        return streamEnd;
    }

    /** Samples of the stream that left, each once. */
    long sentSamples() {
        return sentSamples;
    }

    /** Samples of the stream that left again. */
    long resentSamples() {
        return resentSamples;
    }

    /** Samples that were wanted again when they were not there any more. */
    long lostSamples() {
        return lostSamples;
    }

    /** Samples of the stream that are kept and not settled. */
    long unsettledSamples() {
        long samples = 0;
        for (SentBuffer buffer : buffers.values()) {
            for (Stretch stretch : buffer.unsettled()) {
                samples += kept(buffer, stretch);
            }
        }
        return samples;
    }

    private long kept(SentBuffer buffer, Stretch stretch) {
        long samples = 0;
        for (OutboxEntry entry : entries) {
            if (entry.epoch() == buffer.epoch && entry.stream() != OutboxEntry.NOWHERE) {
                long end = Math.min(entry.at() + samples(entry.audioBytes()), stretch.to);
                samples += Math.max(0, end - Math.max(entry.at(), stretch.from()));
            }
        }
        return samples;
    }

    /** Audio kept, in bytes. */
    long bytes() {
        return bytes;
    }

    /** The session is closed: everything begins anew. */
    void reset() {
        entries.clear();
        buffers.clear();
        bytes = 0;
        sentSamples = 0;
        resentSamples = 0;
        lostSamples = 0;
        streamEnd = 0;
        begin(NOBODY);
    }
}
