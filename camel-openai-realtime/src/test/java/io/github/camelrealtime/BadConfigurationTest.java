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

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.github.camelrealtime.session.SessionState;
import org.apache.camel.Exchange;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.camelrealtime.RealtimeCamel.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * What can be wrong in a URI, in the properties of a session or of the component. Each fails the start of its own route and of
 * nothing else, before anything is dialled, with a message that names the option, says what is there, and what to do. (What is
 * about addresses, proxies, TLS and credentials is in {@link BadNetworkOptionsTest}.) The session that runs all the while works
 * afterwards.
 */
class BadConfigurationTest {

    /** Stands in values that a message must not repeat. */
    private static final String SECRET = "sesame";
    private static final String IN_BETA = "belongs to the Beta API, which is switched off; now it is ";

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    /** @param options of the endpoint, {@code #} in them stands for a name that no other row has */
    private record Row(boolean from, String path, String options, List<String> said) {

        String name() {
            return (from ? "from " : "to ") + path + " with " + options;
        }
    }

    private static Row to(String options, String... said) {
        return new Row(false, "#", options, List.of(said));
    }

    private static Row from(String options, String... said) {
        return new Row(true, "#", options, List.of(said));
    }

    // ---- values

    private static Stream<Row> ranges() {
        return Stream.of(
                to("speed=2.0", "Option speed", "is 2.0", "0.25 to 1.5"), to("speed=0.2", "Option speed", "0.25 to 1.5"),
                to("vadThreshold=1.5", "Option vadThreshold", "0 to 1"), to("vadThreshold=-0.1", "Option vadThreshold",
                        "0 to 1"),
                to("vadIdleTimeout=4s", "Option vadIdleTimeout (ms)", "is 4000", "5000 to 30000"),
                to("vadIdleTimeout=31s", "Option vadIdleTimeout (ms)", "5000 to 30000"),
                to("pingInterval=abc", "Option pingInterval", "neither a number nor a length of time", "20s"),
                to("idleTimeout=5x", "Option idleTimeout", "neither a number nor a length of time"),
                to("poolWaitTimeout=20S&operation=transcribe", "Option poolWaitTimeout", "neither a number nor a length of time"),
                from("drainTimeout=P1D", "Option drainTimeout", "neither a number nor a length of time"),
                to("vadPrefixPadding=-1", "Option vadPrefixPadding (ms)", "0 to "),
                to("vadSilenceDuration=-1", "Option vadSilenceDuration (ms)", "0 to "),
                to("maxOutputTokens=0", "Option maxOutputTokens", "1 to 4096"),
                to("maxOutputTokens=4097", "Option maxOutputTokens", "1 to 4096"),
                to("maxReconnectAttempts=0", "Option maxReconnectAttempts", "1 to 1000000"),
                to("reconnectInterval=-1", "Option reconnectInterval (ms)", "0 to "),
                to("reconnectMaxInterval=-1", "Option reconnectMaxInterval (ms)", "0 to "),
                to("connectTimeout=-1", "Option connectTimeout (ms)"),
                to("pingInterval=-1", "Option pingInterval (ms)"),
                to("sessionReadyTimeout=0", "Option sessionReadyTimeout (ms)", "1 to "),
                to("itemAckTimeout=0", "Option itemAckTimeout (ms)", "1 to "),
                to("transcriptTimeout=0", "Option transcriptTimeout (ms)", "1 or more"),
                to("maxReconnects=0", "Option maxReconnects", "1 to 1000000"),
                to("livenessTimeout=-1", "Option livenessTimeout (ms)", "0 to 86400000"),
                to("sendTimeout=-1", "Option sendTimeout (ms)", "0 to 86400000"),
                to("vadStuckTimeout=-1", "Option vadStuckTimeout (ms)", "0 to 86400000"),
                to("maxOutstandingAudio=-1", "Option maxOutstandingAudio (ms)", "0 to 86400000"),
                to("maxUnsettledAudio=-1", "Option maxUnsettledAudio (ms)", "0 to 3600000"),
                to("rolloverBefore=0", "Option rolloverBefore (ms)", "1 to 86400000"),
                to("rolloverDeadline=-1", "Option rolloverDeadline (ms)", "0 to 86400000"),
                to("rolloverJitter=2d", "Option rolloverJitter", "0 to 86400000"),
                to("rolloverBefore=5x", "Option rolloverBefore", "neither a number nor a length of time"),
                to("historyMaxItems=0", "Option historyMaxItems", "1 to 100000"),
                to("historyMaxText=0", "Option historyMaxText (characters)", "1 to 100000000"),
                to("historyMaxImages=-1", "Option historyMaxImages (bytes)", "0 to 1000000000"),
                to("contextWindow=0", "Option contextWindow (tokens)", "1 to 1000000000"),
                to("contextWarning=1.5", "Option contextWarning", "0 to 1"),
                to("contextWarning=NaN", "Option contextWarning", "0 to 1"),
                to("responseRetries=-1", "Option responseRetries", "0 to 10"),
                to("responseRetries=11", "Option responseRetries", "0 to 10"),
                to("maxUnsettledAudio=2h", "Option maxUnsettledAudio (ms)", "0 to 3600000"),
                from("spoolRetryDelay=0", "Option spoolRetryDelay (ms)", "1 to 86400000"),
                from("spoolRetryDelay=2s&spoolMaxRetryDelay=1s", "Option spoolMaxRetryDelay (ms)", "2000 to 86400000"),
                from("spoolMaxSize=0", "Option spoolMaxSize (bytes)", "is 0"),
                to("drainTimeout=-1", "Option drainTimeout (ms)", "0 or more"),
                to("idleTimeout=-1", "Option idleTimeout (ms)", "0 or more"),
                to("modelRetirementWarning=-1", "Option modelRetirementWarning (ms)", "0 or more"),
                to("maxQueuedAudio=0", "Option maxQueuedAudio (ms)", "1 to 3600000"),
                to("maxMessageSize=100", "Option maxMessageSize (bytes)", "65536 or more"),
                to("segmentMinSpeech=-1", "Option segmentMinSpeech (ms)"),
                to("segmentPreRoll=-1", "Option segmentPreRoll (ms)"),
                to("segmentHangover=0", "Option segmentHangover (ms)"),
                to("segmentMax=0", "Option segmentMax (ms)"),
                to("requestTimeout=0", "Option requestTimeout (ms)", "1 or more"),
                to("sourceTimeout=-1", "Option sourceTimeout (ms)", "0 or more"),
                to("operation=send-text&replyFormat=wav&maxReplyAudio=0", "Option maxReplyAudio (ms)", "1 to 3600000"),
                to("operation=send-text&replyFormat=wav&maxReplyAudio=2h", "Option maxReplyAudio (ms)", "1 to 3600000"),
                to("operation=transcribe&poolSize=0", "Option poolSize", "1 or more"),
                to("operation=transcribe&poolWaitTimeout=-1", "Option poolWaitTimeout (ms)", "0 or more"),
                from("queueSize=0", "Option queueSize", "1 or more"),
                from("maxQueuedBytes=0", "Option maxQueuedBytes", "1 or more"),
                from("maxConcurrentSessions=0", "Option maxConcurrentSessions", "1 or more"),
                from("minConfidence=2", "Option minConfidence", "0 to 1"), from("minConfidence=NaN", "Option minConfidence",
                        "0 to 1"));
    }

    /** Camel's own converters refuse these; they name option and value. */
    private static Stream<Row> kinds() {
        List<Row> rows = new ArrayList<>();
        for (String option : List.of("speed", "vadThreshold", "maxOutputTokens", "maxMessageSize", "poolSize", "requestTimeout",
                "createResponse", "segmentation", "autoTruncate", "operation", "await", "dataFormat", "overflow", "connectOn",
                "muteMode",
                "transcriptOrdering", "replyFormat", "outputModality", "imageDetail", "sessionType", "rollover", "replayHistory",
                "historyMaxItems", "historyMaxText", "contextWindow", "contextWarning", "responseRetries", "halfDuplex")) {
            rows.add(to(option + "=perhaps", option, "perhaps"));
        }
        for (String option : List.of("queueSize", "minConfidence", "backpressureStrategy", "failedTranscripts",
                "onSessionFailed", "playback", "spoolAudio", "spoolMaxSize")) {
            rows.add(from(option + "=perhaps", option, "perhaps"));
        }
        return rows.stream();
    }

    private static Stream<Row> words() {
        return Stream.of(
                from("eventTypes=transcripts", "Option eventTypes", "transcripts", "transcript,"),
                to("pacing=fast", "Option pacing", "fast", "asap, realtime"),
                to("pacing=0", "Option pacing", "asap, realtime"),
                to("pacing=-1", "Option pacing", "asap, realtime"),
                to("audioFormat=mp3", "Option audioFormat", "mp3", "pcm16"),
                to("audioFormat=pcm16;rate=1", "Option audioFormat", "4000 to 192000"),
                to("audioFormat=pcm16;rate=fast", "Option audioFormat", "rate"),
                to("audioFormat=pcm16;channels=0", "Option audioFormat", "1 to 32"),
                to("audioFormat=pcm16;tempo=1", "Option audioFormat", "tempo"),
                to("audioFormat=wav;rate=16000", "Option audioFormat", "wav"),
                to("inputAudioFormat=opus", "Option inputAudioFormat", "opus", "pcm16, pcmu, pcma"),
                to("outputAudioFormat=opus", "Option outputAudioFormat", "opus", "pcm16, pcmu, pcma"),
                to("turnDetection=loud", "Option turnDetection", "loud", "server_vad, semantic_vad, none"),
                to("turnDetection=semantic_vad&vadEagerness=keen", "Option vadEagerness", "keen", "low, medium, high, auto"),
                to("noiseReduction=off", "Option noiseReduction", "near_field, far_field, none"),
                to("outputModalities=video", "Option outputModalities", "audio, text"),
                to("outputModalities=audio,text", "Option outputModalities", "audio, text"),
                to("reasoningEffort=lots", "Option reasoningEffort", "minimal, low, medium, high, xhigh"),
                to("transcriptionModel=gpt-realtime-whisper&transcriptionDelay=long", "Option transcriptionDelay",
                        "minimal, low, medium"),
                to("tracing=on", "Option tracing", "auto, none"),
                to("sessionType=translation", "sessionType", "translation"));
    }

    private static Stream<Row> unknown() {
        return Stream.of("voise=cedar", "sessionProperty.x=1", "eventType=all", "transport=webrtc", "modle=x&voice=marin",
                "temperature=0.8")
                .flatMap(option -> Stream.of(to(option, option.substring(0, option.indexOf('='))),
                        from(option, option.substring(0, option.indexOf('=')))));
    }

    // ---- what does not go together

    private static Stream<Row> contradictions() {
        return Stream.of(
                to("turnDetection=server_vad&operation=transcribe", "turnDetection=server_vad", "operation=transcribe",
                        "only one can"),
                to("turnDetection=server_vad&segmentation=true", "turnDetection=server_vad", "segmentation=true",
                        "only one can"),
                to("turnDetection=server_vad&vadEagerness=low", "vadEagerness", "turnDetection=server_vad", "semantic_vad"),
                to("vadEagerness=low", "vadEagerness", "turnDetection=server_vad", "semantic_vad"),
                to("turnDetection=semantic_vad&vadThreshold=0.5", "vadThreshold", "turnDetection=semantic_vad", "server_vad"),
                to("turnDetection=semantic_vad&vadPrefixPadding=100", "vadPrefixPadding", "turnDetection=semantic_vad"),
                to("turnDetection=semantic_vad&vadSilenceDuration=100", "vadSilenceDuration", "turnDetection=semantic_vad"),
                to("turnDetection=semantic_vad&vadIdleTimeout=10s", "vadIdleTimeout", "turnDetection=semantic_vad"),
                to("sessionType=transcription&model=gpt-transcribe&transcriptionModel=gpt-live-transcribe", "model",
                        "transcriptionModel",
                        "the same thing"),
                to("sessionType=transcription&greeting=" + SECRET, "Option greeting", "transcription session"),
                to("turnDetection=server_vad&operation=end-turn", "operation=end-turn", "set turnDetection=none"),
                to("turnDetection=none&vadCreateResponse=false", "Option vadCreateResponse", "turnDetection"),
                to("segmentation=true&vadInterruptResponse=true", "Option vadInterruptResponse", "segmentation"),
                to("sessionType=transcription&turnDetection=server_vad&vadCreateResponse=false", "Option vadCreateResponse",
                        "transcription"),
                to("interruptMinSpeech=500&vadInterruptResponse=true", "interruptMinSpeech", "vadInterruptResponse=true"),
                to("interruptMinSpeech=500&turnDetection=none", "interruptMinSpeech", "turnDetection=server_vad"),
                to("interruptMinSpeech=500&sessionType=transcription", "interruptMinSpeech", "realtime session"),
                to("interruptMinSpeech=500&autoTruncate=false", "interruptMinSpeech", "autoTruncate=false"),
                to("interruptMinSpeech=11s", "interruptMinSpeech (ms)", "0 to 10000"),
                to("falseInterruptionTimeout=2s", "falseInterruptionTimeout", "vadCreateResponse=false"),
                to("falseInterruptionTimeout=2s&vadCreateResponse=false", "falseInterruptionTimeout", "transcriptionModel"),
                to("falseInterruptionTimeout=2s&segmentation=true", "falseInterruptionTimeout", "turnDetection"),
                to("falseInterruptionTimeout=2m", "falseInterruptionTimeout (ms)", "0 to 60000"),
                to("halfDuplex=true&interruptMinSpeech=500", "halfDuplex", "interruptMinSpeech"),
                to("halfDuplex=true&sessionType=transcription", "halfDuplex", "realtime session"),
                from("playback=realtime&eventTypes=turn", "playback=realtime", "eventTypes=turn", "audio"),
                from("playback=realtime&eventTypes=audio&dataFormat=raw", "playback=realtime", "dataFormat=raw"),
                from("playback=realtime&eventTypes=audio&spoolAudio=true&spool=target/none", "playback=realtime", "spoolAudio=true"),
                to("rolloverBefore=1m&rolloverDeadline=2m", "Option rolloverDeadline (120000 ms", "rolloverBefore (60000 ms"),
                to("history=RAW([{\"" + SECRET + "\",,}])", "Option history is not JSON: line 1, column "),
                to("history=RAW({\"role\":\"user\",\"text\":\"" + SECRET + "\"})", "Option history is no list"),
                to("history=RAW([\"" + SECRET + "\"])", "Option history, item 1", "no object"),
                to("history=RAW([{\"type\":\"function_call_output\",\"call_id\":\"c\",\"output\":\"" + SECRET + "\"}])",
                        "Option history, item 1", "whose call"),
                to("history=RAW([{\"role\":\"user\",\"text\":\"a\"},{\"role\":\"user\",\"text\":\"b\"}])&historyMaxItems=1",
                        "Option history has 2 items", "historyMaxItems is 1"),
                to("sessionType=transcription&history=RAW([{\"role\":\"user\",\"text\":\"a\"}])", "history", "transcription"),
                from("spool=pom.xml", "Option spool", "pom.xml"),
                from("playbackFrame=5&eventTypes=audio", "playbackFrame (ms)", "10 to 1000"),
                from("playQueue=500&eventTypes=audio", "playQueue (ms)", "1000"),
                to("operation=append-audio&replyFormat=wav", "Option replyFormat", "operation=append-audio"),
                to("operation=send-text&replyFormat=wav&await=sent", "Option replyFormat", "await=sent"),
                to("operation=send-text&replyFormat=wav&outputModality=text", "replyFormat=wav", "outputModality=text"),
                to("operation=send-text&replyFormat=wav&outputModalities=text", "replyFormat=wav", "outputModality=audio"),
                to("operation=send-text&replyFormat=pcm&dataFormat=event", "replyFormat=pcm", "dataFormat=event"),
                to("operation=transcribe&endOfStream=false&audioFormat=pcm16", "Option endOfStream=false",
                        "operation=transcribe"),
                to("poolSize=2", "Option poolSize", "operation=transcribe only"),
                to("poolSize=2&operation=append-audio", "Option poolSize", "operation=transcribe only"),
                new Row(true, "calls-*", "onSessionFailed=stop-route", List.of("Option onSessionFailed=stop-route",
                        "one session")),
                // the session support runs, with this voice
                new Row(false, "support", "voice=cedar", List.of("Session support", "option voice", "voice=marin",
                        "voice=cedar",
                        "camel.component.openai-realtime.sessions.support.voice")),
                new Row(false, "support", "operation=transcribe", List.of("support", "operation=transcribe")));
    }

    private static Stream<Row> beta() {
        return Stream.of("temperature=0.8/nothing: it is gone", "voice=cedar/audio.output.voice",
                "speed=1.1/audio.output.speed",
                "input_audio_format=pcm16/audio.input.format", "output_audio_format=pcm16/audio.output.format",
                "turn_detection.type=server_vad/audio.input.turn_detection",
                "input_audio_transcription.model=whisper-1/audio.input.transcription",
                "input_audio_noise_reduction.type=near_field/audio.input.noise_reduction",
                "max_response_output_tokens=100/max_output_tokens")
                .map(row -> row.split("/")).map(row -> to("sessionProperties." + row[0],
                        "Member session." + row[0].split("[.=]")[0] + " " + IN_BETA + row[1]));
    }

    private static Stream<Row> files() {
        return Stream.of(
                to("sessionConfig=RAW({\"instructions\": \"" + SECRET + "\",,})",
                        "Option sessionConfig is not JSON: line 1, column "),
                to("sessionConfig=RAW([\"" + SECRET + "\"])", "Option sessionConfig is not a JSON object"),
                to("sessionConfig=RAW({\"temperature\": \"" + SECRET + "\"})", "Member session.temperature " + IN_BETA),
                to("sessionConfig=classpath:not-there.json", "sessionConfig", "classpath:not-there.json"),
                to("instructions=file:not-there.txt", "instructions", "file:not-there.txt"));
    }

    // ---- names and kinds

    private static Stream<Row> names() {
        String later = ": endpoints are not in this version yet";
        return Stream.of(
                new Row(false, "c*l", "", List.of("A producer needs one session", "only consumers may use *")),
                new Row(false, "call-*", "operation=send-text", List.of("A producer needs one session",
                        "only consumers may use *")),
                new Row(false, "*", "operation=transcribe", List.of("transcribe", "give the endpoint a name instead of *")),
                new Row(false, "tool:lookup", "", List.of("openai-realtime:tool" + later, "will only ever be consumers")),
                new Row(true, "tool:lookup", "", List.of("openai-realtime:tool" + later)),
                new Row(false, "webhook:incoming", "", List.of("openai-realtime:webhook" + later,
                        "will only ever be consumers")),
                new Row(true, "webhook:incoming", "", List.of("openai-realtime:webhook" + later)),
                new Row(false, "call:create", "", List.of("openai-realtime:call" + later)),
                new Row(true, "call:create", "", List.of("openai-realtime:call" + later, "will only ever be producers")),
                new Row(false, "token:create", "", List.of("openai-realtime:token" + later)),
                new Row(true, "token:create", "", List.of("openai-realtime:token" + later, "will only ever be producers")),
                new Row(false, "tool:", "", List.of("a name is missing")),
                new Row(true, "session:", "", List.of("a name is missing")));
    }

    @TestFactory
    @DisplayName("CFG-10, CFG-11, CFG-13, CFG-15, SEC-3 each wrong option fails the start of its own route and says what, "
                 + "where and what to do")
    Stream<DynamicTest> wrongOptions() throws Exception {
        camel.start(route -> route.from("direct:ask")
                .to("openai-realtime:support?operation=send-text&outputModalities=text&voice=marin"));
        camel.awaitState("support", SessionState.READY);
        List<Row> rows = Stream.of(ranges(), kinds(), words(), unknown(), contradictions(), beta(), files(), names())
                .flatMap(all -> all).toList();
        assertThat(rows).hasSizeGreaterThan(120).extracting(Row::name).doesNotHaveDuplicates();
        List<DynamicTest> tests = new ArrayList<>();
        for (Row row : rows) {
            String session = row.path().replace("#", "session-" + tests.size());
            tests.add(DynamicTest.dynamicTest(row.name(), () -> refused(row, session)));
        }
        tests.add(DynamicTest.dynamicTest("afterwards the session works", this::works));
        return tests.stream();
    }

    private void refused(Row row, String path) {
        String uri = "openai-realtime:" + path + (row.options().isEmpty() ? "" : "?" + row.options());
        RoutesBuilder route = new RouteBuilder() {
            @Override
            public void configure() {
                if (row.from()) {
                    from(uri).to("log:events?level=OFF");
                } else {
                    from("direct:" + path.replaceAll("[^a-z0-9]", "_")).to(uri);
                }
            }
        };
        int dialled = camel.simulator().handshakes().size();
        Throwable refusal = catchThrowable(() -> camel.context().addRoutes(route));
        assertThat(messages(refusal)).contains(row.said());
        // Camel repeats the URI of a route that fails; what is ours to say does not
        assertThat(rootMessage(refusal)).doesNotContain(SECRET);
        assertThat(camel.simulator().handshakes()).hasSize(dialled);
    }

    private void works() throws Exception {
        assertThat(camel.simulator().handshakes()).hasSize(1);
        Exchange answer = done(camel.ask("direct:ask", "Are you there?"));
        assertThat(answer.getException()).isNull();
        assertThat(answer.getMessage().getBody(String.class)).contains("Are you there?");
    }

    private static String messages(Throwable thrown) {
        StringBuilder all = new StringBuilder();
        for (Throwable next = thrown; next != null; next = next.getCause()) {
            all.append(next).append('\n');
        }
        return all.toString();
    }

    private static String rootMessage(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.toString();
    }
}
