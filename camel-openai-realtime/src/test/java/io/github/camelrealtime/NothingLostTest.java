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
package io.github.camelrealtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelrealtime.event.SessionType;
import io.github.camelrealtime.session.InputAccounts;
import io.github.camelrealtime.session.LocalEvents;
import io.github.camelrealtime.session.Question;
import io.github.camelrealtime.session.SessionEvent;
import io.github.camelrealtime.session.TranscriptAssembler;
import io.github.camelrealtime.simulator.Expiry;
import io.github.camelrealtime.simulator.SampleRange;
import io.github.camelrealtime.simulator.Scenario;
import io.github.camelrealtime.simulator.TranscriptionScript;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * T1: hours of a stream over connections that live a quarter of an hour, as those of the service live an hour; what was
 * transcribed is told to the sample. The service answers after 20 to 120 ms, its transcripts come two seconds late.
 */
@Tag("hours")
class NothingLostTest {

    private static final Duration LIFE = Duration.ofMinutes(15);
    /** A chunk of G.711 is 40 ms. */
    private static final long CHUNK_MILLIS = 40;

    private static Scenario scenario(Expiry expiry) {
        return Scenario.builder().latency(Duration.ofMillis(20), Duration.ofMillis(120))
                .transcription(TranscriptionScript.late(Duration.ofSeconds(2))).thinkTime(Duration.ofMillis(500))
                .expiry(expiry).build();
    }

    /** Who ends turns, in which kind of session. */
    enum Kind {
        /** Segments of the client's own making. */
        SEGMENTS(SessionType.TRANSCRIPTION, "none"),
        /** Commits by hand, about one a minute, without a pause between them. */
        COMMITS(SessionType.TRANSCRIPTION, "none"),
        /** The service, in a transcription session. */
        VAD(SessionType.TRANSCRIPTION, "server_vad"),
        /** The service, which answers each turn. */
        TALK(SessionType.REALTIME, "server_vad"),
        /** Turns ended by hand in a conversation, each with an answer. */
        MANUAL(SessionType.REALTIME, "none");

        private final SessionType type;
        private final String detection;

        Kind(SessionType type, String detection) {
            this.type = type;
            this.detection = detection;
        }

        void options(OpenAIRealtimeConfiguration options) {
            options.setSessionType(type);
            options.setTurnDetection(detection);
            options.setTranscriptionModel("gpt-4o-transcribe");
            options.setSegmentation(this == SEGMENTS);
            options.setRolloverBefore(90_000L);
            options.setRolloverDeadline(10_000L);
            options.setRolloverJitter(0L);
            // what a live source gives while there is no connection is kept for 2 s by default
            options.setMaxQueuedAudio(60_000L);
        }

        boolean isByHand() {
            return this == COMMITS || this == MANUAL;
        }
    }

    /** What a run has come to. */
    private static final class Outcome implements AutoCloseable {

        private final HeardLog ears = new HeardLog();
        private final VirtualWorld world;
        private final Kind kind;
        private final LongRun run;
        private final Random random;
        private final List<SampleRange> wanted = new ArrayList<>();

        private Outcome(Kind kind, long seed, Expiry expiry, Consumer<OpenAIRealtimeConfiguration> more) {
            this.world = VirtualWorld.onOneThread(
                    builder -> builder.transcriber(ears).sessionLifetime(LIFE).scenario(scenario(expiry)));
            this.kind = kind;
            this.random = new Random(seed);
            this.run = new LongRun(world, options -> {
                kind.options(options);
                more.accept(options);
            }).open();
        }

        /** Speech and pauses of many lengths, for so long. */
        private void talk(Duration time) {
            long until = run.given() + samples(time.toMillis());
            long commitAt = run.given() + samples(60_000);
            while (run.given() < until) {
                run.speak(Duration.ofMillis(100L * (8 + random.nextInt(80))));
                if (kind == Kind.MANUAL) {
                    endTurn();
                } else if (kind == Kind.COMMITS && run.given() >= commitAt) {
                    run.commit();
                    commitAt += samples(60_000);
                }
                rest(Duration.ofMillis(100L * (9 + random.nextInt(30))));
            }
        }

        /** Who pushes to talk lets go meanwhile. */
        private void rest(Duration time) {
            if (kind == Kind.MANUAL) {
                world.pass(time);
            } else {
                run.rest(time);
            }
        }

        private void endTurn() {
            run.session().conversation().endTurn(Question.unawaited(null, null, null));
            world.settle();
        }

        /** What was said last gets its transcript. */
        private void comeToRest() {
            if (kind.isByHand()) {
                run.commit();
            }
            run.rest(Duration.ofSeconds(kind.isByHand() ? 0 : 5));
            world.pass(Duration.ofSeconds(40));
            wanted.addAll(kind.isByHand() ? List.of(new SampleRange(0, run.given())) : run.spoken());
        }

        private StreamTally tally() {
            return StreamTally.of(wanted, run.transcribed());
        }

        private List<JsonNode> told(String type) {
            return run.events(type).stream().map(event -> event.event().getJson()).toList();
        }

        /** What must hold in any case. */
        private void check() {
            StreamTally tally = tally();
            assertThat(StreamTally.without(tally.lost(), answeredUnworded())).as("lost").isEmpty();
            assertThat(tally.doubled()).as("given out twice").isEmpty();
            assertThat(tally.early()).as("out of order").isEmpty();
            assertThat(run.events()).extracting(SessionEvent::sessionName).containsOnly("long");
            List<TranscriptAssembler.Progress> finals = run.events().stream().map(SessionEvent::transcript)
                    .filter(progress -> progress != null && progress.settled()).toList();
            assertThat(finals).extracting(TranscriptAssembler.Progress::deduplicationId).doesNotHaveDuplicates();
            checkTimes();
            InputAccounts accounts = run.session().audio().accounts();
            assertThat(accounts.given()).isEqualTo(run.given());
            assertThat(accounts.dropped()).isZero();
            assertThat(accounts.settled() + accounts.unsettled()).as("%s", accounts).isEqualTo(accounts.sent());
            if (kind.isByHand()) {
                assertThat(accounts).isEqualTo(new InputAccounts(
                        run.given(), run.given(), run.given(), accounts.resent(), 0, 0));
            }
            told(LocalEvents.SESSION_DRAINED).forEach(drained -> assertThat(drained.path("missing").asInt()).isZero());
        }

        /** What the model had begun to answer on a connection that was cut before the transcript came is not said again. */
        private List<SampleRange> answeredUnworded() {
            List<SampleRange> unworded = new ArrayList<>();
            for (SessionEvent event : run.events(LocalEvents.TRANSCRIPT_MISSING)) {
                assertThat(kind.type).isEqualTo(SessionType.REALTIME);
                assertThat(event.event().getJson().path("reason").asText()).isEqualTo("reconnecting");
                unworded.add(new SampleRange(
                        samples(event.transcript().startMillis()), samples(event.transcript().endMillis() + 1)));
            }
            return unworded;
        }

        /** TIM-1 */
        private void checkTimes() {
            for (SessionEvent event : run.events("conversation.item.input_audio_transcription.completed")) {
                List<SampleRange> heard = StreamPattern.ranges(List.of(event.event().getJson().path("transcript").asText()));
                TranscriptAssembler.Progress progress = event.transcript();
                assertThat(progress.startMillis()).as("start of %s", heard).isNotNull();
                assertThat((double) progress.startMillis()).as("start of %s", heard)
                        .isCloseTo(heard.get(0).first() / 8.0, within(CHUNK_MILLIS));
                assertThat((double) progress.endMillis()).as("end of %s", heard)
                        .isCloseTo(heard.get(heard.size() - 1).end() / 8.0, within(CHUNK_MILLIS));
            }
        }

        /** Nothing but planned rollovers. */
        private void checkPlanned(int rollovers) {
            check();
            assertThat(run.events(LocalEvents.TRANSCRIPT_MISSING)).isEmpty();
            List<JsonNode> told = told(LocalEvents.SESSION_ROLLOVER);
            assertThat(told).hasSizeGreaterThanOrEqualTo(rollovers);
            assertThat(told).allSatisfy(rollover -> {
                JsonNode samples = rollover.path("samples");
                assertThat(samples.path("resent").asLong()).as("%s", samples).isZero();
                assertThat(samples.path("dropped").asLong()).as("%s", samples).isZero();
                assertThat(samples.path("settled").asLong() + samples.path("unsettled").asLong()).as("%s", samples)
                        .isEqualTo(samples.path("sent").asLong());
                assertThat(rollover.path("forced").asBoolean()).isFalse();
            });
            assertThat(told(LocalEvents.SESSION_DRAINED)).hasSameSizeAs(told);
            assertThat(run.events(LocalEvents.SESSION_RECONNECTING)).isEmpty();
            StreamTally service = StreamTally.of(List.of(), ears.heard());
            assertThat(service.doubled()).as("heard twice by the service").isEmpty();
            assertThat(run.session().status().repeatedFinals()).isZero();
        }

        /** Cuts, too. */
        private void checkCuts(int cuts) {
            check();
            List<JsonNode> told = told(LocalEvents.SESSION_RECONNECTING);
            assertThat(told).hasSizeGreaterThanOrEqualTo(cuts);
            List<SampleRange> announced = new ArrayList<>();
            for (JsonNode loss : told) {
                assertThat(loss.path("dropped_audio_ms").asLong()).isZero();
                long from = samples(loss.path("resent_from_ms").asLong());
                announced.add(new SampleRange(from, from + samples(loss.path("resent_audio_ms").asLong() + 1)));
            }
            StreamTally service = StreamTally.of(List.of(), ears.heard());
            assertThat(StreamTally.without(service.doubled(), announced)).as("heard twice, and not announced").isEmpty();
        }

        @Override
        public void close() {
            run.close();
            world.close();
        }
    }

    private static long samples(long millis) {
        return millis * StreamPattern.SAMPLES_PER_MILLI;
    }

    private static Offset<Double> within(long millis) {
        return Offset.offset((double) millis);
    }

    private static void nothingElse(OpenAIRealtimeConfiguration options) {
        // the options of the kind are all
    }

    // ---- planned

    @ParameterizedTest(name = "T1 ROLL-2 ROLL-3 ROLL-20 TIM-1 ING-2 {0}: 3 hours, 12 planned rollovers, nothing lost or doubled, in order")
    @EnumSource(value = Kind.class, names = { "SEGMENTS", "COMMITS" })
    void threeHours(Kind kind) {
        planned(kind, Duration.ofHours(3), 12);
    }

    @ParameterizedTest(name = "T1 ROLL-2 ROLL-3 ROLL-20 TIM-1 {0}: an hour, 4 planned rollovers, nothing lost or doubled, in order")
    @EnumSource(value = Kind.class, names = { "VAD", "TALK", "MANUAL" })
    void oneHour(Kind kind) {
        planned(kind, Duration.ofHours(1), 4);
    }

    @Tag("soak")
    @ParameterizedTest(name = "T1 {0}: a day")
    @EnumSource(Kind.class)
    void aDay(Kind kind) {
        planned(kind, Duration.ofHours(24), 100);
    }

    private void planned(Kind kind, Duration time, int rollovers) {
        try (Outcome outcome = new Outcome(kind, 1, Expiry.CLOSE, NothingLostTest::nothingElse)) {
            outcome.talk(time);
            outcome.comeToRest();
            outcome.checkPlanned(rollovers);
        }
    }

    // ---- cuts

    @ParameterizedTest(name = "T1 ROLL-3 ROLL-12 ROLL-13 TIM-1 ING-2 {0}: 3 hours with 5 random cuts: nothing lost, doubled only what was announced")
    @EnumSource(value = Kind.class, names = { "SEGMENTS", "COMMITS" })
    void threeHoursWithCuts(Kind kind) {
        cuts(kind, 1, Duration.ofHours(3), 5);
    }

    @ParameterizedTest(name = "T1 ROLL-3 ROLL-12 ROLL-13 TIM-1 {0}: an hour with 5 random cuts: nothing lost, doubled only what was announced")
    @EnumSource(value = Kind.class, names = { "VAD", "TALK", "MANUAL" })
    void oneHourWithCuts(Kind kind) {
        cuts(kind, 1, Duration.ofHours(1), 5);
    }

    @Tag("soak")
    @ParameterizedTest(name = "T1 {0}: 20 hours of 20 seeds with 20 cuts each")
    @EnumSource(Kind.class)
    void manyCuts(Kind kind) {
        for (long seed = 2; seed < 22; seed++) {
            cuts(kind, seed, Duration.ofHours(1), 20);
        }
    }

    private void cuts(Kind kind, long seed, Duration time, int cuts) {
        try (Outcome outcome = new Outcome(kind, seed, Expiry.CLOSE, NothingLostTest::nothingElse)) {
            Random random = new Random(seed);
            for (int i = 0; i < cuts; i++) {
                outcome.world.clock().schedule(random.nextLong(time.toMillis()), () -> outcome.world.link().cut());
            }
            outcome.talk(time);
            outcome.comeToRest();
            outcome.checkCuts(cuts);
        }
    }

    // ---- expiry

    @ParameterizedTest(name = "T1 ROLL-4 ROLL-12 sessions that just end, shape {0}: nothing lost, doubled only what was announced")
    @EnumSource(Expiry.class)
    void expiry(Expiry how) {
        for (Kind kind : Kind.values()) {
            try (Outcome outcome = new Outcome(kind, 1, how, options -> options.setRollover(false))) {
                outcome.talk(Duration.ofMinutes(31));
                outcome.comeToRest();
                outcome.checkCuts(2);
            }
        }
    }
}
