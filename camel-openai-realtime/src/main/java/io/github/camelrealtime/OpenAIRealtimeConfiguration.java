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

import java.util.Map;

import io.github.camelrealtime.event.EventDataFormat;
import io.github.camelrealtime.event.SessionType;
import io.github.camelrealtime.net.Provider;
import io.github.camelrealtime.net.RealtimeCredentials;
import io.github.camelrealtime.operation.Await;
import io.github.camelrealtime.operation.ImageDetail;
import io.github.camelrealtime.operation.Modality;
import io.github.camelrealtime.operation.Operation;
import io.github.camelrealtime.operation.ReplyFormat;
import io.github.camelrealtime.session.MuteMode;
import io.github.camelrealtime.session.Overflow;
import io.github.camelrealtime.session.TranscriptOrdering;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.spi.Configurer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;
import org.apache.camel.support.jsse.SSLContextParameters;

/**
 * The options of an endpoint. Those of the label {@code session} belong to the session and not to the endpoint: they are
 * boxed and {@code null} when not set, as not set and set to the default are different things on the wire.
 *
 * <p>The descriptions of the fields are the option texts of the catalogue and of {@code docs/options.md}.
 */
@UriParams
@Configurer(extended = true)
public class OpenAIRealtimeConfiguration implements Cloneable {

    @UriParam(label = "security,session", secret = true,
              description = "API key (or ephemeral client secret) of OpenAI; with provider=azure the key of the resource. If not "
                            + "set, the environment variable OPENAI_API_KEY (AZURE_OPENAI_API_KEY) and then the system "
                            + "property openai.api.key (azure.openai.api.key) are asked, at every connect.")
    private String apiKey;

    @UriParam(label = "security,session",
              description = "Bean that gives the bearer token of each connection, such as one of Microsoft Entra; used instead of "
                            + "an API key.")
    private RealtimeCredentials credentials;

    @UriParam(label = "common,session", enums = "openai,azure", defaultValue = "openai",
              description = "Who runs the service: openai, or azure for a resource of Azure OpenAI, where baseUrl is the address "
                            + "of the resource and model the name of a deployment. Never guessed.")
    private Provider provider;

    @UriParam(label = "common,session", defaultValue = "https://api.openai.com/v1",
              description = "Base address of the API; http and https become ws and wss for the socket. Must be https, "
                            + "except for loopback addresses, on a host of OpenAI or Azure, or one that the component's "
                            + "option allowedHosts names.")
    private String baseUrl;

    @UriParam(label = "advanced,session",
              description = "Organization id sent as OpenAI-Organization.")
    private String organization;

    @UriParam(label = "advanced,session",
              description = "Project id sent as OpenAI-Project.")
    private String project;

    @UriParam(label = "advanced,session", prefix = "handshakeHeaders.", multiValue = true,
              description = "Headers of one's own for the WebSocket handshake, such as those a gateway wants. Those of the "
                            + "connection itself and of the service are refused.")
    private Map<String, Object> handshakeHeaders = new OptionTree();

    @UriParam(label = "security,session",
              description = "Who the end user of the session is, sent as OpenAI-Safety-Identifier: a stable name of at most 64 "
                            + "characters that says nothing about the person, or anything if safetyIdentifierSecret is set.")
    private String safetyIdentifier;

    @UriParam(label = "security,session", secret = true,
              description = "Secret of your own. With it the HMAC-SHA256 of safetyIdentifier is sent instead of the identifier, "
                            + "so that no personal data leaves.")
    private String safetyIdentifierSecret;

    @UriParam(label = "security,session",
              description = "TLS: private authorities, the client's own certificate, protocols and cipher suites. By default "
                            + "those of the JDK, or the global ones with useGlobalSslContextParameters.")
    private SSLContextParameters sslContextParameters;

    @UriParam(label = "proxy,session",
              description = "HTTP proxy through which the service is reached (CONNECT). By default the one that the JDK's system "
                            + "properties name, if any.")
    private String proxyHost;

    @UriParam(label = "proxy,session",
              description = "Port of the proxy.")
    private Integer proxyPort;

    @UriParam(label = "proxy,session", secret = true,
              description = "User for basic authentication at the proxy.")
    private String proxyUser;

    @UriParam(label = "proxy,session", secret = true,
              description = "Password for basic authentication at the proxy; it goes nowhere else.")
    private String proxyPassword;

    @UriParam(label = "proxy,session", defaultValue = "localhost,127.*,[::1]",
              description = "Hosts reached without the proxy, separated by commas; an asterisk stands for any characters.")
    private String nonProxyHosts;

    @UriParam(label = "common,session", enums = "realtime,transcription", defaultValue = "realtime",
              description = "Kind of session: realtime (a conversation with a model) or transcription (speech to text "
                            + "only). Endpoints with operation=transcribe have transcription as default.")
    private SessionType sessionType;

    @UriParam(label = "common,session",
              description = "Model of the session, free text. Default gpt-realtime-2.1; in a transcription session it "
                            + "is the transcription model, default gpt-live-transcribe.")
    private String model;

    @UriParam(label = "advanced,session", javaType = "java.time.Duration", defaultValue = "90d",
              description = "How long before the announced end of a model, or of stored prompts, a warning is logged when a "
                            + "session starts, and health checks have it as a detail. 0 = never. Models that are not known "
                            + "pass.")
    private Long modelRetirementWarning;

    @UriParam(label = "common,session",
              description = "System instructions of the model. By default the service's own are used.")
    @Metadata(supportFileReference = true, largeInput = true)
    private String instructions;

    @UriParam(label = "common,session",
              description = "Voice of the model, free text, such as marin or cedar. By default the service chooses.")
    private String voice;

    @UriParam(label = "advanced,session",
              description = "Speed of the voice, 0.25 to 1.5. By default 1.0 at the service.")
    private Double speed;

    @UriParam(label = "common,session", enums = "audio,text",
              description = "What the model answers with: audio (with its transcript) or text. By default audio at "
                            + "the service.")
    private String outputModalities;

    @UriParam(label = "advanced,session",
              description = "Most tokens of one response, 1 to 4096. By default unlimited at the service.")
    private Integer maxOutputTokens;

    @UriParam(label = "advanced,session", enums = "minimal,low,medium,high,xhigh",
              description = "How much a reasoning model reasons. Left out for models that do not reason.")
    private String reasoningEffort;

    @UriParam(label = "advanced,session", enums = "auto,none",
              description = "Whether the service keeps a trace of the conversation: auto for yes, and it cannot be switched off "
                            + "again. Not sent unless set, off at the service.")
    private String tracing;

    @UriParam(label = "common,session", enums = "pcm16,pcmu,pcma", defaultValue = "pcm16",
              description = "Format on the wire towards the service: pcm16 (24 kHz mono), pcmu or pcma (G.711, 8 "
                            + "kHz). Whatever audio the route gives is converted to it.")
    private String inputAudioFormat;

    @UriParam(label = "common,session", enums = "pcm16,pcmu,pcma", defaultValue = "pcm16",
              description = "Format of the model's voice: pcm16 (24 kHz mono), pcmu or pcma (G.711, 8 kHz).")
    private String outputAudioFormat;

    @UriParam(label = "advanced,session", enums = "near_field,far_field,none",
              description = "Noise reduction on the input. By default off at the service.")
    private String noiseReduction;

    @UriParam(label = "common,session", enums = "server_vad,semantic_vad,none",
              description = "Who ends a turn: the service by silence (server_vad) or by meaning (semantic_vad), or "
                            + "the route (none). By default server_vad at the service, none for transcription models "
                            + "that refuse turn detection.")
    private String turnDetection;

    @UriParam(label = "advanced,session",
              description = "Loudness from which server_vad hears speech, 0 to 1. By default 0.5 at the service.")
    private Double vadThreshold;

    @UriParam(label = "advanced,session", javaType = "java.time.Duration",
              description = "Audio before the start of speech that server_vad includes. By default 300 ms at the "
                            + "service.")
    private Long vadPrefixPadding;

    @UriParam(label = "advanced,session", javaType = "java.time.Duration",
              description = "Silence after which server_vad ends a turn. By default 200 or 500 ms at the service, "
                            + "depending on the model.")
    private Long vadSilenceDuration;

    @UriParam(label = "advanced,session", javaType = "java.time.Duration",
              description = "Silence after an answer after which the model speaks up by itself, 5 to 30 seconds. By "
                            + "default off.")
    private Long vadIdleTimeout;

    @UriParam(label = "advanced,session", enums = "low,medium,high,auto",
              description = "How soon semantic_vad ends a turn. By default auto at the service.")
    private String vadEagerness;

    @UriParam(label = "advanced,session", defaultValue = "true",
              description = "Whether the model answers by itself when a turn ends. Not sent unless set, true at the service.")
    private Boolean vadCreateResponse;

    @UriParam(label = "advanced,session", defaultValue = "true",
              description = "Whether speech interrupts the model. Not sent unless set, true at the service.")
    private Boolean vadInterruptResponse;

    @UriParam(label = "advanced,session", javaType = "java.time.Duration", defaultValue = "0",
              description = "The service hears speech begin and does not find its end for this long (a noisy line): what was "
                            + "said is committed. 0 = never.")
    private Long vadStuckTimeout;

    @UriParam(label = "advanced,session", defaultValue = "true",
              description = "Whether the conversation is cut to what was heard when the user interrupts by speaking, which "
                            + "over WebSocket the service cannot know. Only where the audio is played: a consumer takes it, or "
                            + "playback positions are told.")
    private Boolean autoTruncate;

    @UriParam(label = "advanced,session", javaType = "java.time.Duration", defaultValue = "0",
              description = "How long speech must last before it interrupts the assistant, so that a cough does not. The component "
                            + "then interrupts instead of the service, which is sent interrupt_response=false. The service tells "
                            + "of the end of speech only vadSilenceDuration (500 ms) later, so less than that has no effect. "
                            + "0 = the service interrupts at once.")
    private Long interruptMinSpeech;

    @UriParam(label = "advanced,session", javaType = "java.time.Duration", defaultValue = "0",
              description = "Speech has interrupted the assistant and then has no words for this long after its end: it was a "
                            + "noise, and the model is asked to go on where it was interrupted (camel.turn.resumed). Needs "
                            + "transcription, and vadCreateResponse=false, as the service answers noises, too. 0 = never.")
    private Long falseInterruptionTimeout;

    @UriParam(label = "advanced,session", defaultValue = "false",
              description = "Whether nobody is heard while the assistant speaks, and 250 ms longer, where there is no echo "
                            + "cancellation: the model gets silence, or nothing, as muteMode says. The user cannot interrupt then.")
    private Boolean halfDuplex;

    @UriParam(label = "advanced,session", enums = "drop,silence",
              description = "What the model gets of audio given while the session is muted: nothing, or silence of the same "
                            + "length. By default silence where turns are ended by listening, else nothing.")
    private MuteMode muteMode;

    @UriParam(label = "advanced,session",
              description = "How often a response is asked for again that has failed by an error of the service or its rate limits, "
                            + "if nothing of it had come and nothing was called, at growing intervals from reconnectInterval; "
                            + "1 by default, 0 = never.")
    private Integer responseRetries;

    @UriParam(label = "common,session",
              description = "Instructions for what the model says first, before anything is asked, once in the life of the "
                            + "session. By default it waits for the user.")
    @Metadata(supportFileReference = true, largeInput = true)
    private String greeting;

    @UriParam(label = "common,session",
              description = "What every conversation of the session begins with: messages such as "
                            + "[{\"role\":\"user\",\"text\":\"…\"},{\"role\":\"assistant\",\"text\":\"…\"}], or items as the "
                            + "wire has them, pictures and whole rounds of tools too. JSON text, file: or classpath: to one, or "
                            + "a bean (a list of maps or JSON nodes, or JSON text).")
    @Metadata(supportFileReference = true, largeInput = true)
    private Object history;

    @UriParam(label = "common,session",
              description = "Transcription model for the user's speech in a realtime session; without it (or with "
                            + "none) there are no user transcripts. In a transcription session the same as model.")
    private String transcriptionModel;

    @UriParam(label = "common,session",
              description = "Language of the speech, ISO-639-1, such as en. By default it is detected.")
    private String language;

    @UriParam(label = "advanced,session",
              description = "Languages that may occur, ISO-639-1, separated by commas. Only for gpt-transcribe and "
                            + "gpt-live-transcribe.")
    private String languages;

    @UriParam(label = "advanced,session",
              description = "Words that may occur, separated by commas. Only for gpt-transcribe and "
                            + "gpt-live-transcribe.")
    private String keywords;

    @UriParam(label = "advanced,session",
              description = "Hint for the transcription, where the model takes one.")
    private String transcriptionPrompt;

    @UriParam(label = "advanced,session", enums = "minimal,low,medium,high,xhigh",
              description = "How long gpt-realtime-whisper waits for more context.")
    private String transcriptionDelay;

    @UriParam(label = "advanced,session", defaultValue = "false",
              description = "Whether transcripts come with log probabilities.")
    private Boolean transcriptionLogprobs;

    @UriParam(label = "advanced,session", enums = "conversation,arrival", defaultValue = "conversation",
              description = "In which order consumers get final transcripts: that of the conversation, where a final waits "
                            + "until those before it are settled (at most transcriptTimeout), or that of their arrival.")
    private TranscriptOrdering transcriptOrdering;

    @UriParam(label = "advanced,session",
              description = "A session object as JSON (or file: or classpath: to one), merged over what the options "
                            + "say. For fields that have no option.")
    @Metadata(supportFileReference = true)
    private String sessionConfig;

    @UriParam(label = "advanced,session", defaultValue = "false",
              description = "Whether our own segmenter ends turns. Transcription sessions whose model refuses turn "
                            + "detection, and endpoints with operation=transcribe, have true as default.")
    private Boolean segmentation;

    @UriParam(label = "advanced,session", javaType = "java.time.Duration", defaultValue = "250",
              description = "Our segmenter: sound shorter than this is not speech.")
    private Long segmentMinSpeech;

    @UriParam(label = "advanced,session", javaType = "java.time.Duration", defaultValue = "300",
              description = "Our segmenter: audio kept from before the start of speech.")
    private Long segmentPreRoll;

    @UriParam(label = "advanced,session", javaType = "java.time.Duration", defaultValue = "500",
              description = "Our segmenter: silence that ends a segment.")
    private Long segmentHangover;

    @UriParam(label = "advanced,session", javaType = "java.time.Duration", defaultValue = "30s",
              description = "Our segmenter: longest segment; it is cut at the quietest place of its last two seconds.")
    private Long segmentMax;

    @UriParam(label = "common,session", enums = "start,first-message,manual", defaultValue = "start",
              description = "When the session is opened: once the Camel context has started, with the first message, "
                            + "or by operation open-session only. Pools open their members when first needed.")
    private ConnectOn connectOn;

    @UriParam(label = "advanced,session", javaType = "java.time.Duration", defaultValue = "10s",
              description = "For a connection to stand.")
    private Long connectTimeout;

    @UriParam(label = "advanced,session", javaType = "java.time.Duration", defaultValue = "10s",
              description = "From the standing connection to the confirmed configuration.")
    private Long sessionReadyTimeout;

    @UriParam(label = "advanced,session", javaType = "java.time.Duration", defaultValue = "20s",
              description = "Between WebSocket pings; a missing pong ends the connection after one more interval. 0 = "
                            + "off.")
    private Long pingInterval;

    @UriParam(label = "advanced,session", javaType = "java.time.Duration", defaultValue = "30s",
              description = "While the service owes an answer (to an update, a commit, a request for a response, a "
                            + "transcript, or to speech where it ends the turns) and sends nothing at all for this long, the "
                            + "connection is given up. 0 = never.")
    private Long livenessTimeout;

    @UriParam(label = "advanced,session", javaType = "java.time.Duration", defaultValue = "20s",
              description = "While more waits to be sent than ever should and the service takes nothing of it for this long, "
                            + "the connection is given up. 0 = never.")
    private Long sendTimeout;

    @UriParam(label = "advanced,session",
              description = "Where the session is dialled when its own place fails: names of sessions declared by "
                            + "sessions.<name>.*, separated by commas, in the order of preference. Of those only the options "
                            + "count that say where and as whom (model, transcriptionModel, provider, baseUrl, apiKey, "
                            + "credentials, organization, project, handshakeHeaders, TLS, proxy and connectTimeout); what they do "
                            + "not say is as in this session, but keys are never taken to another provider. A connection that "
                            + "stands stays where it is; with the next dial after fallbackCooldown the session's own place is "
                            + "tried again.")
    private String fallback;

    @UriParam(label = "advanced,session", defaultValue = "2",
              description = "How many attempts in a row fail at one place before the next of fallback is dialled. After an error "
                            + "that no repetition helps (an unknown model, a refused key) it is dialled at once.")
    private Integer fallbackAttempts;

    @UriParam(label = "advanced,session", javaType = "java.time.Duration", defaultValue = "10s",
              description = "How long a place that has failed is passed over.")
    private Long fallbackCooldown;

    @UriParam(label = "common,session", defaultValue = "true",
              description = "Whether another connection takes the place of the present one before the service ends that "
                            + "(today after 60 minutes), while both stand, at a pause: nothing is lost or cut. Without it a "
                            + "session is connected anew when the service has ended it.")
    private Boolean rollover;

    @UriParam(label = "advanced,session", javaType = "java.time.Duration", defaultValue = "5m",
              description = "How long before the service ends a session the next connection is made. From then on the first "
                            + "pause is taken, in which nobody speaks and nothing is unanswered. Of a session that lives less "
                            + "than twice this time (and rolloverJitter) the second half is taken, and the other times of a "
                            + "rollover are scaled down with it.")
    private Long rolloverBefore;

    @UriParam(label = "advanced,session", javaType = "java.time.Duration", defaultValue = "2m",
              description = "How long before the service ends a session a pause is waited for no longer.")
    private Long rolloverDeadline;

    @UriParam(label = "advanced,session", javaType = "java.time.Duration", defaultValue = "1m",
              description = "The next connection is made at most as much earlier, at random, so that sessions that were opened "
                            + "together are not followed together.")
    private Long rolloverJitter;

    @UriParam(label = "common,session", defaultValue = "true",
              description = "Whether a session that is lost is connected anew. What was asked and not answered fails, the "
                            + "conversation so far is restored as text; audio that was not final is sent again.")
    private Boolean reconnect;

    @UriParam(label = "advanced,session", defaultValue = "true",
              description = "Whether a connection that takes the place of another is told what was said so far: text and "
                            + "transcripts, pictures, whole rounds of tools. With false the model begins anew.")
    private Boolean replayHistory;

    @UriParam(label = "advanced,session",
              description = "System message for the model once a new connection has been told what was said so far, so that it "
                            + "goes on instead of greeting again; none for no message. By default one in English that says so.")
    @Metadata(supportFileReference = true, largeInput = true)
    private String reanchor;

    @UriParam(label = "advanced,session", defaultValue = "1000",
              description = "Most items of the conversation that are kept, to be told to another connection; beyond, the oldest "
                            + "rounds are forgotten, each whole.")
    private Integer historyMaxItems;

    @UriParam(label = "advanced,session", defaultValue = "500000",
              description = "Most characters of text of the conversation that are kept; beyond, the oldest rounds are forgotten.")
    private Long historyMaxText;

    @UriParam(label = "advanced,session", defaultValue = "8388608",
              description = "Most bytes of pictures of the conversation that are kept, as base64; beyond, the oldest are "
                            + "forgotten, and the words beside them stay. 0 = none.")
    private Long historyMaxImages;

    @UriParam(label = "advanced,session",
              description = "Tokens of a conversation that the model takes in, for contextWarning. By default what is known of "
                            + "the model: its context window without the longest answer.")
    private Long contextWindow;

    @UriParam(label = "advanced,session", defaultValue = "0.8",
              description = "Share of contextWindow, 0 to 1, from which on the event camel.context.nearing-limit tells that the "
                            + "service will soon leave out what was said first. 0 = never.")
    private Double contextWarning;

    @UriParam(label = "advanced,session", defaultValue = "50",
              description = "How often a session is connected anew as long as it exists; then it fails. An expiry of the "
                            + "service's session after a long life does not count, nor does operation restart.")
    private Integer maxReconnects;

    @UriParam(label = "advanced,session", javaType = "java.time.Duration", defaultValue = "500",
              description = "Before the second attempt to connect; doubles from there.")
    private Long reconnectInterval;

    @UriParam(label = "advanced,session", javaType = "java.time.Duration", defaultValue = "30s",
              description = "Upper bound of the time between attempts.")
    private Long reconnectMaxInterval;

    @UriParam(label = "advanced,session", defaultValue = "5",
              description = "Attempts to connect per outage, the first included.")
    private Integer maxReconnectAttempts;

    @UriParam(label = "advanced,session", defaultValue = "33554432",
              description = "Largest frame taken from the service, in bytes.")
    private Integer maxMessageSize;

    @UriParam(label = "advanced,session", defaultValue = "false",
              description = "Whether permessage-deflate is offered. It costs seven times the CPU for a third fewer "
                            + "bytes.")
    private Boolean compression;

    @UriParam(label = "advanced,session", javaType = "java.time.Duration", defaultValue = "5s",
              description = "For the service to answer a commit, and to acknowledge changes of items and of the "
                            + "session that are waited for. The time that a running response takes does not count for "
                            + "created items.")
    private Long itemAckTimeout;

    @UriParam(label = "advanced,session", javaType = "java.time.Duration", defaultValue = "30s",
              description = "From a committed item to its final transcript.")
    private Long transcriptTimeout;

    @UriParam(label = "advanced,session", javaType = "java.time.Duration", defaultValue = "2s",
              description = "At a graceful stop: for what is owed (unsent audio, transcripts) to arrive.")
    private Long drainTimeout;

    @UriParam(label = "advanced,session", javaType = "java.time.Duration", defaultValue = "5m",
              description = "Dynamic sessions: without any operation, before they are closed. 0 = never.")
    private Long idleTimeout;

    @UriParam(label = "advanced,session", enums = "block,drop-oldest,drop-newest,fail",
              description = "What happens to audio for the model when more than maxQueuedAudio waits to be sent. By default "
                            + "drop-oldest for pieces of G.711 (a live call), else block.")
    private Overflow overflow;

    @UriParam(label = "advanced,session", javaType = "java.time.Duration", defaultValue = "2s",
              description = "Audio that may wait to be sent. While a connection is replaced, a live source's may wait as long as "
                            + "maxUnsettledAudio.")
    private Long maxQueuedAudio;

    @UriParam(label = "advanced,session", javaType = "java.time.Duration", defaultValue = "120s",
              description = "Audio that may be given and not be transcribed yet, where transcripts come; sources that can "
                            + "wait do so beyond it. 0 = no bound.")
    private Long maxOutstandingAudio;

    @UriParam(label = "advanced,session", javaType = "java.time.Duration", defaultValue = "120s",
              description = "Audio that was sent and may have to be sent again if the connection is lost, as neither its final "
                            + "transcript nor a response has come. Beyond it the eldest is forgotten. 0 = nothing is sent again.")
    private Long maxUnsettledAudio;

    @UriParam(label = "consumer",
              description = "Which events are consumed, separated by commas: exact names, globs in which an asterisk "
                            + "stands for any characters, and the words transcript, transcript-partial, audio, text, "
                            + "turn, tool, mcp, lifecycle, error, usage, all. By default everything but the deltas.")
    private String eventTypes;

    @UriParam(label = "consumer", enums = "event,exception",
              description = "What becomes of speech that gets no transcript: an exchange like any other (event), or a failed "
                            + "exchange with a TranscriptionFailedException for the route's error handler, which may put it "
                            + "into a dead letter queue (exception). By default exception where the word transcript in "
                            + "eventTypes is what asks for it, else event.")
    private FailedTranscriptHandling failedTranscripts;

    @UriParam(label = "consumer,advanced",
              description = "Confidence, 0 to 1, below which the header CamelOpenAIRealtimeLowConfidence of a final transcript "
                            + "is true. Nothing is dropped. Needs transcriptionLogprobs=true.")
    private Double minConfidence;

    @UriParam(label = "consumer,advanced", defaultValue = "false",
              description = "Whether consumed exchanges have the header kafka.KEY, by which camel-kafka chooses the partition, with the "
                            + "name of the session: so its events stay in order, over all connections.")
    private boolean kafkaKey;

    @UriParam(label = "consumer", defaultValue = "1000",
              description = "Events that may wait for the route; deltas and all others are counted apart, so that a flood "
                            + "of deltas cannot push out a final transcript.")
    private int queueSize = 1000;

    @UriParam(label = "consumer,advanced", enums = "health,stop-route", defaultValue = "health",
              description = "What happens when the session is lost for good or cannot be opened (camel.session.failed): with "
                            + "health, the route stays started and its health check is DOWN; with stop-route, it is stopped and "
                            + "marked as failed, and a supervising route controller starts it again with its own back-off. "
                            + "Such a restart waits for the connection, and fails without one. Not for wildcards.")
    private OnSessionFailed onSessionFailed = OnSessionFailed.HEALTH;

    @UriParam(label = "consumer,advanced", defaultValue = "67108864",
              description = "Bytes of events that may wait for the route, deltas and others counted apart.")
    private long maxQueuedBytes = 64L * 1024 * 1024;

    @UriParam(label = "consumer,advanced", enums = "fail,drop-oldest,drop-newest", defaultValue = "fail",
              description = "What happens when the route is too slow: with fail, events past the bounds are lost to "
                            + "this consumer, with an error event, a counter, and health DOWN until the route has "
                            + "caught up; drop-oldest and drop-newest drop audio deltas, and nothing else.")
    private BackpressureStrategy backpressureStrategy = BackpressureStrategy.FAIL;

    @UriParam(label = "consumer", enums = "unpaced,realtime", defaultValue = "unpaced",
              description = "How fast the model's voice comes: unpaced, as the service sends it, which is faster than it is "
                            + "spoken; or realtime, in frames of playbackFrame at the pace of speech, for sinks that cannot "
                            + "buffer, such as RTP streams and carriers. What waits is thrown away when the user interrupts.")
    private PlaybackMode playback = PlaybackMode.UNPACED;

    @UriParam(label = "consumer,advanced", javaType = "java.time.Duration", defaultValue = "20",
              description = "Length of the frames with playback=realtime, in ms, 10 to 1000. The last one of an answer is filled up "
                            + "with silence.")
    private long playbackFrame = 20;

    @UriParam(label = "consumer,advanced", javaType = "java.time.Duration", defaultValue = "300000",
              description = "How much voice may wait with playback=realtime. The longest answer that a model can give today takes "
                            + "less than the default. Beyond, the end of the answer is dropped (camel.playback.overflow).")
    private long playQueue = 300_000;

    @UriParam(label = "consumer",
              description = "Directory of a spool: every event is written there before the route gets it, and stays until the route, "
                            + "or its error handler, is done with it, over the end of the process too. What the route fails is "
                            + "given again, in order; the route gets every event at least once. One directory belongs to one "
                            + "consumer. Needs com.h2database:h2-mvstore on the class path. What people said stands in there.")
    private String spool;

    @UriParam(label = "consumer", defaultValue = "false",
              description = "Whether audio deltas are spooled too. By default they pass by the spool: in order with the other events, "
                            + "but once, and not beyond queueSize and maxQueuedBytes.")
    private boolean spoolAudio;

    @UriParam(label = "consumer,advanced", javaType = "java.time.Duration", defaultValue = "1s",
              description = "How long after a failure of the route a spooled event is given again; doubles with each failure in a row.")
    private long spoolRetryDelay = 1_000;

    @UriParam(label = "consumer,advanced", javaType = "java.time.Duration", defaultValue = "60s",
              description = "The longest time between two attempts to route a spooled event.")
    private long spoolMaxRetryDelay = 60_000;

    @UriParam(label = "consumer,advanced", defaultValue = "1073741824",
              description = "Bytes of events that the spool may hold. When it is full, events wait in memory (queueSize, "
                            + "maxQueuedBytes) and beyond that are lost, with an error event, a counter, and health DOWN.")
    private long spoolMaxSize = 1024L * 1024 * 1024;

    @UriParam(label = "consumer", defaultValue = "10",
              description = "How many sessions a consumer with a wildcard name routes at once. Events of one session "
                            + "are always routed one at a time.")
    private int maxConcurrentSessions = 10;

    @UriParam(label = "common", enums = "payload,event,raw", defaultValue = "payload",
              description = "What the body is: payload (a byte array for audio, String for text and transcripts, Map for "
                            + "the rest), event (the event or transcript as an object), raw (the JSON text).")
    private EventDataFormat dataFormat = EventDataFormat.PAYLOAD;

    @UriParam(label = "producer", enums = "auto,append-audio,append-image,commit-audio,clear-audio,end-turn,send-text,create-item,create-response,cancel-response,interrupt,playback-position,playback-mark,truncate-item,delete-item,retrieve-item,update-session,send-event,transcribe,mute,unmute,open-session,close-session,restart", defaultValue = "auto",
              description = "What to do with the message. The header CamelOpenAIRealtimeOperation wins. auto appends "
                            + "audio bodies, says plain text, and sends maps and JSON nodes as events.")
    private Operation operation = Operation.AUTO;

    @UriParam(label = "producer", enums = "none,sent,response,committed,completed",
              description = "How long the exchange waits: not at all, until sent, until the response is done, until "
                            + "the service has committed the audio or acknowledged the change, until the "
                            + "transcript is final. By default response for send-text, "
                            + "create-response and end-turn in an InOut exchange or with replyFormat, else sent. Nothing that "
                            + "waits holds a thread.")
    private Await await;

    @UriParam(label = "producer", javaType = "java.time.Duration", defaultValue = "20s",
              description = "For a response, from when the request has been sent.")
    private long requestTimeout = 20_000;

    @UriParam(label = "producer", defaultValue = "true",
              description = "Whether send-text asks for an answer.")
    private boolean createResponse = true;

    @UriParam(label = "producer", enums = "auto,low,high",
              description = "How closely the model looks at images of append-image; low costs few tokens. Not set, it is as the "
                            + "service has it.")
    private ImageDetail imageDetail;

    @UriParam(label = "producer", defaultValue = "false",
              description = "Whether retrieve-item gives the audio of the item, decoded, instead of the item. Its format is in "
                            + "header CamelOpenAIRealtimeAudioFormat.")
    private boolean retrieveAudio;

    @UriParam(label = "producer", enums = "text,wav,pcm",
              description = "What the body becomes when the exchange waits for an answer: its text (the default), its voice as "
                            + "a WAV file, or as bare bytes in the session's output format. Setting it makes the exchange wait.")
    private ReplyFormat replyFormat;

    @UriParam(label = "producer", enums = "audio,text",
              description = "What the model is asked to answer this with: audio or text. By default as the session has it.")
    private Modality outputModality;

    @UriParam(label = "producer,advanced", javaType = "java.time.Duration", defaultValue = "5m",
              description = "Longest spoken answer with replyFormat=wav or pcm, at most 1h; with a longer one the exchange "
                            + "fails.")
    private long maxReplyAudio = 300_000;

    @UriParam(label = "producer", defaultValue = "auto",
              description = "What audio bodies are in: auto (a WAV, AIFF or AU header if there is one; else byte arrays are in "
                            + "the session's input format, and streams are refused), wav, aiff, au, or a declared raw "
                            + "format such as pcm16;rate=16000;channels=2, pcmu, pcma.")
    private String audioFormat = "auto";

    @UriParam(label = "producer", defaultValue = "auto",
              description = "How fast audio is given to the session: asap, realtime, a factor of real time, or auto: "
                            + "realtime for live sources (any InputStream of which nobody can say that it is a file or in "
                            + "memory), asap for all others and for transcribe.")
    private String pacing = "auto";

    @UriParam(label = "producer", defaultValue = "true",
              description = "Whether the end of a stream or file that append-audio gives is the end of the turn. With false "
                            + "the next body goes on where it ended, as when a decoder is started anew. The header "
                            + "CamelOpenAIRealtimeOverrideEndOfStream wins.")
    private boolean endOfStream = true;

    @UriParam(label = "producer,advanced", javaType = "java.time.Duration", defaultValue = "60s",
              description = "How long a live source (see pacing) may give nothing before its exchange fails and the stream "
                            + "is closed. 0 = for ever.")
    private long sourceTimeout = 60_000;

    @UriParam(label = "producer", defaultValue = "1",
              description = "Number of sessions that operation transcribe works with at once, named name#1 to name#n.")
    private int poolSize = 1;

    @UriParam(label = "producer,advanced", javaType = "java.time.Duration", defaultValue = "0",
              description = "How long an exchange waits for a free session of the pool. 0 = for ever.")
    private long poolWaitTimeout = 0;

    @UriParam(label = "advanced,session", prefix = "sessionProperties.", multiValue = true,
              description = "Fields of the session object that have no option, by their path, such as "
                            + "sessionProperties.audio.output.speed=1.1. Values that read as JSON are sent as such.")
    private Map<String, Object> sessionProperties = new OptionTree();

    /** A copy that can be changed without the original. */
    public OpenAIRealtimeConfiguration copy() {
        try {
            OpenAIRealtimeConfiguration copy = (OpenAIRealtimeConfiguration) clone();
            copy.handshakeHeaders = new OptionTree(handshakeHeaders);
            copy.sessionProperties = new OptionTree(sessionProperties);
            return copy;
        } catch (CloneNotSupportedException e) {
            throw new RuntimeCamelException(e);
        }
    }

    public String getApiKey() {
        return apiKey;
    }

    public void setApiKey(String apiKey) {
        this.apiKey = apiKey;
    }

    public RealtimeCredentials getCredentials() {
        return credentials;
    }

    public void setCredentials(RealtimeCredentials credentials) {
        this.credentials = credentials;
    }

    public Provider getProvider() {
        return provider;
    }

    public void setProvider(Provider provider) {
        this.provider = provider;
    }

    public String getBaseUrl() {
        return baseUrl;
    }

    public void setBaseUrl(String baseUrl) {
        this.baseUrl = baseUrl;
    }

    public String getOrganization() {
        return organization;
    }

    public void setOrganization(String organization) {
        this.organization = organization;
    }

    public String getProject() {
        return project;
    }

    public void setProject(String project) {
        this.project = project;
    }

    public Map<String, Object> getHandshakeHeaders() {
        return handshakeHeaders;
    }

    public void setHandshakeHeaders(Map<String, Object> handshakeHeaders) {
        this.handshakeHeaders = handshakeHeaders == null ? new OptionTree() : new OptionTree(handshakeHeaders);
    }

    public String getSafetyIdentifier() {
        return safetyIdentifier;
    }

    public void setSafetyIdentifier(String safetyIdentifier) {
        this.safetyIdentifier = safetyIdentifier;
    }

    public String getSafetyIdentifierSecret() {
        return safetyIdentifierSecret;
    }

    public void setSafetyIdentifierSecret(String safetyIdentifierSecret) {
        this.safetyIdentifierSecret = safetyIdentifierSecret;
    }

    public SSLContextParameters getSslContextParameters() {
        return sslContextParameters;
    }

    public void setSslContextParameters(SSLContextParameters sslContextParameters) {
        this.sslContextParameters = sslContextParameters;
    }

    public String getProxyHost() {
        return proxyHost;
    }

    public void setProxyHost(String proxyHost) {
        this.proxyHost = proxyHost;
    }

    public Integer getProxyPort() {
        return proxyPort;
    }

    public void setProxyPort(Integer proxyPort) {
        this.proxyPort = proxyPort;
    }

    public String getProxyUser() {
        return proxyUser;
    }

    public void setProxyUser(String proxyUser) {
        this.proxyUser = proxyUser;
    }

    public String getProxyPassword() {
        return proxyPassword;
    }

    public void setProxyPassword(String proxyPassword) {
        this.proxyPassword = proxyPassword;
    }

    public String getNonProxyHosts() {
        return nonProxyHosts;
    }

    public void setNonProxyHosts(String nonProxyHosts) {
        this.nonProxyHosts = nonProxyHosts;
    }

    public SessionType getSessionType() {
        return sessionType;
    }

    public void setSessionType(SessionType sessionType) {
        this.sessionType = sessionType;
    }

    public String getModel() {
        return model;
    }

    public void setModel(String model) {
        this.model = model;
    }

    public Long getModelRetirementWarning() {
        return modelRetirementWarning;
    }

    public void setModelRetirementWarning(Long modelRetirementWarning) {
        this.modelRetirementWarning = modelRetirementWarning;
    }

    public String getInstructions() {
        return instructions;
    }

    public void setInstructions(String instructions) {
        this.instructions = instructions;
    }

    public String getVoice() {
        return voice;
    }

    public void setVoice(String voice) {
        this.voice = voice;
    }

    public Double getSpeed() {
        return speed;
    }

    public void setSpeed(Double speed) {
        this.speed = speed;
    }

    public String getOutputModalities() {
        return outputModalities;
    }

    public void setOutputModalities(String outputModalities) {
        this.outputModalities = outputModalities;
    }

    public Integer getMaxOutputTokens() {
        return maxOutputTokens;
    }

    public void setMaxOutputTokens(Integer maxOutputTokens) {
        this.maxOutputTokens = maxOutputTokens;
    }

    public String getReasoningEffort() {
        return reasoningEffort;
    }

    public void setReasoningEffort(String reasoningEffort) {
        this.reasoningEffort = reasoningEffort;
    }

    public String getTracing() {
        return tracing;
    }

    public void setTracing(String tracing) {
        this.tracing = tracing;
    }

    public String getInputAudioFormat() {
        return inputAudioFormat;
    }

    public void setInputAudioFormat(String inputAudioFormat) {
        this.inputAudioFormat = inputAudioFormat;
    }

    public String getOutputAudioFormat() {
        return outputAudioFormat;
    }

    public void setOutputAudioFormat(String outputAudioFormat) {
        this.outputAudioFormat = outputAudioFormat;
    }

    public String getNoiseReduction() {
        return noiseReduction;
    }

    public void setNoiseReduction(String noiseReduction) {
        this.noiseReduction = noiseReduction;
    }

    public String getTurnDetection() {
        return turnDetection;
    }

    public void setTurnDetection(String turnDetection) {
        this.turnDetection = turnDetection;
    }

    public Double getVadThreshold() {
        return vadThreshold;
    }

    public void setVadThreshold(Double vadThreshold) {
        this.vadThreshold = vadThreshold;
    }

    public Long getVadPrefixPadding() {
        return vadPrefixPadding;
    }

    public void setVadPrefixPadding(Long vadPrefixPadding) {
        this.vadPrefixPadding = vadPrefixPadding;
    }

    public Long getVadSilenceDuration() {
        return vadSilenceDuration;
    }

    public void setVadSilenceDuration(Long vadSilenceDuration) {
        this.vadSilenceDuration = vadSilenceDuration;
    }

    public Long getVadIdleTimeout() {
        return vadIdleTimeout;
    }

    public void setVadIdleTimeout(Long vadIdleTimeout) {
        this.vadIdleTimeout = vadIdleTimeout;
    }

    public String getVadEagerness() {
        return vadEagerness;
    }

    public void setVadEagerness(String vadEagerness) {
        this.vadEagerness = vadEagerness;
    }

    public Boolean getVadCreateResponse() {
        return vadCreateResponse;
    }

    public void setVadCreateResponse(Boolean vadCreateResponse) {
        this.vadCreateResponse = vadCreateResponse;
    }

    public Boolean getVadInterruptResponse() {
        return vadInterruptResponse;
    }

    public void setVadInterruptResponse(Boolean vadInterruptResponse) {
        this.vadInterruptResponse = vadInterruptResponse;
    }

    public Long getVadStuckTimeout() {
        return vadStuckTimeout;
    }

    public void setVadStuckTimeout(Long vadStuckTimeout) {
        this.vadStuckTimeout = vadStuckTimeout;
    }

    public Boolean getAutoTruncate() {
        return autoTruncate;
    }

    public void setAutoTruncate(Boolean autoTruncate) {
        this.autoTruncate = autoTruncate;
    }

    public Long getInterruptMinSpeech() {
        return interruptMinSpeech;
    }

    public void setInterruptMinSpeech(Long interruptMinSpeech) {
        this.interruptMinSpeech = interruptMinSpeech;
    }

    public Long getFalseInterruptionTimeout() {
        return falseInterruptionTimeout;
    }

    public void setFalseInterruptionTimeout(Long falseInterruptionTimeout) {
        this.falseInterruptionTimeout = falseInterruptionTimeout;
    }

    public Boolean getHalfDuplex() {
        return halfDuplex;
    }

    public void setHalfDuplex(Boolean halfDuplex) {
        this.halfDuplex = halfDuplex;
    }

    public MuteMode getMuteMode() {
        return muteMode;
    }

    public void setMuteMode(MuteMode muteMode) {
        this.muteMode = muteMode;
    }

    public Object getHistory() {
        return history;
    }

    public void setHistory(Object history) {
        this.history = history;
    }

    public Integer getResponseRetries() {
        return responseRetries;
    }

    public void setResponseRetries(Integer responseRetries) {
        this.responseRetries = responseRetries;
    }

    public String getGreeting() {
        return greeting;
    }

    public void setGreeting(String greeting) {
        this.greeting = greeting;
    }

    public String getTranscriptionModel() {
        return transcriptionModel;
    }

    public void setTranscriptionModel(String transcriptionModel) {
        this.transcriptionModel = transcriptionModel;
    }

    public String getLanguage() {
        return language;
    }

    public void setLanguage(String language) {
        this.language = language;
    }

    public String getLanguages() {
        return languages;
    }

    public void setLanguages(String languages) {
        this.languages = languages;
    }

    public String getKeywords() {
        return keywords;
    }

    public void setKeywords(String keywords) {
        this.keywords = keywords;
    }

    public String getTranscriptionPrompt() {
        return transcriptionPrompt;
    }

    public void setTranscriptionPrompt(String transcriptionPrompt) {
        this.transcriptionPrompt = transcriptionPrompt;
    }

    public String getTranscriptionDelay() {
        return transcriptionDelay;
    }

    public void setTranscriptionDelay(String transcriptionDelay) {
        this.transcriptionDelay = transcriptionDelay;
    }

    public Boolean getTranscriptionLogprobs() {
        return transcriptionLogprobs;
    }

    public void setTranscriptionLogprobs(Boolean transcriptionLogprobs) {
        this.transcriptionLogprobs = transcriptionLogprobs;
    }

    public TranscriptOrdering getTranscriptOrdering() {
        return transcriptOrdering;
    }

    public void setTranscriptOrdering(TranscriptOrdering transcriptOrdering) {
        this.transcriptOrdering = transcriptOrdering;
    }

    public String getSessionConfig() {
        return sessionConfig;
    }

    public void setSessionConfig(String sessionConfig) {
        this.sessionConfig = sessionConfig;
    }

    public Boolean getSegmentation() {
        return segmentation;
    }

    public void setSegmentation(Boolean segmentation) {
        this.segmentation = segmentation;
    }

    public Long getSegmentMinSpeech() {
        return segmentMinSpeech;
    }

    public void setSegmentMinSpeech(Long segmentMinSpeech) {
        this.segmentMinSpeech = segmentMinSpeech;
    }

    public Long getSegmentPreRoll() {
        return segmentPreRoll;
    }

    public void setSegmentPreRoll(Long segmentPreRoll) {
        this.segmentPreRoll = segmentPreRoll;
    }

    public Long getSegmentHangover() {
        return segmentHangover;
    }

    public void setSegmentHangover(Long segmentHangover) {
        this.segmentHangover = segmentHangover;
    }

    public Long getSegmentMax() {
        return segmentMax;
    }

    public void setSegmentMax(Long segmentMax) {
        this.segmentMax = segmentMax;
    }

    public ConnectOn getConnectOn() {
        return connectOn;
    }

    public void setConnectOn(ConnectOn connectOn) {
        this.connectOn = connectOn;
    }

    public Long getConnectTimeout() {
        return connectTimeout;
    }

    public void setConnectTimeout(Long connectTimeout) {
        this.connectTimeout = connectTimeout;
    }

    public Long getSessionReadyTimeout() {
        return sessionReadyTimeout;
    }

    public void setSessionReadyTimeout(Long sessionReadyTimeout) {
        this.sessionReadyTimeout = sessionReadyTimeout;
    }

    public Long getPingInterval() {
        return pingInterval;
    }

    public void setPingInterval(Long pingInterval) {
        this.pingInterval = pingInterval;
    }

    public Long getLivenessTimeout() {
        return livenessTimeout;
    }

    public void setLivenessTimeout(Long livenessTimeout) {
        this.livenessTimeout = livenessTimeout;
    }

    public Long getSendTimeout() {
        return sendTimeout;
    }

    public void setSendTimeout(Long sendTimeout) {
        this.sendTimeout = sendTimeout;
    }

    public String getFallback() {
        return fallback;
    }

    public void setFallback(String fallback) {
        this.fallback = fallback;
    }

    public Integer getFallbackAttempts() {
        return fallbackAttempts;
    }

    public void setFallbackAttempts(Integer fallbackAttempts) {
        this.fallbackAttempts = fallbackAttempts;
    }

    public Long getFallbackCooldown() {
        return fallbackCooldown;
    }

    public void setFallbackCooldown(Long fallbackCooldown) {
        this.fallbackCooldown = fallbackCooldown;
    }

    public Boolean getRollover() {
        return rollover;
    }

    public void setRollover(Boolean rollover) {
        this.rollover = rollover;
    }

    public Long getRolloverBefore() {
        return rolloverBefore;
    }

    public void setRolloverBefore(Long rolloverBefore) {
        this.rolloverBefore = rolloverBefore;
    }

    public Long getRolloverDeadline() {
        return rolloverDeadline;
    }

    public void setRolloverDeadline(Long rolloverDeadline) {
        this.rolloverDeadline = rolloverDeadline;
    }

    public Long getRolloverJitter() {
        return rolloverJitter;
    }

    public void setRolloverJitter(Long rolloverJitter) {
        this.rolloverJitter = rolloverJitter;
    }

    public Boolean getReconnect() {
        return reconnect;
    }

    public void setReconnect(Boolean reconnect) {
        this.reconnect = reconnect;
    }

    public Boolean getReplayHistory() {
        return replayHistory;
    }

    public void setReplayHistory(Boolean replayHistory) {
        this.replayHistory = replayHistory;
    }

    public String getReanchor() {
        return reanchor;
    }

    public void setReanchor(String reanchor) {
        this.reanchor = reanchor;
    }

    public Integer getHistoryMaxItems() {
        return historyMaxItems;
    }

    public void setHistoryMaxItems(Integer historyMaxItems) {
        this.historyMaxItems = historyMaxItems;
    }

    public Long getHistoryMaxText() {
        return historyMaxText;
    }

    public void setHistoryMaxText(Long historyMaxText) {
        this.historyMaxText = historyMaxText;
    }

    public Long getHistoryMaxImages() {
        return historyMaxImages;
    }

    public void setHistoryMaxImages(Long historyMaxImages) {
        this.historyMaxImages = historyMaxImages;
    }

    public Long getContextWindow() {
        return contextWindow;
    }

    public void setContextWindow(Long contextWindow) {
        this.contextWindow = contextWindow;
    }

    public Double getContextWarning() {
        return contextWarning;
    }

    public void setContextWarning(Double contextWarning) {
        this.contextWarning = contextWarning;
    }

    public Integer getMaxReconnects() {
        return maxReconnects;
    }

    public void setMaxReconnects(Integer maxReconnects) {
        this.maxReconnects = maxReconnects;
    }

    public Long getReconnectInterval() {
        return reconnectInterval;
    }

    public void setReconnectInterval(Long reconnectInterval) {
        this.reconnectInterval = reconnectInterval;
    }

    public Long getReconnectMaxInterval() {
        return reconnectMaxInterval;
    }

    public void setReconnectMaxInterval(Long reconnectMaxInterval) {
        this.reconnectMaxInterval = reconnectMaxInterval;
    }

    public Integer getMaxReconnectAttempts() {
        return maxReconnectAttempts;
    }

    public void setMaxReconnectAttempts(Integer maxReconnectAttempts) {
        this.maxReconnectAttempts = maxReconnectAttempts;
    }

    public Integer getMaxMessageSize() {
        return maxMessageSize;
    }

    public void setMaxMessageSize(Integer maxMessageSize) {
        this.maxMessageSize = maxMessageSize;
    }

    public Boolean getCompression() {
        return compression;
    }

    public void setCompression(Boolean compression) {
        this.compression = compression;
    }

    public Long getItemAckTimeout() {
        return itemAckTimeout;
    }

    public void setItemAckTimeout(Long itemAckTimeout) {
        this.itemAckTimeout = itemAckTimeout;
    }

    public Long getTranscriptTimeout() {
        return transcriptTimeout;
    }

    public void setTranscriptTimeout(Long transcriptTimeout) {
        this.transcriptTimeout = transcriptTimeout;
    }

    public Long getDrainTimeout() {
        return drainTimeout;
    }

    public void setDrainTimeout(Long drainTimeout) {
        this.drainTimeout = drainTimeout;
    }

    public Long getIdleTimeout() {
        return idleTimeout;
    }

    public void setIdleTimeout(Long idleTimeout) {
        this.idleTimeout = idleTimeout;
    }

    public Overflow getOverflow() {
        return overflow;
    }

    public void setOverflow(Overflow overflow) {
        this.overflow = overflow;
    }

    public Long getMaxQueuedAudio() {
        return maxQueuedAudio;
    }

    public void setMaxQueuedAudio(Long maxQueuedAudio) {
        this.maxQueuedAudio = maxQueuedAudio;
    }

    public Long getMaxOutstandingAudio() {
        return maxOutstandingAudio;
    }

    public void setMaxOutstandingAudio(Long maxOutstandingAudio) {
        this.maxOutstandingAudio = maxOutstandingAudio;
    }

    public Long getMaxUnsettledAudio() {
        return maxUnsettledAudio;
    }

    public void setMaxUnsettledAudio(Long maxUnsettledAudio) {
        this.maxUnsettledAudio = maxUnsettledAudio;
    }

    public String getEventTypes() {
        return eventTypes;
    }

    public void setEventTypes(String eventTypes) {
        this.eventTypes = eventTypes;
    }

    public FailedTranscriptHandling getFailedTranscripts() {
        return failedTranscripts;
    }

    public void setFailedTranscripts(FailedTranscriptHandling failedTranscripts) {
        this.failedTranscripts = failedTranscripts;
    }

    public Double getMinConfidence() {
        return minConfidence;
    }

    public void setMinConfidence(Double minConfidence) {
        this.minConfidence = minConfidence;
    }

    public boolean isKafkaKey() {
        return kafkaKey;
    }

    public void setKafkaKey(boolean kafkaKey) {
        this.kafkaKey = kafkaKey;
    }

    public int getQueueSize() {
        return queueSize;
    }

    public void setQueueSize(int queueSize) {
        this.queueSize = queueSize;
    }

    public OnSessionFailed getOnSessionFailed() {
        return onSessionFailed;
    }

    public void setOnSessionFailed(OnSessionFailed onSessionFailed) {
        this.onSessionFailed = onSessionFailed;
    }

    public long getMaxQueuedBytes() {
        return maxQueuedBytes;
    }

    public void setMaxQueuedBytes(long maxQueuedBytes) {
        this.maxQueuedBytes = maxQueuedBytes;
    }

    public PlaybackMode getPlayback() {
        return playback;
    }

    public void setPlayback(PlaybackMode playback) {
        this.playback = playback;
    }

    public long getPlaybackFrame() {
        return playbackFrame;
    }

    public void setPlaybackFrame(long playbackFrame) {
        this.playbackFrame = playbackFrame;
    }

    public long getPlayQueue() {
        return playQueue;
    }

    public void setPlayQueue(long playQueue) {
        this.playQueue = playQueue;
    }

    public BackpressureStrategy getBackpressureStrategy() {
        return backpressureStrategy;
    }

    public void setBackpressureStrategy(BackpressureStrategy backpressureStrategy) {
        this.backpressureStrategy = backpressureStrategy;
    }

    public String getSpool() {
        return spool;
    }

    public void setSpool(String spool) {
        this.spool = spool;
    }

    public boolean isSpoolAudio() {
        return spoolAudio;
    }

    public void setSpoolAudio(boolean spoolAudio) {
        this.spoolAudio = spoolAudio;
    }

    public long getSpoolRetryDelay() {
        return spoolRetryDelay;
    }

    public void setSpoolRetryDelay(long spoolRetryDelay) {
        this.spoolRetryDelay = spoolRetryDelay;
    }

    public long getSpoolMaxRetryDelay() {
        return spoolMaxRetryDelay;
    }

    public void setSpoolMaxRetryDelay(long spoolMaxRetryDelay) {
        this.spoolMaxRetryDelay = spoolMaxRetryDelay;
    }

    public long getSpoolMaxSize() {
        return spoolMaxSize;
    }

    public void setSpoolMaxSize(long spoolMaxSize) {
        this.spoolMaxSize = spoolMaxSize;
    }

    public int getMaxConcurrentSessions() {
        return maxConcurrentSessions;
    }

    public void setMaxConcurrentSessions(int maxConcurrentSessions) {
        this.maxConcurrentSessions = maxConcurrentSessions;
    }

    public EventDataFormat getDataFormat() {
        return dataFormat;
    }

    public void setDataFormat(EventDataFormat dataFormat) {
        this.dataFormat = dataFormat;
    }

    public Operation getOperation() {
        return operation;
    }

    public void setOperation(Operation operation) {
        this.operation = operation;
    }

    public Await getAwait() {
        return await;
    }

    public void setAwait(Await await) {
        this.await = await;
    }

    public long getRequestTimeout() {
        return requestTimeout;
    }

    public void setRequestTimeout(long requestTimeout) {
        this.requestTimeout = requestTimeout;
    }

    public ImageDetail getImageDetail() {
        return imageDetail;
    }

    public void setImageDetail(ImageDetail imageDetail) {
        this.imageDetail = imageDetail;
    }

    public boolean isRetrieveAudio() {
        return retrieveAudio;
    }

    public void setRetrieveAudio(boolean retrieveAudio) {
        this.retrieveAudio = retrieveAudio;
    }

    public boolean isCreateResponse() {
        return createResponse;
    }

    public void setCreateResponse(boolean createResponse) {
        this.createResponse = createResponse;
    }

    public ReplyFormat getReplyFormat() {
        return replyFormat;
    }

    public void setReplyFormat(ReplyFormat replyFormat) {
        this.replyFormat = replyFormat;
    }

    public Modality getOutputModality() {
        return outputModality;
    }

    public void setOutputModality(Modality outputModality) {
        this.outputModality = outputModality;
    }

    public long getMaxReplyAudio() {
        return maxReplyAudio;
    }

    public void setMaxReplyAudio(long maxReplyAudio) {
        this.maxReplyAudio = maxReplyAudio;
    }

    public String getAudioFormat() {
        return audioFormat;
    }

    public void setAudioFormat(String audioFormat) {
        this.audioFormat = audioFormat;
    }

    public String getPacing() {
        return pacing;
    }

    public void setPacing(String pacing) {
        this.pacing = pacing;
    }

    public boolean isEndOfStream() {
        return endOfStream;
    }

    public void setEndOfStream(boolean endOfStream) {
        this.endOfStream = endOfStream;
    }

    public long getSourceTimeout() {
        return sourceTimeout;
    }

    public void setSourceTimeout(long sourceTimeout) {
        this.sourceTimeout = sourceTimeout;
    }

    public int getPoolSize() {
        return poolSize;
    }

    public void setPoolSize(int poolSize) {
        this.poolSize = poolSize;
    }

    public long getPoolWaitTimeout() {
        return poolWaitTimeout;
    }

    public void setPoolWaitTimeout(long poolWaitTimeout) {
        this.poolWaitTimeout = poolWaitTimeout;
    }

    public Map<String, Object> getSessionProperties() {
        return sessionProperties;
    }

    /** @param sessionProperties values by path ({@code audio.output.speed}), or by key in maps in maps */
    public void setSessionProperties(Map<String, Object> sessionProperties) {
        this.sessionProperties = sessionProperties == null ? new OptionTree() : new OptionTree(sessionProperties);
    }
}
