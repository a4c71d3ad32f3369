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

import java.net.URI;
import java.util.function.UnaryOperator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.audio.AudioFormat;
import io.github.camelrealtime.audio.EnergySegmenter;
import io.github.camelrealtime.event.SessionType;
import io.github.camelrealtime.net.HostList;
import io.github.camelrealtime.net.Provider;
import io.github.camelrealtime.net.ServiceAddress;
import io.github.camelrealtime.session.ModelRules;
import io.github.camelrealtime.session.MuteMode;
import io.github.camelrealtime.session.SessionConfig;
import io.github.camelrealtime.session.TranscriptOrdering;
import io.github.camelrealtime.session.TurnMode;
import io.github.camelrealtime.session.WireProtocol;

/**
 * Makes the configuration of a session from options, checking them: what cannot work fails when the route starts.
 */
final class SessionConfigFactory {


    private SessionConfigFactory() {
    }

    /** With no hosts but those known, and for a key without placeholders. */
    static SessionConfig create(OpenAIRealtimeConfiguration options, boolean transcribes) {
        return create(options, transcribes, HostList.of(), UnaryOperator.identity());
    }

    /**
     * @param  options                  effective options of the session
     * @param  transcribes              whether operation {@code transcribe} uses it
     * @param  allowedHosts             hosts that may get the key besides those known
     * @param  placeholders             resolves those that are left in the key, at every dial
     * @throws IllegalArgumentException naming the option that is wrong
     */
    static SessionConfig create(
            OpenAIRealtimeConfiguration options, boolean transcribes, HostList allowedHosts, UnaryOperator<String> placeholders) {
        SessionType type = options.getSessionType() != null ? options.getSessionType()
                : transcribes ? SessionType.TRANSCRIPTION : SessionType.REALTIME;
        WireProtocol protocol = WireProtocol.of(type);
        OptionRules.checkSession(options);
        String model = model(options, protocol);
        boolean ownTurns = ownTurns(options, type, model, transcribes);
        ObjectNode update = new SessionUpdateFactory(options, protocol, model, ownTurns).create();
        JsonNode input = update == null ? null : update.path("audio").path("input");
        TurnMode turns = ownTurns ? TurnMode.CLIENT
                : input != null && input.path("turn_detection").isNull() ? TurnMode.MANUAL : TurnMode.SERVER;
        return new SessionConfig(
                type, model, ServiceAddress.of(options.getBaseUrl(), provider(options), allowedHosts).socket(protocol.resource(model)),
                new SessionHeaders(options, placeholders), update,
                audioFormat(update, "input"), audioFormat(update, "output"), turns,
                segmenter(options), input != null && input.path("transcription").isObject(),
                options.getTranscriptOrdering() == null ? TranscriptOrdering.CONVERSATION : options.getTranscriptOrdering(),
                talk(options, type, turns, input), HistoryFactory.create(options, type, model),
                new SessionConfig.AudioQueue(
                        or(options.getMaxQueuedAudio(), 2_000), options.getOverflow(),
                        or(options.getMaxUnsettledAudio(), SessionConfig.AudioQueue.DEFAULT_UNSETTLED_MILLIS)),
                or(options.getMaxOutstandingAudio(), 120_000),
                new SessionConfig.Timeouts(
                        or(options.getSessionReadyTimeout(), 10_000), or(options.getItemAckTimeout(), 5_000),
                        or(options.getTranscriptTimeout(), 30_000), or(options.getDrainTimeout(), 2_000),
                        or(options.getIdleTimeout(), 300_000)),
                new SessionConfig.Backoff(
                        or(options.getReconnectInterval(), 500), or(options.getReconnectMaxInterval(), 30_000),
                        options.getMaxReconnectAttempts() == null ? 5 : options.getMaxReconnectAttempts()),
                maxReconnects(options), rollover(options), SessionConfig.Fallback.NONE,
                new SessionConfig.Liveness(
                        or(options.getLivenessTimeout(), 30_000), or(options.getSendTimeout(), 20_000),
                        or(options.getVadStuckTimeout(), 0)));
    }

    private static int maxReconnects(OpenAIRealtimeConfiguration options) {
        if (Boolean.FALSE.equals(options.getReconnect())) {
            return 0;
        }
        return options.getMaxReconnects() == null ? 50 : options.getMaxReconnects();
    }

    private static SessionConfig.Rollover rollover(OpenAIRealtimeConfiguration options) {
        long before = or(options.getRolloverBefore(), 300_000);
        // whoever shortens the one need not know of the other
        long deadline = or(options.getRolloverDeadline(), Math.min(120_000, before * 2 / 5));
        if (deadline > before) {
            throw new IllegalArgumentException("Option rolloverDeadline (" + deadline + " ms before the end) must not be longer than "
                                               + "rolloverBefore (" + before + " ms before the end)");
        }
        long jitter = or(options.getRolloverJitter(), Math.min(60_000, before / 5));
        return Boolean.FALSE.equals(options.getRollover())
                ? SessionConfig.Rollover.OFF : new SessionConfig.Rollover(true, before, deadline, jitter);
    }

    private static String model(OpenAIRealtimeConfiguration options, WireProtocol protocol) {
        if (provider(options) == Provider.AZURE && options.getModel() == null
                && (protocol.hasConversation() || options.getTranscriptionModel() == null)) {
            throw new IllegalArgumentException("Option model is missing: with provider=azure it is the name of a deployment of your "
                                               + "resource, and there is no default");
        }
        String model = options.getModel();
        if (!protocol.hasConversation()) {
            if (model != null && options.getTranscriptionModel() != null && !model.equals(options.getTranscriptionModel())) {
                throw new IllegalArgumentException("In a transcription session model and transcriptionModel are the same thing, but "
                                                   + model + " and " + options.getTranscriptionModel() + " are given");
            }
            model = model == null ? options.getTranscriptionModel() : model;
        }
        return model == null ? protocol.defaultModel() : model;
    }

    private static boolean ownTurns(
            OpenAIRealtimeConfiguration options, SessionType type, String model, boolean transcribes) {
        boolean detection = options.getTurnDetection() != null && !"none".equals(options.getTurnDetection());
        if (transcribes || Boolean.TRUE.equals(options.getSegmentation())) {
            if (detection) {
                throw new IllegalArgumentException("turnDetection=" + options.getTurnDetection() + " cannot go with "
                                                   + (transcribes ? "operation=transcribe" : "segmentation=true")
                                                   + ": only one can end the turns");
            }
            return true;
        }
        return options.getSegmentation() == null && options.getTurnDetection() == null && type == SessionType.TRANSCRIPTION
                && ModelRules.refusesTurnDetection(model);
    }

    private static SessionConfig.Talk talk(
            OpenAIRealtimeConfiguration options, SessionType type, TurnMode turns, JsonNode input) {
        boolean greets = options.getGreeting() != null && !options.getGreeting().isBlank();
        if (greets && type != SessionType.REALTIME) {
            throw new IllegalArgumentException("Option greeting needs a model that speaks, so it cannot go with a "
                                               + type.wireName() + " session");
        }
        // whoever ends turns by listening has to hear that it is silent; without that, silence only costs
        MuteMode fitting = turns == TurnMode.MANUAL ? MuteMode.DROP : MuteMode.SILENCE;
        return new SessionConfig.Talk(
                greets ? options.getGreeting() : null, !Boolean.FALSE.equals(options.getAutoTruncate()),
                options.getResponseRetries() == null ? 1 : options.getResponseRetries(),
                options.getMuteMode() == null ? fitting : options.getMuteMode(), interrupts(options, type, turns, input));
    }

    /** What has no effect, or would be undone by another option, is refused: it would look as if it had. */
    private static SessionConfig.Interrupts interrupts(
            OpenAIRealtimeConfiguration options, SessionType type, TurnMode turns, JsonNode input) {
        long minSpeech = or(options.getInterruptMinSpeech(), 0);
        long resume = or(options.getFalseInterruptionTimeout(), 0);
        boolean halfDuplex = Boolean.TRUE.equals(options.getHalfDuplex());
        String option = minSpeech > 0 ? "interruptMinSpeech" : resume > 0 ? "falseInterruptionTimeout" : null;
        if (option != null && (type != SessionType.REALTIME || turns != TurnMode.SERVER)) {
            throw new IllegalArgumentException("Option " + option + " needs a realtime session in which the service hears speech "
                                               + "(turnDetection=server_vad or semantic_vad)");
        }
        if (option != null && Boolean.FALSE.equals(options.getAutoTruncate())) {
            throw new IllegalArgumentException("Option " + option + " cannot go with autoTruncate=false, which leaves interruptions "
                                               + "to the route");
        }
        if (halfDuplex && (type != SessionType.REALTIME || option != null)) {
            throw new IllegalArgumentException("Option halfDuplex " + (option == null ? "needs a realtime session"
                    : "cannot go with " + option + ": while the assistant speaks nobody is heard who could interrupt"));
        }
        if (minSpeech > 0 && Boolean.TRUE.equals(options.getVadInterruptResponse())) {
            throw new IllegalArgumentException("Option interruptMinSpeech cannot go with vadInterruptResponse=true: the service would "
                                               + "interrupt at once");
        }
        if (resume > 0 && (input == null || !input.path("transcription").isObject()
                || input.path("turn_detection").path("create_response").asBoolean(true))) {
            throw new IllegalArgumentException("Option falseInterruptionTimeout needs transcriptionModel, to know whether words were "
                                               + "said, and vadCreateResponse=false, as otherwise the service answers noises");
        }
        return new SessionConfig.Interrupts(minSpeech, halfDuplex, resume);
    }

    private static EnergySegmenter.Settings segmenter(OpenAIRealtimeConfiguration options) {
        return new EnergySegmenter.Settings(
                (int) or(options.getSegmentMinSpeech(), 250), (int) or(options.getSegmentPreRoll(), 300),
                (int) or(options.getSegmentHangover(), 500), (int) or(options.getSegmentMax(), 30_000));
    }

    /** What goes to the service decides, be it from an option or put in by hand. */
    private static AudioFormat audioFormat(ObjectNode update, String direction) {
        JsonNode type = update == null ? null : update.path("audio").path(direction).path("format").path("type");
        return type == null || !type.isTextual() ? AudioFormat.PCM_24K : AudioFormat.parse(type.textValue());
    }

    private static Provider provider(OpenAIRealtimeConfiguration options) {
        return options.getProvider() == null ? Provider.OPENAI : options.getProvider();
    }

    private static long or(Long value, long otherwise) {
        return value == null ? otherwise : value;
    }
}
