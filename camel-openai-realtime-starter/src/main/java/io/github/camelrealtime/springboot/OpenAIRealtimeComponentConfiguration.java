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
package io.github.camelrealtime.springboot;

import java.time.Duration;
import java.util.Map;

import io.github.camelrealtime.BackpressureStrategy;
import io.github.camelrealtime.ConnectOn;
import io.github.camelrealtime.FailedTranscriptHandling;
import io.github.camelrealtime.OnSessionFailed;
import io.github.camelrealtime.OpenAIRealtimeConfiguration;
import io.github.camelrealtime.PlaybackMode;
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
import io.github.camelrealtime.session.RealtimeErrorClassifier;
import io.github.camelrealtime.session.Timers;
import io.github.camelrealtime.session.TranscriptOrdering;
import io.github.camelrealtime.spool.EventSpoolFactory;
import io.github.camelrealtime.transport.TransportFactory;
import org.apache.camel.spring.boot.ComponentConfigurationPropertiesCommon;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The options of the component as properties {@code camel.component.openai-realtime.*}.
 *
 * <p>All are {@code null} when not set, so that nothing is said to the component, and nothing is sent to the service, that
 * nobody has said. The defaults that the component has stand in {@code additional-spring-configuration-metadata.json}.
 * A test holds both against the component's catalogue.
 */
@ConfigurationProperties(prefix = "camel.component.openai-realtime")
public class OpenAIRealtimeComponentConfiguration extends ComponentConfigurationPropertiesCommon {

    /**
     * Hosts that baseUrl may name besides those of OpenAI and Azure and this machine, separated by commas;
     * .example.com stands for all below example.com.
     */
    private String allowedHosts;

    /**
     * API key (or ephemeral client secret) of OpenAI; with provider=azure the key of the resource. If not set,
     * the environment variable OPENAI_API_KEY (AZURE_OPENAI_API_KEY) and then the system property
     * openai.api.key (azure.openai.api.key) are asked, at every connect.
     */
    private String apiKey;

    /**
     * What audio bodies are in: auto (a WAV, AIFF or AU header if there is one; else byte arrays are in the
     * session's input format, and streams are refused), wav, aiff, au, or a declared raw format such as
     * pcm16;rate=16000;channels=2, pcmu, pcma.
     */
    private String audioFormat;

    /**
     * Whether the conversation is cut to what was heard when the user interrupts by speaking, which over
     * WebSocket the service cannot know. Only where the audio is played: a consumer takes it, or playback
     * positions are told.
     */
    private Boolean autoTruncate;

    /**
     * Whether autowiring is enabled. This is used for automatic autowiring options (the option must be marked
     * as autowired) by looking up in the registry to find if there is a single instance of matching type, which
     * then gets configured on the component. This can be used for automatic configuring JDBC data sources, JMS
     * connection factories, AWS Clients, etc.
     */
    private Boolean autowiredEnabled;

    /**
     * How long the exchange waits: not at all, until sent, until the response is done, until the service has
     * committed the audio or acknowledged the change, until the transcript is final. By default response for
     * send-text, create-response and end-turn in an InOut exchange or with replyFormat, else sent. Nothing that
     * waits holds a thread.
     */
    private Await await;

    /**
     * What happens when the route is too slow: with fail, events past the bounds are lost to this consumer,
     * with an error event, a counter, and health DOWN until the route has caught up; drop-oldest and
     * drop-newest drop audio deltas, and nothing else.
     */
    private BackpressureStrategy backpressureStrategy;

    /**
     * Base address of the API; http and https become ws and wss for the socket. Must be https, except for
     * loopback addresses, on a host of OpenAI or Azure, or one that the component's option allowedHosts names.
     */
    private String baseUrl;

    /**
     * Allows for bridging the consumer to the Camel routing Error Handler, which mean any exceptions (if
     * possible) occurred while the Camel consumer is trying to pickup incoming messages, or the likes, will now
     * be processed as a message and handled by the routing Error Handler. Important: This is only possible if
     * the 3rd party component allows Camel to be alerted if an exception was thrown. Some components handle
     * this internally only, and therefore bridgeErrorHandler is not possible. In other situations we may
     * improve the Camel component to hook into the 3rd party component and make this possible for future
     * releases. By default the consumer will use the org.apache.camel.spi.ExceptionHandler to deal with
     * exceptions, that will be logged at WARN or ERROR level and ignored.
     */
    private Boolean bridgeErrorHandler;

    /**
     * Whether permessage-deflate is offered. It costs seven times the CPU for a third fewer bytes.
     */
    private Boolean compression;

    /**
     * Options for all endpoints of this component
     */
    private OpenAIRealtimeConfiguration configuration;

    /**
     * When the session is opened: once the Camel context has started, with the first message, or by operation
     * open-session only. Pools open their members when first needed.
     */
    private ConnectOn connectOn;

    /**
     * For a connection to stand.
     */
    private Duration connectTimeout;

    /**
     * Share of contextWindow, 0 to 1, from which on the event camel.context.nearing-limit tells that the
     * service will soon leave out what was said first. 0 = never.
     */
    private Double contextWarning;

    /**
     * Tokens of a conversation that the model takes in, for contextWarning. By default what is known of the
     * model: its context window without the longest answer.
     */
    private Long contextWindow;

    /**
     * Whether send-text asks for an answer.
     */
    private Boolean createResponse;

    /**
     * Bean that gives the bearer token of each connection, such as one of Microsoft Entra; used instead of an
     * API key.
     */
    private RealtimeCredentials credentials;

    /**
     * What the body is: payload (a byte array for audio, String for text and transcripts, Map for the rest),
     * event (the event or transcript as an object), raw (the JSON text).
     */
    private EventDataFormat dataFormat;

    /**
     * At a graceful stop: for what is owed (unsent audio, transcripts) to arrive.
     */
    private Duration drainTimeout;

    /**
     * Whether the end of a stream or file that append-audio gives is the end of the turn. With false the next
     * body goes on where it ended, as when a decoder is started anew. The header
     * CamelOpenAIRealtimeOverrideEndOfStream wins.
     */
    private Boolean endOfStream;

    /**
     * Overrides what errors of the service mean: whether another try may help, or somebody has to see to the
     * key, the model or the account first
     */
    private RealtimeErrorClassifier errorClassifier;

    /**
     * Which events are consumed, separated by commas: exact names, globs in which an asterisk stands for any
     * characters, and the words transcript, transcript-partial, audio, text, turn, tool, mcp, lifecycle, error,
     * usage, all. By default everything but the deltas.
     */
    private String eventTypes;

    /**
     * What becomes of speech that gets no transcript: an exchange like any other (event), or a failed exchange
     * with a TranscriptionFailedException for the route's error handler, which may put it into a dead letter
     * queue (exception). By default exception where the word transcript in eventTypes is what asks for it, else
     * event.
     */
    private FailedTranscriptHandling failedTranscripts;

    /**
     * Where the session is dialled when its own place fails: names of sessions declared by sessions..,
     * separated by commas, in the order of preference. Of those only the options count that say where and as
     * whom (model, transcriptionModel, provider, baseUrl, apiKey, credentials, organization, project,
     * handshakeHeaders, TLS, proxy and connectTimeout); what they do not say is as in this session, but keys
     * are never taken to another provider. A connection that stands stays where it is; with the next dial after
     * fallbackCooldown the session's own place is tried again.
     */
    private String fallback;

    /**
     * How many attempts in a row fail at one place before the next of fallback is dialled. After an error that
     * no repetition helps (an unknown model, a refused key) it is dialled at once.
     */
    private Integer fallbackAttempts;

    /**
     * How long a place that has failed is passed over.
     */
    private Duration fallbackCooldown;

    /**
     * Speech has interrupted the assistant and then has no words for this long after its end: it was a noise,
     * and the model is asked to go on where it was interrupted (camel.turn.resumed). Needs transcription, and
     * vadCreateResponse=false, as the service answers noises, too. 0 = never.
     */
    private Duration falseInterruptionTimeout;

    /**
     * Instructions for what the model says first, before anything is asked, once in the life of the session. By
     * default it waits for the user.
     */
    private String greeting;

    /**
     * Whether nobody is heard while the assistant speaks, and 250 ms longer, where there is no echo
     * cancellation: the model gets silence, or nothing, as muteMode says. The user cannot interrupt then.
     */
    private Boolean halfDuplex;

    /**
     * Headers of one's own for the WebSocket handshake, such as those a gateway wants. Those of the connection
     * itself and of the service are refused. This is a multi-value option with prefix: handshakeHeaders.
     */
    private Map<String, Object> handshakeHeaders;

    /**
     * Used for enabling or disabling all consumer based health checks from this component
     */
    private Boolean healthCheckConsumerEnabled;

    /**
     * Used for enabling or disabling all producer based health checks from this component. Notice: Camel has by
     * default disabled all producer based health-checks. You can turn on producer checks globally by setting
     * camel.health.producersEnabled=true.
     */
    private Boolean healthCheckProducerEnabled;

    /**
     * What every conversation of the session begins with: messages such as
     * {role:user,text:},{role:assistant,text:}, or items as the wire has them, pictures and whole rounds of
     * tools too. JSON text, file: or classpath: to one, or a bean (a list of maps or JSON nodes, or JSON text).
     */
    private Object history;

    /**
     * Most bytes of pictures of the conversation that are kept, as base64; beyond, the oldest are forgotten,
     * and the words beside them stay. 0 = none.
     */
    private Long historyMaxImages;

    /**
     * Most items of the conversation that are kept, to be told to another connection; beyond, the oldest rounds
     * are forgotten, each whole.
     */
    private Integer historyMaxItems;

    /**
     * Most characters of text of the conversation that are kept; beyond, the oldest rounds are forgotten.
     */
    private Long historyMaxText;

    /**
     * Dynamic sessions: without any operation, before they are closed. 0 = never.
     */
    private Duration idleTimeout;

    /**
     * How closely the model looks at images of append-image; low costs few tokens. Not set, it is as the
     * service has it.
     */
    private ImageDetail imageDetail;

    /**
     * Format on the wire towards the service: pcm16 (24 kHz mono), pcmu or pcma (G.711, 8 kHz). Whatever audio
     * the route gives is converted to it.
     */
    private String inputAudioFormat;

    /**
     * System instructions of the model. By default the service's own are used.
     */
    private String instructions;

    /**
     * How long speech must last before it interrupts the assistant, so that a cough does not. The component
     * then interrupts instead of the service, which is sent interrupt_response=false. The service tells of the
     * end of speech only vadSilenceDuration (500 ms) later, so less than that has no effect. 0 = the service
     * interrupts at once.
     */
    private Duration interruptMinSpeech;

    /**
     * For the service to answer a commit, and to acknowledge changes of items and of the session that are
     * waited for. The time that a running response takes does not count for created items.
     */
    private Duration itemAckTimeout;

    /**
     * Whether consumed exchanges have the header kafka.KEY, by which camel-kafka chooses the partition, with
     * the name of the session: so its events stay in order, over all connections.
     */
    private Boolean kafkaKey;

    /**
     * Words that may occur, separated by commas. Only for gpt-transcribe and gpt-live-transcribe.
     */
    private String keywords;

    /**
     * Language of the speech, ISO-639-1, such as en. By default it is detected.
     */
    private String language;

    /**
     * Languages that may occur, ISO-639-1, separated by commas. Only for gpt-transcribe and
     * gpt-live-transcribe.
     */
    private String languages;

    /**
     * Whether the producer should be started lazy (on the first message). By starting lazy you can use this to
     * allow CamelContext and routes to startup in situations where a producer may otherwise fail during
     * starting and cause the route to fail being started. By deferring this startup to be lazy then the startup
     * failure can be handled during routing messages via Camel's routing error handlers. Beware that when the
     * first message is processed then creating and starting the producer may take a little time and prolong the
     * total processing time of the processing.
     */
    private Boolean lazyStartProducer;

    /**
     * While the service owes an answer (to an update, a commit, a request for a response, a transcript, or to
     * speech where it ends the turns) and sends nothing at all for this long, the connection is given up. 0 =
     * never.
     */
    private Duration livenessTimeout;

    /**
     * How many sessions may make a second connection at once, to take the place of their present one before the
     * service ends that; others wait their turn, up to their rolloverDeadline. While both stand, both count for
     * what the service allows.
     */
    private Integer maxConcurrentRollovers;

    /**
     * How many sessions a consumer with a wildcard name routes at once. Events of one session are always routed
     * one at a time.
     */
    private Integer maxConcurrentSessions;

    /**
     * Largest frame taken from the service, in bytes.
     */
    private Integer maxMessageSize;

    /**
     * Most tokens of one response, 1 to 4096. By default unlimited at the service.
     */
    private Integer maxOutputTokens;

    /**
     * Audio that may be given and not be transcribed yet, where transcripts come; sources that can wait do so
     * beyond it. 0 = no bound.
     */
    private Duration maxOutstandingAudio;

    /**
     * Audio that may wait to be sent. While a connection is replaced, a live source's may wait as long as
     * maxUnsettledAudio.
     */
    private Duration maxQueuedAudio;

    /**
     * Bytes of events that may wait for the route, deltas and others counted apart.
     */
    private Long maxQueuedBytes;

    /**
     * Attempts to connect per outage, the first included.
     */
    private Integer maxReconnectAttempts;

    /**
     * How often a session is connected anew as long as it exists; then it fails. An expiry of the service's
     * session after a long life does not count, nor does operation restart.
     */
    private Integer maxReconnects;

    /**
     * Longest spoken answer with replyFormat=wav or pcm, at most 1h; with a longer one the exchange fails.
     */
    private Duration maxReplyAudio;

    /**
     * How many dynamic sessions (named by a message) may be open at once
     */
    private Integer maxSessions;

    /**
     * Audio that was sent and may have to be sent again if the connection is lost, as neither its final
     * transcript nor a response has come. Beyond it the eldest is forgotten. 0 = nothing is sent again.
     */
    private Duration maxUnsettledAudio;

    /**
     * Confidence, 0 to 1, below which the header CamelOpenAIRealtimeLowConfidence of a final transcript is
     * true. Nothing is dropped. Needs transcriptionLogprobs=true.
     */
    private Double minConfidence;

    /**
     * Model of the session, free text. Default gpt-realtime-2.1; in a transcription session it is the
     * transcription model, default gpt-live-transcribe.
     */
    private String model;

    /**
     * How long before the announced end of a model, or of stored prompts, a warning is logged when a session
     * starts, and health checks have it as a detail. 0 = never. Models that are not known pass.
     */
    private Duration modelRetirementWarning;

    /**
     * What the model gets of audio given while the session is muted: nothing, or silence of the same length. By
     * default silence where turns are ended by listening, else nothing.
     */
    private MuteMode muteMode;

    /**
     * Noise reduction on the input. By default off at the service.
     */
    private String noiseReduction;

    /**
     * Hosts reached without the proxy, separated by commas; an asterisk stands for any characters.
     */
    private String nonProxyHosts;

    /**
     * What happens when the session is lost for good or cannot be opened (camel.session.failed): with health,
     * the route stays started and its health check is DOWN; with stop-route, it is stopped and marked as
     * failed, and a supervising route controller starts it again with its own back-off. Such a restart waits
     * for the connection, and fails without one. Not for wildcards.
     */
    private OnSessionFailed onSessionFailed;

    /**
     * What to do with the message. The header CamelOpenAIRealtimeOperation wins. auto appends audio bodies,
     * says plain text, and sends maps and JSON nodes as events.
     */
    private Operation operation;

    /**
     * Organization id sent as OpenAI-Organization.
     */
    private String organization;

    /**
     * Format of the model's voice: pcm16 (24 kHz mono), pcmu or pcma (G.711, 8 kHz).
     */
    private String outputAudioFormat;

    /**
     * What the model answers with: audio (with its transcript) or text. By default audio at the service.
     */
    private String outputModalities;

    /**
     * What the model is asked to answer this with: audio or text. By default as the session has it.
     */
    private Modality outputModality;

    /**
     * What happens to audio for the model when more than maxQueuedAudio waits to be sent. By default
     * drop-oldest for pieces of G.711 (a live call), else block.
     */
    private Overflow overflow;

    /**
     * How fast audio is given to the session: asap, realtime, a factor of real time, or auto: realtime for live
     * sources (any InputStream of which nobody can say that it is a file or in memory), asap for all others and
     * for transcribe.
     */
    private String pacing;

    /**
     * Between WebSocket pings; a missing pong ends the connection after one more interval. 0 = off.
     */
    private Duration pingInterval;

    /**
     * How much voice may wait with playback=realtime. The longest answer that a model can give today takes less
     * than the default. Beyond, the end of the answer is dropped (camel.playback.overflow).
     */
    private Duration playQueue;

    /**
     * How fast the model's voice comes: unpaced, as the service sends it, which is faster than it is spoken; or
     * realtime, in frames of playbackFrame at the pace of speech, for sinks that cannot buffer, such as RTP
     * streams and carriers. What waits is thrown away when the user interrupts.
     */
    private PlaybackMode playback;

    /**
     * Length of the frames with playback=realtime, in ms, 10 to 1000. The last one of an answer is filled up
     * with silence.
     */
    private Duration playbackFrame;

    /**
     * Number of sessions that operation transcribe works with at once, named name#1 to name#n.
     */
    private Integer poolSize;

    /**
     * How long an exchange waits for a free session of the pool. 0 = for ever.
     */
    private Duration poolWaitTimeout;

    /**
     * Project id sent as OpenAI-Project.
     */
    private String project;

    /**
     * Who runs the service: openai, or azure for a resource of Azure OpenAI, where baseUrl is the address of
     * the resource and model the name of a deployment. Never guessed.
     */
    private Provider provider;

    /**
     * HTTP proxy through which the service is reached (CONNECT). By default the one that the JDK's system
     * properties name, if any.
     */
    private String proxyHost;

    /**
     * Password for basic authentication at the proxy; it goes nowhere else.
     */
    private String proxyPassword;

    /**
     * Port of the proxy.
     */
    private Integer proxyPort;

    /**
     * User for basic authentication at the proxy.
     */
    private String proxyUser;

    /**
     * Events that may wait for the route; deltas and all others are counted apart, so that a flood of deltas
     * cannot push out a final transcript.
     */
    private Integer queueSize;

    /**
     * System message for the model once a new connection has been told what was said so far, so that it goes on
     * instead of greeting again; none for no message. By default one in English that says so.
     */
    private String reanchor;

    /**
     * How much a reasoning model reasons. Left out for models that do not reason.
     */
    private String reasoningEffort;

    /**
     * Whether a session that is lost is connected anew. What was asked and not answered fails, the conversation
     * so far is restored as text; audio that was not final is sent again.
     */
    private Boolean reconnect;

    /**
     * Before the second attempt to connect; doubles from there.
     */
    private Duration reconnectInterval;

    /**
     * Upper bound of the time between attempts.
     */
    private Duration reconnectMaxInterval;

    /**
     * Whether a connection that takes the place of another is told what was said so far: text and transcripts,
     * pictures, whole rounds of tools. With false the model begins anew.
     */
    private Boolean replayHistory;

    /**
     * What the body becomes when the exchange waits for an answer: its text (the default), its voice as a WAV
     * file, or as bare bytes in the session's output format. Setting it makes the exchange wait.
     */
    private ReplyFormat replyFormat;

    /**
     * For a response, from when the request has been sent.
     */
    private Duration requestTimeout;

    /**
     * How often a response is asked for again that has failed by an error of the service or its rate limits, if
     * nothing of it had come and nothing was called, at growing intervals from reconnectInterval; 1 by default,
     * 0 = never.
     */
    private Integer responseRetries;

    /**
     * Whether retrieve-item gives the audio of the item, decoded, instead of the item. Its format is in header
     * CamelOpenAIRealtimeAudioFormat.
     */
    private Boolean retrieveAudio;

    /**
     * Whether another connection takes the place of the present one before the service ends that (today after
     * 60 minutes), while both stand, at a pause: nothing is lost or cut. Without it a session is connected anew
     * when the service has ended it.
     */
    private Boolean rollover;

    /**
     * How long before the service ends a session the next connection is made. From then on the first pause is
     * taken, in which nobody speaks and nothing is unanswered. Of a session that lives less than twice this
     * time (and rolloverJitter) the second half is taken, and the other times of a rollover are scaled down
     * with it.
     */
    private Duration rolloverBefore;

    /**
     * How long before the service ends a session a pause is waited for no longer.
     */
    private Duration rolloverDeadline;

    /**
     * The next connection is made at most as much earlier, at random, so that sessions that were opened
     * together are not followed together.
     */
    private Duration rolloverJitter;

    /**
     * Who the end user of the session is, sent as OpenAI-Safety-Identifier: a stable name of at most 64
     * characters that says nothing about the person, or anything if safetyIdentifierSecret is set.
     */
    private String safetyIdentifier;

    /**
     * Secret of your own. With it the HMAC-SHA256 of safetyIdentifier is sent instead of the identifier, so
     * that no personal data leaves.
     */
    private String safetyIdentifierSecret;

    /**
     * Our segmenter: silence that ends a segment.
     */
    private Duration segmentHangover;

    /**
     * Our segmenter: longest segment; it is cut at the quietest place of its last two seconds.
     */
    private Duration segmentMax;

    /**
     * Our segmenter: sound shorter than this is not speech.
     */
    private Duration segmentMinSpeech;

    /**
     * Our segmenter: audio kept from before the start of speech.
     */
    private Duration segmentPreRoll;

    /**
     * Whether our own segmenter ends turns. Transcription sessions whose model refuses turn detection, and
     * endpoints with operation=transcribe, have true as default.
     */
    private Boolean segmentation;

    /**
     * While more waits to be sent than ever should and the service takes nothing of it for this long, the
     * connection is given up. 0 = never.
     */
    private Duration sendTimeout;

    /**
     * A session object as JSON (or file: or classpath: to one), merged over what the options say. For fields
     * that have no option.
     */
    private String sessionConfig;

    /**
     * Fields of the session object that have no option, by their path, such as
     * sessionProperties.audio.output.speed=1.1. Values that read as JSON are sent as such. This is a
     * multi-value option with prefix: sessionProperties.
     */
    private Map<String, Object> sessionProperties;

    /**
     * From the standing connection to the confirmed configuration.
     */
    private Duration sessionReadyTimeout;

    /**
     * Kind of session: realtime (a conversation with a model) or transcription (speech to text only). Endpoints
     * with operation=transcribe have transcription as default.
     */
    private SessionType sessionType;

    /**
     * Sessions declared once, by name: sessions.support.model=gpt-realtime-2.1. Every session option is
     * possible; endpoints that name the session have them.
     */
    private Map<String, Map<String, Object>> sessions;

    /**
     * How long a live source (see pacing) may give nothing before its exchange fails and the stream is closed.
     * 0 = for ever.
     */
    private Duration sourceTimeout;

    /**
     * Speed of the voice, 0.25 to 1.5. By default 1.0 at the service.
     */
    private Double speed;

    /**
     * Directory of a spool: every event is written there before the route gets it, and stays until the route,
     * or its error handler, is done with it, over the end of the process too. What the route fails is given
     * again, in order; the route gets every event at least once. One directory belongs to one consumer. Needs
     * com.h2database:h2-mvstore on the class path. What people said stands in there.
     */
    private String spool;

    /**
     * Whether audio deltas are spooled too. By default they pass by the spool: in order with the other events,
     * but once, and not beyond queueSize and maxQueuedBytes.
     */
    private Boolean spoolAudio;

    /**
     * Opens the spools of consumers (option spool). By default they are files.
     */
    private EventSpoolFactory spoolFactory;

    /**
     * The longest time between two attempts to route a spooled event.
     */
    private Duration spoolMaxRetryDelay;

    /**
     * Bytes of events that the spool may hold. When it is full, events wait in memory (queueSize,
     * maxQueuedBytes) and beyond that are lost, with an error event, a counter, and health DOWN.
     */
    private Long spoolMaxSize;

    /**
     * How long after a failure of the route a spooled event is given again; doubles with each failure in a row.
     */
    private Duration spoolRetryDelay;

    /**
     * TLS: private authorities, the client's own certificate, protocols and cipher suites. By default those of
     * the JDK, or the global ones with useGlobalSslContextParameters.
     */
    private SSLContextParameters sslContextParameters;

    /**
     * Clock and timer, for tests that let hours pass in a second. By default real time.
     */
    private Timers timers;

    /**
     * Whether the service keeps a trace of the conversation: auto for yes, and it cannot be switched off again.
     * Not sent unless set, off at the service.
     */
    private String tracing;

    /**
     * In which order consumers get final transcripts: that of the conversation, where a final waits until those
     * before it are settled (at most transcriptTimeout), or that of their arrival.
     */
    private TranscriptOrdering transcriptOrdering;

    /**
     * From a committed item to its final transcript.
     */
    private Duration transcriptTimeout;

    /**
     * How long gpt-realtime-whisper waits for more context.
     */
    private String transcriptionDelay;

    /**
     * Whether transcripts come with log probabilities.
     */
    private Boolean transcriptionLogprobs;

    /**
     * Transcription model for the user's speech in a realtime session; without it (or with none) there are no
     * user transcripts. In a transcription session the same as model.
     */
    private String transcriptionModel;

    /**
     * Hint for the transcription, where the model takes one.
     */
    private String transcriptionPrompt;

    /**
     * Makes the connections of all sessions, instead of WebSockets made with the network options; for tests
     * without a network, see MemoryTransportFactory.
     */
    private TransportFactory transportFactory;

    /**
     * Who ends a turn: the service by silence (server_vad) or by meaning (semantic_vad), or the route (none).
     * By default server_vad at the service, none for transcription models that refuse turn detection.
     */
    private String turnDetection;

    /**
     * Whether sessions without sslContextParameters use the global ones of the Camel context.
     */
    private Boolean useGlobalSslContextParameters;

    /**
     * Whether the model answers by itself when a turn ends. Not sent unless set, true at the service.
     */
    private Boolean vadCreateResponse;

    /**
     * How soon semantic_vad ends a turn. By default auto at the service.
     */
    private String vadEagerness;

    /**
     * Silence after an answer after which the model speaks up by itself, 5 to 30 seconds. By default off.
     */
    private Duration vadIdleTimeout;

    /**
     * Whether speech interrupts the model. Not sent unless set, true at the service.
     */
    private Boolean vadInterruptResponse;

    /**
     * Audio before the start of speech that server_vad includes. By default 300 ms at the service.
     */
    private Duration vadPrefixPadding;

    /**
     * Silence after which server_vad ends a turn. By default 200 or 500 ms at the service, depending on the
     * model.
     */
    private Duration vadSilenceDuration;

    /**
     * The service hears speech begin and does not find its end for this long (a noisy line): what was said is
     * committed. 0 = never.
     */
    private Duration vadStuckTimeout;

    /**
     * Loudness from which server_vad hears speech, 0 to 1. By default 0.5 at the service.
     */
    private Double vadThreshold;

    /**
     * Voice of the model, free text, such as marin or cedar. By default the service chooses.
     */
    private String voice;

    public String getAllowedHosts() {
        return allowedHosts;
    }

    public void setAllowedHosts(String allowedHosts) {
        this.allowedHosts = allowedHosts;
    }

    public String getApiKey() {
        return apiKey;
    }

    public void setApiKey(String apiKey) {
        this.apiKey = apiKey;
    }

    public String getAudioFormat() {
        return audioFormat;
    }

    public void setAudioFormat(String audioFormat) {
        this.audioFormat = audioFormat;
    }

    public Boolean getAutoTruncate() {
        return autoTruncate;
    }

    public void setAutoTruncate(Boolean autoTruncate) {
        this.autoTruncate = autoTruncate;
    }

    public Boolean getAutowiredEnabled() {
        return autowiredEnabled;
    }

    public void setAutowiredEnabled(Boolean autowiredEnabled) {
        this.autowiredEnabled = autowiredEnabled;
    }

    public Await getAwait() {
        return await;
    }

    public void setAwait(Await await) {
        this.await = await;
    }

    public BackpressureStrategy getBackpressureStrategy() {
        return backpressureStrategy;
    }

    public void setBackpressureStrategy(BackpressureStrategy backpressureStrategy) {
        this.backpressureStrategy = backpressureStrategy;
    }

    public String getBaseUrl() {
        return baseUrl;
    }

    public void setBaseUrl(String baseUrl) {
        this.baseUrl = baseUrl;
    }

    public Boolean getBridgeErrorHandler() {
        return bridgeErrorHandler;
    }

    public void setBridgeErrorHandler(Boolean bridgeErrorHandler) {
        this.bridgeErrorHandler = bridgeErrorHandler;
    }

    public Boolean getCompression() {
        return compression;
    }

    public void setCompression(Boolean compression) {
        this.compression = compression;
    }

    public OpenAIRealtimeConfiguration getConfiguration() {
        return configuration;
    }

    public void setConfiguration(OpenAIRealtimeConfiguration configuration) {
        this.configuration = configuration;
    }

    public ConnectOn getConnectOn() {
        return connectOn;
    }

    public void setConnectOn(ConnectOn connectOn) {
        this.connectOn = connectOn;
    }

    public Duration getConnectTimeout() {
        return connectTimeout;
    }

    public void setConnectTimeout(Duration connectTimeout) {
        this.connectTimeout = connectTimeout;
    }

    public Double getContextWarning() {
        return contextWarning;
    }

    public void setContextWarning(Double contextWarning) {
        this.contextWarning = contextWarning;
    }

    public Long getContextWindow() {
        return contextWindow;
    }

    public void setContextWindow(Long contextWindow) {
        this.contextWindow = contextWindow;
    }

    public Boolean getCreateResponse() {
        return createResponse;
    }

    public void setCreateResponse(Boolean createResponse) {
        this.createResponse = createResponse;
    }

    public RealtimeCredentials getCredentials() {
        return credentials;
    }

    public void setCredentials(RealtimeCredentials credentials) {
        this.credentials = credentials;
    }

    public EventDataFormat getDataFormat() {
        return dataFormat;
    }

    public void setDataFormat(EventDataFormat dataFormat) {
        this.dataFormat = dataFormat;
    }

    public Duration getDrainTimeout() {
        return drainTimeout;
    }

    public void setDrainTimeout(Duration drainTimeout) {
        this.drainTimeout = drainTimeout;
    }

    public Boolean getEndOfStream() {
        return endOfStream;
    }

    public void setEndOfStream(Boolean endOfStream) {
        this.endOfStream = endOfStream;
    }

    public RealtimeErrorClassifier getErrorClassifier() {
        return errorClassifier;
    }

    public void setErrorClassifier(RealtimeErrorClassifier errorClassifier) {
        this.errorClassifier = errorClassifier;
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

    public Duration getFallbackCooldown() {
        return fallbackCooldown;
    }

    public void setFallbackCooldown(Duration fallbackCooldown) {
        this.fallbackCooldown = fallbackCooldown;
    }

    public Duration getFalseInterruptionTimeout() {
        return falseInterruptionTimeout;
    }

    public void setFalseInterruptionTimeout(Duration falseInterruptionTimeout) {
        this.falseInterruptionTimeout = falseInterruptionTimeout;
    }

    public String getGreeting() {
        return greeting;
    }

    public void setGreeting(String greeting) {
        this.greeting = greeting;
    }

    public Boolean getHalfDuplex() {
        return halfDuplex;
    }

    public void setHalfDuplex(Boolean halfDuplex) {
        this.halfDuplex = halfDuplex;
    }

    public Map<String, Object> getHandshakeHeaders() {
        return handshakeHeaders;
    }

    public void setHandshakeHeaders(Map<String, Object> handshakeHeaders) {
        this.handshakeHeaders = handshakeHeaders;
    }

    public Boolean getHealthCheckConsumerEnabled() {
        return healthCheckConsumerEnabled;
    }

    public void setHealthCheckConsumerEnabled(Boolean healthCheckConsumerEnabled) {
        this.healthCheckConsumerEnabled = healthCheckConsumerEnabled;
    }

    public Boolean getHealthCheckProducerEnabled() {
        return healthCheckProducerEnabled;
    }

    public void setHealthCheckProducerEnabled(Boolean healthCheckProducerEnabled) {
        this.healthCheckProducerEnabled = healthCheckProducerEnabled;
    }

    public Object getHistory() {
        return history;
    }

    public void setHistory(Object history) {
        this.history = history;
    }

    public Long getHistoryMaxImages() {
        return historyMaxImages;
    }

    public void setHistoryMaxImages(Long historyMaxImages) {
        this.historyMaxImages = historyMaxImages;
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

    public Duration getIdleTimeout() {
        return idleTimeout;
    }

    public void setIdleTimeout(Duration idleTimeout) {
        this.idleTimeout = idleTimeout;
    }

    public ImageDetail getImageDetail() {
        return imageDetail;
    }

    public void setImageDetail(ImageDetail imageDetail) {
        this.imageDetail = imageDetail;
    }

    public String getInputAudioFormat() {
        return inputAudioFormat;
    }

    public void setInputAudioFormat(String inputAudioFormat) {
        this.inputAudioFormat = inputAudioFormat;
    }

    public String getInstructions() {
        return instructions;
    }

    public void setInstructions(String instructions) {
        this.instructions = instructions;
    }

    public Duration getInterruptMinSpeech() {
        return interruptMinSpeech;
    }

    public void setInterruptMinSpeech(Duration interruptMinSpeech) {
        this.interruptMinSpeech = interruptMinSpeech;
    }

    public Duration getItemAckTimeout() {
        return itemAckTimeout;
    }

    public void setItemAckTimeout(Duration itemAckTimeout) {
        this.itemAckTimeout = itemAckTimeout;
    }

    public Boolean getKafkaKey() {
        return kafkaKey;
    }

    public void setKafkaKey(Boolean kafkaKey) {
        this.kafkaKey = kafkaKey;
    }

    public String getKeywords() {
        return keywords;
    }

    public void setKeywords(String keywords) {
        this.keywords = keywords;
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

    public Boolean getLazyStartProducer() {
        return lazyStartProducer;
    }

    public void setLazyStartProducer(Boolean lazyStartProducer) {
        this.lazyStartProducer = lazyStartProducer;
    }

    public Duration getLivenessTimeout() {
        return livenessTimeout;
    }

    public void setLivenessTimeout(Duration livenessTimeout) {
        this.livenessTimeout = livenessTimeout;
    }

    public Integer getMaxConcurrentRollovers() {
        return maxConcurrentRollovers;
    }

    public void setMaxConcurrentRollovers(Integer maxConcurrentRollovers) {
        this.maxConcurrentRollovers = maxConcurrentRollovers;
    }

    public Integer getMaxConcurrentSessions() {
        return maxConcurrentSessions;
    }

    public void setMaxConcurrentSessions(Integer maxConcurrentSessions) {
        this.maxConcurrentSessions = maxConcurrentSessions;
    }

    public Integer getMaxMessageSize() {
        return maxMessageSize;
    }

    public void setMaxMessageSize(Integer maxMessageSize) {
        this.maxMessageSize = maxMessageSize;
    }

    public Integer getMaxOutputTokens() {
        return maxOutputTokens;
    }

    public void setMaxOutputTokens(Integer maxOutputTokens) {
        this.maxOutputTokens = maxOutputTokens;
    }

    public Duration getMaxOutstandingAudio() {
        return maxOutstandingAudio;
    }

    public void setMaxOutstandingAudio(Duration maxOutstandingAudio) {
        this.maxOutstandingAudio = maxOutstandingAudio;
    }

    public Duration getMaxQueuedAudio() {
        return maxQueuedAudio;
    }

    public void setMaxQueuedAudio(Duration maxQueuedAudio) {
        this.maxQueuedAudio = maxQueuedAudio;
    }

    public Long getMaxQueuedBytes() {
        return maxQueuedBytes;
    }

    public void setMaxQueuedBytes(Long maxQueuedBytes) {
        this.maxQueuedBytes = maxQueuedBytes;
    }

    public Integer getMaxReconnectAttempts() {
        return maxReconnectAttempts;
    }

    public void setMaxReconnectAttempts(Integer maxReconnectAttempts) {
        this.maxReconnectAttempts = maxReconnectAttempts;
    }

    public Integer getMaxReconnects() {
        return maxReconnects;
    }

    public void setMaxReconnects(Integer maxReconnects) {
        this.maxReconnects = maxReconnects;
    }

    public Duration getMaxReplyAudio() {
        return maxReplyAudio;
    }

    public void setMaxReplyAudio(Duration maxReplyAudio) {
        this.maxReplyAudio = maxReplyAudio;
    }

    public Integer getMaxSessions() {
        return maxSessions;
    }

    public void setMaxSessions(Integer maxSessions) {
        this.maxSessions = maxSessions;
    }

    public Duration getMaxUnsettledAudio() {
        return maxUnsettledAudio;
    }

    public void setMaxUnsettledAudio(Duration maxUnsettledAudio) {
        this.maxUnsettledAudio = maxUnsettledAudio;
    }

    public Double getMinConfidence() {
        return minConfidence;
    }

    public void setMinConfidence(Double minConfidence) {
        this.minConfidence = minConfidence;
    }

    public String getModel() {
        return model;
    }

    public void setModel(String model) {
        this.model = model;
    }

    public Duration getModelRetirementWarning() {
        return modelRetirementWarning;
    }

    public void setModelRetirementWarning(Duration modelRetirementWarning) {
        this.modelRetirementWarning = modelRetirementWarning;
    }

    public MuteMode getMuteMode() {
        return muteMode;
    }

    public void setMuteMode(MuteMode muteMode) {
        this.muteMode = muteMode;
    }

    public String getNoiseReduction() {
        return noiseReduction;
    }

    public void setNoiseReduction(String noiseReduction) {
        this.noiseReduction = noiseReduction;
    }

    public String getNonProxyHosts() {
        return nonProxyHosts;
    }

    public void setNonProxyHosts(String nonProxyHosts) {
        this.nonProxyHosts = nonProxyHosts;
    }

    public OnSessionFailed getOnSessionFailed() {
        return onSessionFailed;
    }

    public void setOnSessionFailed(OnSessionFailed onSessionFailed) {
        this.onSessionFailed = onSessionFailed;
    }

    public Operation getOperation() {
        return operation;
    }

    public void setOperation(Operation operation) {
        this.operation = operation;
    }

    public String getOrganization() {
        return organization;
    }

    public void setOrganization(String organization) {
        this.organization = organization;
    }

    public String getOutputAudioFormat() {
        return outputAudioFormat;
    }

    public void setOutputAudioFormat(String outputAudioFormat) {
        this.outputAudioFormat = outputAudioFormat;
    }

    public String getOutputModalities() {
        return outputModalities;
    }

    public void setOutputModalities(String outputModalities) {
        this.outputModalities = outputModalities;
    }

    public Modality getOutputModality() {
        return outputModality;
    }

    public void setOutputModality(Modality outputModality) {
        this.outputModality = outputModality;
    }

    public Overflow getOverflow() {
        return overflow;
    }

    public void setOverflow(Overflow overflow) {
        this.overflow = overflow;
    }

    public String getPacing() {
        return pacing;
    }

    public void setPacing(String pacing) {
        this.pacing = pacing;
    }

    public Duration getPingInterval() {
        return pingInterval;
    }

    public void setPingInterval(Duration pingInterval) {
        this.pingInterval = pingInterval;
    }

    public Duration getPlayQueue() {
        return playQueue;
    }

    public void setPlayQueue(Duration playQueue) {
        this.playQueue = playQueue;
    }

    public PlaybackMode getPlayback() {
        return playback;
    }

    public void setPlayback(PlaybackMode playback) {
        this.playback = playback;
    }

    public Duration getPlaybackFrame() {
        return playbackFrame;
    }

    public void setPlaybackFrame(Duration playbackFrame) {
        this.playbackFrame = playbackFrame;
    }

    public Integer getPoolSize() {
        return poolSize;
    }

    public void setPoolSize(Integer poolSize) {
        this.poolSize = poolSize;
    }

    public Duration getPoolWaitTimeout() {
        return poolWaitTimeout;
    }

    public void setPoolWaitTimeout(Duration poolWaitTimeout) {
        this.poolWaitTimeout = poolWaitTimeout;
    }

    public String getProject() {
        return project;
    }

    public void setProject(String project) {
        this.project = project;
    }

    public Provider getProvider() {
        return provider;
    }

    public void setProvider(Provider provider) {
        this.provider = provider;
    }

    public String getProxyHost() {
        return proxyHost;
    }

    public void setProxyHost(String proxyHost) {
        this.proxyHost = proxyHost;
    }

    public String getProxyPassword() {
        return proxyPassword;
    }

    public void setProxyPassword(String proxyPassword) {
        this.proxyPassword = proxyPassword;
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

    public Integer getQueueSize() {
        return queueSize;
    }

    public void setQueueSize(Integer queueSize) {
        this.queueSize = queueSize;
    }

    public String getReanchor() {
        return reanchor;
    }

    public void setReanchor(String reanchor) {
        this.reanchor = reanchor;
    }

    public String getReasoningEffort() {
        return reasoningEffort;
    }

    public void setReasoningEffort(String reasoningEffort) {
        this.reasoningEffort = reasoningEffort;
    }

    public Boolean getReconnect() {
        return reconnect;
    }

    public void setReconnect(Boolean reconnect) {
        this.reconnect = reconnect;
    }

    public Duration getReconnectInterval() {
        return reconnectInterval;
    }

    public void setReconnectInterval(Duration reconnectInterval) {
        this.reconnectInterval = reconnectInterval;
    }

    public Duration getReconnectMaxInterval() {
        return reconnectMaxInterval;
    }

    public void setReconnectMaxInterval(Duration reconnectMaxInterval) {
        this.reconnectMaxInterval = reconnectMaxInterval;
    }

    public Boolean getReplayHistory() {
        return replayHistory;
    }

    public void setReplayHistory(Boolean replayHistory) {
        this.replayHistory = replayHistory;
    }

    public ReplyFormat getReplyFormat() {
        return replyFormat;
    }

    public void setReplyFormat(ReplyFormat replyFormat) {
        this.replyFormat = replyFormat;
    }

    public Duration getRequestTimeout() {
        return requestTimeout;
    }

    public void setRequestTimeout(Duration requestTimeout) {
        this.requestTimeout = requestTimeout;
    }

    public Integer getResponseRetries() {
        return responseRetries;
    }

    public void setResponseRetries(Integer responseRetries) {
        this.responseRetries = responseRetries;
    }

    public Boolean getRetrieveAudio() {
        return retrieveAudio;
    }

    public void setRetrieveAudio(Boolean retrieveAudio) {
        this.retrieveAudio = retrieveAudio;
    }

    public Boolean getRollover() {
        return rollover;
    }

    public void setRollover(Boolean rollover) {
        this.rollover = rollover;
    }

    public Duration getRolloverBefore() {
        return rolloverBefore;
    }

    public void setRolloverBefore(Duration rolloverBefore) {
        this.rolloverBefore = rolloverBefore;
    }

    public Duration getRolloverDeadline() {
        return rolloverDeadline;
    }

    public void setRolloverDeadline(Duration rolloverDeadline) {
        this.rolloverDeadline = rolloverDeadline;
    }

    public Duration getRolloverJitter() {
        return rolloverJitter;
    }

    public void setRolloverJitter(Duration rolloverJitter) {
        this.rolloverJitter = rolloverJitter;
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

    public Duration getSegmentHangover() {
        return segmentHangover;
    }

    public void setSegmentHangover(Duration segmentHangover) {
        this.segmentHangover = segmentHangover;
    }

    public Duration getSegmentMax() {
        return segmentMax;
    }

    public void setSegmentMax(Duration segmentMax) {
        this.segmentMax = segmentMax;
    }

    public Duration getSegmentMinSpeech() {
        return segmentMinSpeech;
    }

    public void setSegmentMinSpeech(Duration segmentMinSpeech) {
        this.segmentMinSpeech = segmentMinSpeech;
    }

    public Duration getSegmentPreRoll() {
        return segmentPreRoll;
    }

    public void setSegmentPreRoll(Duration segmentPreRoll) {
        this.segmentPreRoll = segmentPreRoll;
    }

    public Boolean getSegmentation() {
        return segmentation;
    }

    public void setSegmentation(Boolean segmentation) {
        this.segmentation = segmentation;
    }

    public Duration getSendTimeout() {
        return sendTimeout;
    }

    public void setSendTimeout(Duration sendTimeout) {
        this.sendTimeout = sendTimeout;
    }

    public String getSessionConfig() {
        return sessionConfig;
    }

    public void setSessionConfig(String sessionConfig) {
        this.sessionConfig = sessionConfig;
    }

    public Map<String, Object> getSessionProperties() {
        return sessionProperties;
    }

    public void setSessionProperties(Map<String, Object> sessionProperties) {
        this.sessionProperties = sessionProperties;
    }

    public Duration getSessionReadyTimeout() {
        return sessionReadyTimeout;
    }

    public void setSessionReadyTimeout(Duration sessionReadyTimeout) {
        this.sessionReadyTimeout = sessionReadyTimeout;
    }

    public SessionType getSessionType() {
        return sessionType;
    }

    public void setSessionType(SessionType sessionType) {
        this.sessionType = sessionType;
    }

    public Map<String, Map<String, Object>> getSessions() {
        return sessions;
    }

    public void setSessions(Map<String, Map<String, Object>> sessions) {
        this.sessions = sessions;
    }

    public Duration getSourceTimeout() {
        return sourceTimeout;
    }

    public void setSourceTimeout(Duration sourceTimeout) {
        this.sourceTimeout = sourceTimeout;
    }

    public Double getSpeed() {
        return speed;
    }

    public void setSpeed(Double speed) {
        this.speed = speed;
    }

    public String getSpool() {
        return spool;
    }

    public void setSpool(String spool) {
        this.spool = spool;
    }

    public Boolean getSpoolAudio() {
        return spoolAudio;
    }

    public void setSpoolAudio(Boolean spoolAudio) {
        this.spoolAudio = spoolAudio;
    }

    public EventSpoolFactory getSpoolFactory() {
        return spoolFactory;
    }

    public void setSpoolFactory(EventSpoolFactory spoolFactory) {
        this.spoolFactory = spoolFactory;
    }

    public Duration getSpoolMaxRetryDelay() {
        return spoolMaxRetryDelay;
    }

    public void setSpoolMaxRetryDelay(Duration spoolMaxRetryDelay) {
        this.spoolMaxRetryDelay = spoolMaxRetryDelay;
    }

    public Long getSpoolMaxSize() {
        return spoolMaxSize;
    }

    public void setSpoolMaxSize(Long spoolMaxSize) {
        this.spoolMaxSize = spoolMaxSize;
    }

    public Duration getSpoolRetryDelay() {
        return spoolRetryDelay;
    }

    public void setSpoolRetryDelay(Duration spoolRetryDelay) {
        this.spoolRetryDelay = spoolRetryDelay;
    }

    public SSLContextParameters getSslContextParameters() {
        return sslContextParameters;
    }

    public void setSslContextParameters(SSLContextParameters sslContextParameters) {
        this.sslContextParameters = sslContextParameters;
    }

    public Timers getTimers() {
        return timers;
    }

    public void setTimers(Timers timers) {
        this.timers = timers;
    }

    public String getTracing() {
        return tracing;
    }

    public void setTracing(String tracing) {
        this.tracing = tracing;
    }

    public TranscriptOrdering getTranscriptOrdering() {
        return transcriptOrdering;
    }

    public void setTranscriptOrdering(TranscriptOrdering transcriptOrdering) {
        this.transcriptOrdering = transcriptOrdering;
    }

    public Duration getTranscriptTimeout() {
        return transcriptTimeout;
    }

    public void setTranscriptTimeout(Duration transcriptTimeout) {
        this.transcriptTimeout = transcriptTimeout;
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

    public String getTranscriptionModel() {
        return transcriptionModel;
    }

    public void setTranscriptionModel(String transcriptionModel) {
        this.transcriptionModel = transcriptionModel;
    }

    public String getTranscriptionPrompt() {
        return transcriptionPrompt;
    }

    public void setTranscriptionPrompt(String transcriptionPrompt) {
        this.transcriptionPrompt = transcriptionPrompt;
    }

    public TransportFactory getTransportFactory() {
        return transportFactory;
    }

    public void setTransportFactory(TransportFactory transportFactory) {
        this.transportFactory = transportFactory;
    }

    public String getTurnDetection() {
        return turnDetection;
    }

    public void setTurnDetection(String turnDetection) {
        this.turnDetection = turnDetection;
    }

    public Boolean getUseGlobalSslContextParameters() {
        return useGlobalSslContextParameters;
    }

    public void setUseGlobalSslContextParameters(Boolean useGlobalSslContextParameters) {
        this.useGlobalSslContextParameters = useGlobalSslContextParameters;
    }

    public Boolean getVadCreateResponse() {
        return vadCreateResponse;
    }

    public void setVadCreateResponse(Boolean vadCreateResponse) {
        this.vadCreateResponse = vadCreateResponse;
    }

    public String getVadEagerness() {
        return vadEagerness;
    }

    public void setVadEagerness(String vadEagerness) {
        this.vadEagerness = vadEagerness;
    }

    public Duration getVadIdleTimeout() {
        return vadIdleTimeout;
    }

    public void setVadIdleTimeout(Duration vadIdleTimeout) {
        this.vadIdleTimeout = vadIdleTimeout;
    }

    public Boolean getVadInterruptResponse() {
        return vadInterruptResponse;
    }

    public void setVadInterruptResponse(Boolean vadInterruptResponse) {
        this.vadInterruptResponse = vadInterruptResponse;
    }

    public Duration getVadPrefixPadding() {
        return vadPrefixPadding;
    }

    public void setVadPrefixPadding(Duration vadPrefixPadding) {
        this.vadPrefixPadding = vadPrefixPadding;
    }

    public Duration getVadSilenceDuration() {
        return vadSilenceDuration;
    }

    public void setVadSilenceDuration(Duration vadSilenceDuration) {
        this.vadSilenceDuration = vadSilenceDuration;
    }

    public Duration getVadStuckTimeout() {
        return vadStuckTimeout;
    }

    public void setVadStuckTimeout(Duration vadStuckTimeout) {
        this.vadStuckTimeout = vadStuckTimeout;
    }

    public Double getVadThreshold() {
        return vadThreshold;
    }

    public void setVadThreshold(Double vadThreshold) {
        this.vadThreshold = vadThreshold;
    }

    public String getVoice() {
        return voice;
    }

    public void setVoice(String voice) {
        this.voice = voice;
    }
}
