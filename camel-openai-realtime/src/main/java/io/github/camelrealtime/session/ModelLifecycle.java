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

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What the service has announced to switch off, and when (wire reference §0.2 and §3.1, as of November 2026). Only for a word
 * in time: names that are not listed pass, and nothing is refused because of a date.
 */
public final class ModelLifecycle {

    private static final LocalDate FIRST_REALTIME_MODELS = LocalDate.of(2027, 1, 20);
    private static final LocalDate PREVIEW_MODELS = LocalDate.of(2026, 5, 7);
    private static final LocalDate FIRST_MINI_SNAPSHOT = LocalDate.of(2026, 7, 23);
    private static final LocalDate FORMER_TRANSCRIBERS = LocalDate.of(2027, 2, 26);
    private static final LocalDate STORED_PROMPTS = LocalDate.of(2026, 11, 30);

    private static final String REALTIME_SUCCESSOR = "gpt-realtime-2.1";
    private static final String MINI_SUCCESSOR = "gpt-realtime-2.1-mini";
    private static final String TRANSCRIPTION_SUCCESSOR = "gpt-live-transcribe";

    /** The first that fits counts. */
    private static final List<Rule> RULES = List.of(
            new Rule("gpt-realtime", FIRST_REALTIME_MODELS, REALTIME_SUCCESSOR),
            new Rule("gpt-realtime-2025-08-28", FIRST_REALTIME_MODELS, REALTIME_SUCCESSOR),
            new Rule("gpt-realtime-mini", FIRST_REALTIME_MODELS, MINI_SUCCESSOR),
            new Rule("gpt-realtime-mini-2025-12-15", FIRST_REALTIME_MODELS, MINI_SUCCESSOR),
            new Rule("gpt-realtime-mini-2025-10-06", FIRST_MINI_SNAPSHOT, MINI_SUCCESSOR),
            new Rule("gpt-4o-realtime-preview*", PREVIEW_MODELS, REALTIME_SUCCESSOR),
            new Rule("gpt-4o-mini-realtime-preview*", PREVIEW_MODELS, MINI_SUCCESSOR),
            new Rule("whisper-1", FORMER_TRANSCRIBERS, TRANSCRIPTION_SUCCESSOR),
            new Rule("gpt-4o-*transcribe*", FORMER_TRANSCRIBERS, TRANSCRIPTION_SUCCESSOR));

    /** The announced end of some models, and what to use instead. */
    record Rule(NamePattern names, LocalDate shutdown, String successor) {

        Rule(String names, LocalDate shutdown, String successor) {
            this(NamePattern.of(names), shutdown, successor);
        }
    }

    /**
     * The announced end of something that a session uses.
     *
     * @param what     such as {@code model gpt-realtime}
     * @param shutdown the day from which it is not there, UTC
     * @param advice   what to do instead
     */
    public record Retirement(String what, LocalDate shutdown, String advice) {

        /** Whether less than this time is left, or none. */
        public boolean isWithin(long millis, long nowMillis) {
            return shutdown.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli() - nowMillis <= millis;
        }

        /** A sentence for people. */
        public String describe(long nowMillis) {
            long days = ChronoUnit.DAYS.between(Instant.ofEpochMilli(nowMillis).atZone(ZoneOffset.UTC).toLocalDate(), shutdown);
            return what + (days > 0
                    ? " shuts down on " + shutdown + ", in " + days + (days == 1 ? " day" : " days")
                    : " has been shut down on " + shutdown) + ": " + advice;
        }
    }

    private ModelLifecycle() {
    }

    /** All that is to end, or has ended, among what a session is configured with; however far away. */
    public static List<Retirement> of(SessionConfig config) {
        List<Retirement> retirements = new ArrayList<>();
        JsonNode update = config.firstUpdate();
        add(retirements, "model", config.model());
        if (update != null) {
            String transcriber = update.path("audio").path("input").path("transcription").path("model").asText();
            if (!transcriber.equals(config.model())) {
                add(retirements, "transcription model", transcriber);
            }
            if (update.path("prompt").isObject()) {
                retirements.add(new Retirement(
                        "the stored prompt (session property prompt)", STORED_PROMPTS, "use option instructions instead"));
            }
        }
        return List.copyOf(retirements);
    }

    private static void add(List<Retirement> retirements, String kind, String model) {
        find(model).ifPresent(rule -> retirements.add(
                new Retirement(kind + " " + model, rule.shutdown(), "use another, such as " + rule.successor())));
    }

    /** What is announced of a model; empty for one that stays, and for one that is not known. */
    static Optional<Rule> find(String model) {
        return RULES.stream().filter(rule -> rule.names().matches(model)).findFirst();
    }

    /** All that is announced. */
    static List<Rule> rules() {
        return RULES;
    }
}
