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

import java.net.URI;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.audio.AudioFormat;
import io.github.camelrealtime.audio.EnergySegmenter;
import io.github.camelrealtime.event.SessionType;

/** Session configurations for tests: sensible ones, changed here and there. */
public final class Configs {

    SessionType type = SessionType.REALTIME;
    AudioFormat format = AudioFormat.PCM_24K;
    TurnMode turns = TurnMode.MANUAL;
    boolean transcribes = true;
    boolean update = true;
    int vadSilence;
    String greeting;
    boolean autoTruncate = true;
    MuteMode muteMode = MuteMode.DROP;
    SessionConfig.Interrupts interrupts = SessionConfig.Interrupts.NONE;
    SessionConfig.History history = SessionConfig.History.DEFAULTS;
    long maxQueued = 2_000;
    Overflow overflow;
    long idle;
    int attempts = 3;
    /** None unless a test is about them, and no timers that run all the time. */
    int reconnects;
    SessionConfig.Rollover rollover = SessionConfig.Rollover.OFF;
    SessionConfig.Fallback fallback = SessionConfig.Fallback.NONE;
    SessionConfig.Liveness liveness = new SessionConfig.Liveness(0, 0, 0);
    long maxOutstanding;
    long unsettled = 120_000;
    Supplier<Map<String, String>> headers = () -> Map.of("Authorization", "Bearer sk-test");

    public static Configs manual() {
        return new Configs();
    }

    /** Transcripts, and no talk. */
    static Configs transcription() {
        Configs configs = new Configs();
        configs.type = SessionType.TRANSCRIPTION;
        return configs;
    }

    public static Configs client() {
        Configs configs = new Configs();
        configs.type = SessionType.TRANSCRIPTION;
        configs.turns = TurnMode.CLIENT;
        return configs;
    }

    static Configs server() {
        Configs configs = new Configs();
        configs.turns = TurnMode.SERVER;
        return configs;
    }

    Configs format(AudioFormat format) {
        this.format = format;
        return this;
    }

    public Configs overflow(Overflow overflow, long maxQueued) {
        this.overflow = overflow;
        this.maxQueued = maxQueued;
        return this;
    }

    Configs idle(long idle) {
        this.idle = idle;
        return this;
    }

    Configs reconnects(int reconnects) {
        this.reconnects = reconnects;
        return this;
    }

    /** Without jitter, so that times are exact. */
    Configs rollover(long beforeMillis, long deadlineMillis) {
        this.rollover = new SessionConfig.Rollover(true, beforeMillis, deadlineMillis, 0);
        return this;
    }

    /** Other places by these names, after two failed attempts, for ten seconds. */
    Configs fallback(String... names) {
        this.fallback = new SessionConfig.Fallback(Stream.of(names).map(name -> new Target(
                name, "model-of-" + name, URI.create("wss://" + name + ".example/v1/realtime?model=model-of-" + name),
                () -> Map.of("Authorization", "Bearer sk-" + name), JsonNodeFactory.instance.objectNode().put("type", type.wireName())
                        .put("instructions", "as " + name), null)).toList(), 2, 10_000);
        return this;
    }

    Configs liveness(long silence, long send, long vadStuck) {
        this.liveness = new SessionConfig.Liveness(silence, send, vadStuck);
        return this;
    }

    Configs maxOutstanding(long millis) {
        this.maxOutstanding = millis;
        return this;
    }

    Configs unsettled(long millis) {
        this.unsettled = millis;
        return this;
    }

    Configs noUpdate() {
        this.update = false;
        return this;
    }

    Configs headers(Supplier<Map<String, String>> headers) {
        this.headers = headers;
        return this;
    }

    Configs vadSilence(int millis) {
        this.vadSilence = millis;
        return this;
    }

    public SessionConfig build() {
        ObjectNode session = JsonNodeFactory.instance.objectNode();
        session.put("type", type.wireName());
        if (vadSilence > 0) {
            session.withObject("/audio/input/turn_detection").put("type", "server_vad").put("silence_duration_ms", vadSilence);
        }
        return new SessionConfig(
                type, "a-model", URI.create("wss://api.example/v1/realtime?model=a-model"), headers, update ? session : null,
                format, AudioFormat.PCM_24K, turns, EnergySegmenter.Settings.DEFAULTS, transcribes,
                TranscriptOrdering.ARRIVAL, new SessionConfig.Talk(greeting, autoTruncate, 1, muteMode, interrupts),
                history,
                new SessionConfig.AudioQueue(maxQueued, overflow, unsettled), maxOutstanding,
                new SessionConfig.Timeouts(10_000, 5_000, 30_000, 2_000, idle),
                new SessionConfig.Backoff(500, 30_000, attempts), reconnects, rollover, fallback, liveness);
    }
}
