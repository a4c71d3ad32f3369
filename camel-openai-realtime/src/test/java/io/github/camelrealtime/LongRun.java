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
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import io.github.camelrealtime.audio.AudioFormat;
import io.github.camelrealtime.event.EventTypes;
import io.github.camelrealtime.session.RealtimeSession;
import io.github.camelrealtime.session.SessionConfig;
import io.github.camelrealtime.session.SessionEvent;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.SampleRange;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One session in a {@link VirtualWorld}, without Camel, that is given the {@link StreamPattern} at the pace of a live source; so
 * a test can say after hours which samples were transcribed, how often and in which order. Single-threaded.
 */
public final class LongRun implements AutoCloseable {

    private static final int CHUNK_MILLIS = 100;

    private final VirtualWorld world;
    private final RealtimeSession session;
    private final List<SessionEvent> events = new ArrayList<>();
    private final List<SampleRange> spoken = new ArrayList<>();
    private long given;

    /** @param options the session's, beyond address, key and the format of the audio */
    public LongRun(VirtualWorld world, Consumer<OpenAIRealtimeConfiguration> options) {
        this(world, config(options));
    }

    /** @param config for G.711 µ-law */
    public LongRun(VirtualWorld world, SessionConfig config) {
        this.world = world;
        this.session = new RealtimeSession("long", config, world.transports(), world.timers());
        // deltas of the model's audio are all that would not fit
        session.subscribe(event -> {
            if (!EventTypes.RESPONSE_OUTPUT_AUDIO_DELTA.equals(event.event().getType())) {
                events.add(event);
            }
        });
    }

    /** The configuration that these options make of a session, as a route's options would. */
    public static SessionConfig config(Consumer<OpenAIRealtimeConfiguration> options) {
        OpenAIRealtimeConfiguration configuration = new OpenAIRealtimeConfiguration();
        configuration.setBaseUrl(VirtualCamel.ADDRESS);
        configuration.setApiKey(RealtimeCamel.API_KEY);
        configuration.setInputAudioFormat("pcmu");
        options.accept(configuration);
        return SessionConfigFactory.create(configuration, false);
    }

    /** Opens the session and sees it ready, within ten seconds. */
    public LongRun open() {
        CompletableFuture<Void> opened = session.open();
        world.settle();
        for (int tenths = 0; !opened.isDone() && tenths < 100; tenths++) {
            world.pass(Duration.ofMillis(100));
        }
        assertThat(session.state()).isEqualTo(SessionState.READY);
        return this;
    }

    public RealtimeSession session() {
        return session;
    }

    // ---- what it is given

    /** Gives so much speech, a chunk each 100 ms, while time passes. */
    public LongRun speak(Duration time) {
        return give(time, true);
    }

    /** As {@link #speak}, but silence. */
    public LongRun rest(Duration time) {
        return give(time, false);
    }

    /** A commit by hand. */
    public LongRun commit() {
        session.audio().commit(false);
        world.settle();
        return this;
    }

    /** Speech and silence in turn for so long in all. */
    public LongRun talk(Duration time, Duration speech, Duration silence) {
        long until = given + time.toMillis() * StreamPattern.SAMPLES_PER_MILLI;
        while (given < until) {
            speak(speech);
            rest(silence);
        }
        return this;
    }

    private LongRun give(Duration time, boolean loud) {
        long first = given;
        int chunk = CHUNK_MILLIS * StreamPattern.SAMPLES_PER_MILLI;
        for (long left = time.toMillis() / CHUNK_MILLIS; left > 0; left--) {
            byte[] audio = StreamPattern.samples(given, chunk, loud);
            given += chunk;
            session.audio().piece(AudioFormat.PCMU_8K, chunk).append(audio, 0, chunk);
            world.pass(Duration.ofMillis(CHUNK_MILLIS));
        }
        if (loud) {
            spoken.add(new SampleRange(first, given));
        }
        return this;
    }

    /** Samples given so far. */
    public long given() {
        return given;
    }

    /** Each stretch of speech given so far. */
    public List<SampleRange> spoken() {
        return List.copyOf(spoken);
    }

    // ---- what came of it

    /** All events but the audio of replies, in order. */
    public List<SessionEvent> events() {
        return List.copyOf(events);
    }

    /** Events of one type, in order. */
    public List<SessionEvent> events(String type) {
        return events.stream().filter(event -> event.event().getType().equals(type)).toList();
    }

    /** Final transcripts in the order in which they were given out. */
    public List<String> finals() {
        return events(EventTypes.CONVERSATION_ITEM_INPUT_AUDIO_TRANSCRIPTION_COMPLETED).stream()
                .map(event -> event.event().getJson().path("transcript").asText()).toList();
    }

    /** What was transcribed, as stretches of the stream in the order of the finals; neighbours are one. */
    public List<SampleRange> transcribed() {
        return StreamPattern.ranges(finals());
    }

    /** Closes the session in good order, for as long as it takes. */
    @Override
    public void close() {
        CompletableFuture<Void> closed = session.close();
        world.settle();
        for (int seconds = 0; !closed.isDone() && seconds < 120; seconds++) {
            world.pass(Duration.ofSeconds(1));
        }
        assertThat(closed).as("closed").isDone();
    }
}
