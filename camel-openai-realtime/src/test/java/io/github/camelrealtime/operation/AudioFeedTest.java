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
package io.github.camelrealtime.operation;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

import io.github.camelrealtime.audio.AudioFormat;
import io.github.camelrealtime.session.AudioOverflowException;
import io.github.camelrealtime.session.Configs;
import io.github.camelrealtime.session.FakeTransport;
import io.github.camelrealtime.session.FakeTransports;
import io.github.camelrealtime.session.ManualTimers;
import io.github.camelrealtime.session.Overflow;
import io.github.camelrealtime.session.RealtimeException;
import io.github.camelrealtime.session.RealtimeSession;
import io.github.camelrealtime.session.SessionClosedException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static io.github.camelrealtime.session.Futures.failure;
import static io.github.camelrealtime.session.Futures.value;
import static org.assertj.core.api.Assertions.assertThat;

class AudioFeedTest {

    private final ManualTimers timers = new ManualTimers();
    private final FakeTransports transports = new FakeTransports();
    private final Deque<Runnable> work = new ArrayDeque<>();
    private final Source source = new Source();
    private Executor worker = work::add;
    private RealtimeSession session;

    /** Audio that counts how much of it was read, and knows when it was closed. */
    private static final class Source extends InputStream {
        InputStream audio = new ByteArrayInputStream(new byte[0]);
        int read;
        boolean closed;

        Source millis(int millis) {
            audio = new ByteArrayInputStream(new byte[48 * millis]);
            return this;
        }

        @Override
        public int read() {
            throw new IllegalStateException("byte by byte is too slow");
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int n = audio.read(bytes, offset, length);
            read += Math.max(0, n);
            return n;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private AudioFeed feed(Pacing pacing) throws Exception {
        return feed(pacing, Configs.manual());
    }

    private AudioFeed feed(Pacing pacing, Configs configs) throws Exception {
        session = new RealtimeSession("s", configs.build(), transports, timers);
        session.open();
        AudioBody body = AudioBody.open(source, true, BodyFormat.parse("pcm16"), AudioFormat.PCM_24K);
        return new AudioFeed(body, session.audio().recording(AudioFormat.PCM_24K), pacing, timers, worker);
    }

    private FakeTransport ready() {
        return transports.last().ready();
    }

    private int sentMillis() {
        return transports.last().frames("input_audio_buffer.append").stream()
                .mapToInt(frame -> frame.path("audio").asText().length() * 3 / 4 / 48).sum();
    }

    private void work() {
        while (!work.isEmpty()) {
            work.poll().run();
        }
    }

    @Test
    @DisplayName("AIN-18 a recording is carried to its end on the caller's thread as long as there is room")
    void toTheEnd() throws Exception {
        source.millis(60_000);
        AudioFeed feed = feed(Pacing.ASAP);
        ready();
        CompletableFuture<Long> done = feed.start();
        assertThat(value(done)).isEqualTo(60_000);
        assertThat(feed.lastSent()).isCompleted();
        assertThat(sentMillis()).isEqualTo(60_000);
        assertThat(source.closed).isTrue();
        assertThat(work).isEmpty();
    }

    @Test
    @DisplayName("AIN-10 where there is no room it waits without a thread and without reading ahead")
    void waitsForRoom() throws Exception {
        source.millis(60_000);
        AudioFeed feed = feed(Pacing.ASAP);
        CompletableFuture<Long> done = feed.start();
        assertThat(done).isNotDone();
        assertThat(source.read).isBetween(48 * 2_000, 48 * 2_200);
        assertThat(work).isEmpty();
        assertThat(source.closed).isFalse();
        // room comes on the socket's thread, reading goes on at the worker's
        ready();
        assertThat(work).hasSize(1);
        work();
        assertThat(value(done)).isEqualTo(60_000);
        assertThat(sentMillis()).isEqualTo(60_000);
    }

    @Test
    @DisplayName("AIN-7 paced, it gives as much as was due, without drift and without a thread in between")
    void paced() throws Exception {
        source.millis(60_000);
        AudioFeed feed = feed(Pacing.REALTIME);
        ready();
        CompletableFuture<Long> done = feed.start();
        for (int second = 1; second < 60; second++) {
            for (int i = 0; i < 10; i++) {
                timers.advance(100);
                work();
            }
            assertThat(sentMillis()).isBetween(second * 1_000, second * 1_000 + 100);
        }
        assertThat(done).isNotDone();
        timers.advance(1_000);
        work();
        timers.advance(1_000);
        work();
        assertThat(value(done)).isEqualTo(60_000);
        assertThat(timers.waiting()).isZero();
    }

    @Test
    @DisplayName("AIN-18 thousands of waits are no deeper than one")
    void noRecursion() throws Exception {
        source.millis(200_000);
        worker = Runnable::run;
        AudioFeed feed = feed(Pacing.REALTIME, Configs.manual().overflow(Overflow.BLOCK, 100));
        FakeTransport transport = ready();
        int[] deepest = new int[1];
        StackWalker walker = StackWalker.getInstance();
        transport.onSend(frame -> deepest[0] = Math.max(deepest[0], walker.walk(frames -> (int) frames.count())));
        CompletableFuture<Long> done = feed.start();
        timers.advance(300_000);
        assertThat(value(done)).isEqualTo(200_000);
        assertThat(deepest[0]).isLessThan(200);
    }

    @Test
    void aSourceThatBreaksFailsTheFeedAndIsClosed() throws Exception {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("disk on fire");
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                throw new IOException("disk on fire");
            }
        };
        source.audio = new SequenceInputStream(new ByteArrayInputStream(new byte[500]), broken);
        AudioFeed feed = feed(Pacing.ASAP);
        ready();
        assertThat(failure(feed.start())).isInstanceOf(IOException.class).hasMessage("disk on fire");
        assertThat(source.closed).isTrue();
    }

    @Test
    @DisplayName("ROLL-14 a lost session fails a feed that waits")
    void lost() throws Exception {
        source.millis(60_000);
        AudioFeed feed = feed(Pacing.ASAP);
        CompletableFuture<Long> done = feed.start();
        transports.last().listener.onClosed(4000, "");
        work();
        assertThat(failure(done)).isInstanceOf(SessionClosedException.class);
        assertThat(source.closed).isTrue();
        assertThat(source.read).isLessThan(48 * 3_000);
    }

    @Test
    @DisplayName("FLOW-2 overflow=fail fails the feed at the first piece that does not fit: no recording with a hole in it")
    void overflow() throws Exception {
        source.millis(60_000);
        AudioFeed feed = feed(Pacing.ASAP, Configs.manual().overflow(Overflow.FAIL, 500));
        assertThat(failure(feed.start())).isInstanceOf(AudioOverflowException.class);
        assertThat(source.read).isLessThanOrEqualTo(48 * 700);
        ready();
        assertThat(sentMillis()).isEqualTo(500);
    }

    @Test
    void stoppedItReadsNoFurther() throws Exception {
        source.millis(60_000);
        AudioFeed feed = feed(Pacing.REALTIME);
        ready();
        CompletableFuture<Long> done = feed.start();
        int read = source.read;
        feed.stop();
        timers.advance(1_000);
        work();
        assertThat(source.read).isEqualTo(read);
        assertThat(failure(done)).isInstanceOf(CancellationException.class);
        assertThat(source.closed).isTrue();
    }

    @Test
    @DisplayName("AIN-18 what a read gives after the feed has ended does not get into the session any more")
    void readTooLate() throws Exception {
        AudioFeed[] feed = new AudioFeed[1];
        source.audio = new ByteArrayInputStream(new byte[48 * 500]) {
            @Override
            public synchronized int read(byte[] bytes, int offset, int length) {
                if (feed[0] != null) {
                    // as a read that blocked until nobody waited for it any more
                    feed[0].stop();
                }
                return super.read(bytes, offset, length);
            }
        };
        feed[0] = feed(Pacing.ASAP);
        ready();
        assertThat(failure(feed[0].start())).isInstanceOf(CancellationException.class);
        assertThat(sentMillis()).isZero();
    }

    @Test
    void aWorkerThatIsGoneFailsTheFeed() throws Exception {
        source.millis(60_000);
        worker = task -> {
            throw new RejectedExecutionException("shut down");
        };
        AudioFeed feed = feed(Pacing.REALTIME);
        ready();
        CompletableFuture<Long> done = feed.start();
        timers.advance(200);
        assertThat(failure(done)).isInstanceOf(RealtimeException.class).hasMessageContaining("stopping");
        assertThat(source.closed).isTrue();
    }
}
