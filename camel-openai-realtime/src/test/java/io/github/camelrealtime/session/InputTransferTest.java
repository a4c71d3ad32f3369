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
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelrealtime.audio.AudioFormat;
import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.event.ServerEvent;
import io.github.camelrealtime.event.SessionType;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Random audio, in random pieces, over connections that come and go: every sample becomes final once. */
class InputTransferTest {

    private static final int SEEDS = 40;

    /** How audio is made so that each sample tells its place. */
    private record Coding(AudioFormat format, TurnMode turns, int modulus, int base) {

        boolean speaks() {
            return turns != TurnMode.MANUAL;
        }

        int value(long position, boolean loud) {
            return loud ? base + (int) (position % modulus) : 0;
        }

        /** Whether the sample is one of the stream's that counts, and no silence. */
        boolean counts(int value) {
            return value >= base && value < base + modulus;
        }
    }

    private static final Coding MANUAL = new Coding(AudioFormat.PCM_24K, TurnMode.MANUAL, 30_000, 1);
    private static final Coding TELEPHONY = new Coding(AudioFormat.PCMU_8K, TurnMode.MANUAL, 255, 0);
    private static final Coding SERVER = new Coding(AudioFormat.PCM_24K, TurnMode.SERVER, 16_000, 16_384);
    private static final Coding CLIENT = new Coding(AudioFormat.PCM_24K, TurnMode.CLIENT, 16_000, 16_384);

    static Stream<Arguments> seeds() {
        return Stream.of("manual", "telephony", "server", "client")
                .flatMap(mode -> IntStream.range(0, SEEDS).mapToObj(seed -> Arguments.of(mode, seed)));
    }

    private static Coding coding(String mode) {
        return switch (mode) {
            case "manual" -> MANUAL;
            case "telephony" -> TELEPHONY;
            case "server" -> SERVER;
            default -> CLIENT;
        };
    }

    @ParameterizedTest(name = "{0}, seed {1}")
    @MethodSource("seeds")
    @DisplayName("ROLL-3 TIM-1 planned hand-overs, forced or not: no sample is lost, none doubled, each lies where it was given")
    void planned(String mode, int seed) {
        Run run = new Run(coding(mode), seed);
        run.steps(120, false);
        run.check();
        InputAccounts accounts = run.inbox.accounts();
        assertThat(accounts.dropped()).isZero();
        assertThat(accounts.given()).isEqualTo(run.given);
    }

    @ParameterizedTest(name = "{0}, seed {1}")
    @MethodSource("seeds")
    @DisplayName("ROLL-12 ROLL-13 hand-overs and losses: every sample becomes final once; again is sent only what was not final")
    void losses(String mode, int seed) {
        Run run = new Run(coding(mode), seed);
        run.steps(160, true);
        run.check();
        assertThat(run.inbox.accounts().dropped()).isZero();
    }

    private static final class Run {
        final Coding coding;
        final int seed;
        final Random random;
        final Random voice;
        final ManualTimers timers = new ManualTimers();
        final Refusals refusals = new Refusals();
        final Outbox outbox;
        final Spans spans;
        final AudioInbox inbox;
        final List<CountingService> draining = new ArrayList<>();
        final List<Long> finals = new ArrayList<>();
        final List<Long> loudGiven = new ArrayList<>();
        CountingService present;
        CompletableFuture<Void> handOver;
        int epochs;
        long given;
        int gives;
        boolean speaking;
        long untilChange;

        Run(Coding coding, int seed) {
            this.seed = seed;
            this.coding = coding;
            this.random = new Random(seed);
            this.voice = new Random(seed);
            Configs configs = Configs.manual();
            configs.turns = coding.turns();
            if (coding.turns() != TurnMode.MANUAL && seed % 2 == 0) {
                configs.type = SessionType.TRANSCRIPTION;
            }
            SessionConfig config = configs.format(coding.format()).overflow(Overflow.BLOCK, 2_000).build();
            outbox = new Outbox("s", config.inputFormat(), config.audioQueue(), timers);
            outbox.onLeaving(event -> {
                refusals.leaves(event.getEventId());
                return event;
            });
            spans = new Spans(outbox.streams());
            inbox = new AudioInbox("s", config, outbox, refusals, spans, timers);
            connect();
        }

        void connect() {
            present = new CountingService(
                    ++epochs, coding.format().sampleRate(), coding.format().bytesPerFrame(), coding.turns() == TurnMode.SERVER);
            inbox.admitted(epoch(epochs));
            outbox.admit(present);
            outbox.drain();
        }

        Epoch epoch(int number) {
            return new Epoch(null, null, number, spans);
        }

        void steps(int steps, boolean losses) {
            for (int i = 0; i < steps; i++) {
                int what = random.nextInt(100);
                if (what < 55) {
                    give();
                } else if (what < 63 && !coding.speaks()) {
                    inbox.commit(false);
                } else if (what < 80) {
                    speak(1 + random.nextInt(4));
                } else if (what < 84) {
                    draining.stream().findAny().ifPresent(this::end);
                } else if (what < 90 && present != null && handOver == null) {
                    boolean forced = random.nextBoolean();
                    if (forced || inbox.isPause()) {
                        handOver = inbox.handOver(forced);
                    }
                } else if (what < 93 && present != null) {
                    present.queued = present.queued > 0 ? 0 : Outbox.MARK_BYTES + 1;
                } else if (what < 96 && losses) {
                    lose();
                } else if (present == null) {
                    connect();
                } else if (losses && what == 99) {
                    present.alive = false;
                } else {
                    timers.advance(random.nextInt(50));
                }
                moveOn();
            }
            finish();
        }

        /** The hand-over is done: the next takes the place of the present one, which is listened to for a while. */
        void moveOn() {
            if (handOver != null && handOver.isDone() && present != null) {
                handOver = null;
                draining.add(present);
                connect();
            }
        }

        void lose() {
            if (present == null) {
                return;
            }
            present.alive = false;
            outbox.shut();
            present = null;
            handOver = null;
            OutboxCut cut = inbox.cut(new SessionClosedException("s", "lost"), Set.of());
            refusals.cut(cut.staying);
        }

        /** The old connection ends, with or without having said all. */
        void end(CountingService old) {
            draining.remove(old);
            inbox.drained(epoch(old.number));
        }

        void give() {
            gives++;
            int length = 1 + voice.nextInt(coding.format().sampleRate() / 4);
            int width = coding.format().bytesPerFrame();
            byte[] audio = new byte[length * width];
            for (int i = 0; i < length; i++, given++) {
                if (coding.speaks() && untilChange-- == 0) {
                    speaking = !speaking;
                    int most = coding.format().sampleRate() * (speaking ? 2 : 1);
                    untilChange = coding.format().sampleRate() * 7L / 10 + voice.nextInt(most);
                }
                // in syllables, as our segmenter takes what goes on and on for noise
                boolean loud = !coding.speaks() || speaking && given * 1000 / coding.format().sampleRate() % 250 < 180;
                if (loud) {
                    loudGiven.add(given);
                }
                int value = coding.value(given, loud);
                audio[i * width] = (byte) value;
                if (width == 2) {
                    audio[2 * i + 1] = (byte) (value >> 8);
                }
            }
            inbox.piece(coding.format(), audio.length).append(audio, 0, audio.length);
        }

        void speak(int times) {
            List<CountingService> all = new ArrayList<>(draining);
            if (present != null) {
                all.add(present);
            }
            for (int i = 0; i < times && !all.isEmpty(); i++) {
                CountingService service = all.get(random.nextInt(all.size()));
                if (!service.events.isEmpty()) {
                    tell(service, Events.of(service.events.poll()));
                } else if (!service.owed.isEmpty()) {
                    transcript(service);
                }
            }
        }

        private void tell(CountingService service, ServerEvent event) {
            if (EventTypes.ERROR.equals(event.getType())) {
                JsonNode error = event.getJson().path("error");
                String id = error.path("event_id").asText();
                Predicate<RequestRefusedException> addressee = refusals.take(id, error.path("code").asText(), null, "");
                assertThat(addressee).as("who asked for %s", id).isNotNull();
                addressee.test(new RequestRefusedException("s", "t", "c", "m", null, id));
            } else {
                inbox.onEvent(service.number, event);
            }
        }

        private void transcript(CountingService service) {
            String itemId = service.transcript(random);
            note(service.items.get(itemId), spans.find(itemId));
            tell(service, Events.of("{'type':'conversation.item.input_audio_transcription.completed','item_id':'" + itemId
                                    + "','content_index':0,'transcript':'t'}"));
        }

        /** Notes where in the stream the samples of an item lie: by its span for the first, from there by what they say. */
        private void note(int[] samples, Spans.Span span) {
            assertThat(span).isNotNull();
            long at = Math.max(0, span.startMillis() * coding.format().sampleRate() / 1000);
            for (int value : samples) {
                if (coding.counts(value)) {
                    at += Math.floorMod(value - coding.base() - at, coding.modulus());
                    finals.add(at++);
                }
            }
        }

        void finish() {
            if (present == null) {
                connect();
            }
            if (!present.alive) {
                lose();
                connect();
            }
            present.queued = 0;
            timers.advance(10);
            inbox.endOfStream();
            for (int i = 0; i < 10_000 && (i < 20 || busy()); i++) {
                outbox.drain();
                speak(5);
                moveOn();
                if (i == 15) {
                    List.copyOf(draining).forEach(this::end);
                }
            }
            assertThat(busy()).isFalse();
        }

        /** What becomes final of the same audio on one connection that stands: our segmenter keeps some of it to itself. */
        private List<Long> undisturbed() {
            Run quiet = new Run(coding, seed);
            for (int i = 0; i < gives; i++) {
                quiet.give();
            }
            quiet.finish();
            return quiet.finals.stream().sorted().toList();
        }

        /** As ranges, which a message can show. */
        private static String describe(List<Long> positions) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < positions.size(); i++) {
                int start = i;
                while (i + 1 < positions.size() && positions.get(i + 1) == positions.get(i) + 1) {
                    i++;
                }
                text.append(positions.get(start)).append('-').append(positions.get(i)).append(' ');
            }
            return text.toString();
        }

        private boolean busy() {
            return handOver != null || !present.events.isEmpty() || !present.owed.isEmpty() || outbox.queuedAudioMillis() > 0;
        }

        void check() {
            List<Long> sorted = finals.stream().sorted().toList();
            assertThat(describe(sorted)).isEqualTo(describe(coding.turns() == TurnMode.CLIENT ? undisturbed() : loudGiven));
            assertThat(inbox.dues().commits().isInOrder()).isTrue();
        }
    }
}
