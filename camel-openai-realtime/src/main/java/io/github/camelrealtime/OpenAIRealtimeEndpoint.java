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

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

import io.github.camelrealtime.event.EventFilter;
import io.github.camelrealtime.net.ServiceAddress;
import io.github.camelrealtime.operation.BodyFormat;
import io.github.camelrealtime.operation.Operation;
import io.github.camelrealtime.operation.OperationSettings;
import io.github.camelrealtime.operation.Pacing;
import io.github.camelrealtime.operation.ReplySettings;
import io.github.camelrealtime.session.ModelLifecycle;
import io.github.camelrealtime.session.NamePattern;
import io.github.camelrealtime.session.RealtimeSession;
import io.github.camelrealtime.session.SessionConfig;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.MultipleConsumersSupport;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedOperation;
import org.apache.camel.api.management.ManagedResource;
import org.apache.camel.spi.EndpointServiceLocation;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.PropertiesComponent;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.PropertyBindingSupport;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.util.PropertiesHelper;
import org.apache.camel.util.URISupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Real-time voice and transcription with the OpenAI Realtime API: audio in, speech, transcripts and function calls out.
 */
@ManagedResource(description = "Endpoint of the OpenAI Realtime API")
@UriEndpoint(firstVersion = "0.1.0", scheme = "openai-realtime", title = "OpenAI Realtime", syntax = "openai-realtime:kind:name",
             category = { Category.AI }, headersClass = OpenAIRealtimeConstants.class)
public class OpenAIRealtimeEndpoint extends DefaultEndpoint implements MultipleConsumersSupport, EndpointServiceLocation {

    @UriPath(description = "What the endpoint is about", defaultValue = "session", enums = "session,tool,call,token,webhook")
    private final Kind kind;
    @UriPath(description = "Name of the session (consumers may use an asterisk as wildcard), of the tool, or of the operation")
    @Metadata(required = true)
    private final String name;
    @UriParam
    private OpenAIRealtimeConfiguration configuration = new OpenAIRealtimeConfiguration();

    private static final Logger LOG = LoggerFactory.getLogger(OpenAIRealtimeEndpoint.class);

    /** The name of a producer endpoint that has no session of its own: every message names one. */
    static final String ANY_SESSION = "*";

    /** Not an option: said of a session by endpoints with operation transcribe. */
    private static final String TRANSCRIBES = "operation transcribe";

    private static final String API_KEY = "apiKey";
    /** Values of options that Camel does not know to be nobody's business. */
    private static final Pattern PERSONAL = Pattern.compile("([?&](?:handshakeHeaders\\.[^=&]*|safetyIdentifier)=)[^&]*");
    private static final long RETIREMENT_WARNING_MILLIS = TimeUnit.DAYS.toMillis(90);

    private final Map<String, Object> said;
    private volatile List<ModelLifecycle.Retirement> retirements = List.of();
    private volatile long retirementWarningMillis;
    private boolean declared;

    /**
     * @param said the session options that this endpoint's URI sets, by name
     */
    public OpenAIRealtimeEndpoint(String uri, OpenAIRealtimeComponent component, Kind kind, String name,
                                  Map<String, Object> said) {
        super(uri, component);
        this.kind = kind;
        this.name = name;
        this.said = said;
    }

    @Override
    public OpenAIRealtimeComponent getComponent() {
        return (OpenAIRealtimeComponent) super.getComponent();
    }

    @Override
    public Producer createProducer() throws Exception {
        requireSession("producer");
        if (NamePattern.isPattern(name) && !isForAnySession()) {
            throw new IllegalArgumentException("A producer needs one session, " + name + " stands for many; only consumers may use *");
        }
        if (isForAnySession() && transcribes()) {
            throw new IllegalArgumentException("Operation transcribe has sessions of its own, which no message names; give the "
                                               + "endpoint a name instead of *");
        }
        OptionRules.checkProducer(configuration);
        if (configuration.getPoolSize() > 1 && !transcribes()) {
            throw new IllegalArgumentException("Option poolSize is for operation=transcribe only: other operations on a pool "
                                               + "would not know which session they are for");
        }
        return transcribes() ? new TranscribeProducer(this) : new SessionProducer(this);
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        requireSession("consumer");
        EventFilter filter = EventFilter.parse(configuration.getEventTypes());
        OptionRules.checkConsumer(configuration, filter);
        if (configuration.getOnSessionFailed() == OnSessionFailed.STOP_ROUTE && NamePattern.isPattern(name)) {
            throw new IllegalArgumentException("Option onSessionFailed=stop-route is for one session, " + name + " stands for many: "
                                               + "they come and go, and the route stays");
        }
        SessionConsumer consumer = new SessionConsumer(this, processor, filter);
        configureConsumer(consumer);
        return consumer;
    }

    private void requireSession(String role) {
        switch (kind) {
            case SESSION -> {
                // here
            }
            case TOOL, WEBHOOK -> throw new UnsupportedOperationException(
                    "openai-realtime:" + kind.uriName() + ": endpoints are not in this version yet"
                                                                          + ("producer".equals(role)
                                                                                  ? ", and will only ever be consumers" : ""));
            case CALL, TOKEN -> throw new UnsupportedOperationException(
                    "openai-realtime:" + kind.uriName() + ": endpoints are not in this version yet"
                                                                        + ("consumer".equals(role)
                                                                                ? ", and will only ever be producers" : ""));
        }
    }

    /** Whether every message names its session; so it is with {@code toD}. */
    boolean isForAnySession() {
        return ANY_SESSION.equals(name);
    }

    boolean transcribes() {
        return configuration.getOperation() == Operation.TRANSCRIBE;
    }

    @Override
    public boolean isMultipleConsumersSupported() {
        return kind == Kind.SESSION;
    }

    @Override
    public String getServiceUrl() {
        return configuration.getBaseUrl() == null ? ServiceAddress.OPENAI : configuration.getBaseUrl();
    }

    @Override
    public String getServiceProtocol() {
        return "wss";
    }

    // ---- sessions

    /**
     * Says what this endpoint has to say about its session. Endpoints do so when they are made, that is before any route
     * starts, so that it does not matter which of them opens the session.
     */
    @Override
    protected void doInit() throws Exception {
        super.doInit();
        declare();
    }

    @Override
    protected void doStart() throws Exception {
        declare();
        super.doStart();
    }

    @Override
    protected void doStop() throws Exception {
        super.doStop();
        if (declared) {
            getComponent().definitions().withdraw(name, said);
            declared = false;
        }
    }

    private void declare() {
        if (declared || kind != Kind.SESSION || NamePattern.isPattern(name)) {
            return;
        }
        if (transcribes()) {
            said.put(TRANSCRIBES, true);
        }
        boolean news = getComponent().definitions().declare(name, said, toString());
        declared = true;
        if (news && getComponent().hasSession(name)) {
            getComponent().definitions().withdraw(name, said);
            declared = false;
            throw new IllegalStateException("Session " + name + " is in use already: what " + this + " says about it comes too late. "
                                            + "Say it on the endpoint that was there first, or stop the routes of the session");
        }
    }

    /** Makes sessions with all that is said about this endpoint's session, whatever they are called. */
    Function<String, RealtimeSession> sessionFactory() {
        return sessionFactory(null);
    }

    /** @param safetyIdentifier instead of the option's; {@code null} for the option's */
    Function<String, RealtimeSession> sessionFactory(String safetyIdentifier) {
        return sessionName -> {
            OpenAIRealtimeConfiguration options = sessionOptions(sessionName, safetyIdentifier);
            if (Boolean.FALSE.equals(options.getVadInterruptResponse()) && !Boolean.FALSE.equals(options.getVadCreateResponse())) {
                LOG.warn("Session {}: vadInterruptResponse=false without vadCreateResponse=false: what somebody says while the model "
                         + "speaks is not answered, as the answer cannot begin while another runs", sessionName);
            }
            RealtimeSession made = getComponent().newSession(
                    sessionName, sessionConfig(sessionName, options), options);
            Map<String, Object> origin = new LinkedHashMap<>(saidOfSession());
            origin.putAll(getComponent().definitions().of(sessionName));
            getComponent().origins().put(made, origin, toString());
            return made;
        };
    }

    private SessionConfig sessionConfig(String sessionName, OpenAIRealtimeConfiguration options) {
        SessionConfig config = getComponent().sessionConfig(options, isTranscribed());
        return new Fallbacks(getComponent(), sessionName, isTranscribed(), this::bind).complete(config, options);
    }

    /** What a session of this name would say in its handshake of that end user. */
    SessionHeaders headersFor(String sessionName, String safetyIdentifier) {
        return new SessionHeaders(sessionOptions(sessionName, safetyIdentifier), UnaryOperator.identity());
    }

    private OpenAIRealtimeConfiguration sessionOptions(String sessionName, String safetyIdentifier) {
        OpenAIRealtimeConfiguration options = sessionOptions(sessionName);
        if (safetyIdentifier != null) {
            options.setSafetyIdentifier(safetyIdentifier);
        }
        return options;
    }

    OpenAIRealtimeConfiguration sessionOptions(String sessionName) {
        OpenAIRealtimeConfiguration options = getComponent().getConfiguration().copy();
        bind(options, saidOfSession());
        if (!sessionName.equals(name)) {
            bind(options, getComponent().definitions().of(sessionName));
        }
        options.setInstructions(text("instructions", options.getInstructions()));
        options.setGreeting(text("greeting", options.getGreeting()));
        options.setReanchor(text("reanchor", options.getReanchor()));
        if (options.getHistory() instanceof String history) {
            options.setHistory(text("history", history));
        }
        options.setSessionConfig(text("sessionConfig", options.getSessionConfig()));
        return options;
    }

    /** By this endpoint alone, if it has no session in particular. */
    private Map<String, Object> saidOfSession() {
        return isForAnySession() ? said : getComponent().definitions().of(name);
    }

    /**
     * Holds what this endpoint says against what is said of a session that it has not named itself.
     *
     * @throws IllegalArgumentException if they contradict each other
     */
    void requireAgreement(String sessionName) {
        if (isForAnySession()) {
            getComponent().definitions().requireAgreement(sessionName, said, toString());
        }
    }

    /**
     * As {@link #requireAgreement(String)}, of a session that is there.
     *
     * @throws IllegalArgumentException if the session was made otherwise
     */
    void requireAgreement(RealtimeSession session) {
        if (isForAnySession()) {
            getComponent().origins().requireAgreement(session, said, toString());
        }
    }

    private void bind(OpenAIRealtimeConfiguration options, Map<String, Object> values) {
        Map<String, Object> plain = new LinkedHashMap<>(values);
        plain.remove(TRANSCRIBES);
        Map<String, Object> headers = PropertiesHelper.extractProperties(plain, SessionOptions.HEADERS_PREFIX);
        if (!headers.isEmpty()) {
            Map<String, Object> all = OptionTree.flat(options.getHandshakeHeaders());
            all.putAll(headers);
            options.setHandshakeHeaders(all);
        }
        Map<String, Object> properties = PropertiesHelper.extractProperties(plain, SessionOptions.PROPERTIES_PREFIX);
        if (!properties.isEmpty()) {
            // the dots of a path are no business of Camel's property binding
            Map<String, Object> all = OptionTree.flat(options.getSessionProperties());
            all.putAll(properties);
            options.setSessionProperties(all);
        }
        if (plain.get(API_KEY) instanceof String key && key.contains(PropertiesComponent.PREFIX_TOKEN)) {
            // not resolved here but at every dial, since a vault's keys are rotated
            options.setApiKey(key);
            plain.remove(API_KEY);
        }
        plain.forEach((option, value) -> {
            PropertyBindingSupport.build()
                    .withMandatory(true)
                    .bind(getCamelContext(), options, option, getComponent().optionValue(value));
            OptionRules.understood(option, value instanceof String text
                    ? getCamelContext().resolvePropertyPlaceholders(text) : value, options);
        });
    }

    /** Text given by {@code classpath:}, {@code file:} or as it is. */
    private String text(String option, String value) {
        if (value == null || !value.startsWith("classpath:") && !value.startsWith("file:") && !value.startsWith("resource:")) {
            return value;
        }
        String location = value.startsWith("resource:") ? value.substring("resource:".length()) : value;
        try (InputStream in = ResourceHelper.resolveMandatoryResourceAsInputStream(getCamelContext(), location)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalArgumentException("Option " + option + ": " + location + " cannot be read", e);
        }
    }

    /** Checks the session's options as they stand now, so that what cannot work fails at start-up. */
    SessionConfig validateSession() {
        OpenAIRealtimeConfiguration options = sessionOptions(name);
        SessionConfig config = sessionConfig(name, options);
        retirements = ModelLifecycle.of(config);
        retirementWarningMillis = options.getModelRetirementWarning() == null
                ? RETIREMENT_WARNING_MILLIS : options.getModelRetirementWarning();
        return config;
    }

    /** Says what of that will not work for long (CFG-2). */
    void warnOfRetirements() {
        impending().forEach(warning -> LOG.warn("{}: {}", this, warning));
    }

    /** What the session is configured with and will soon be switched off by the service, or has been; a sentence each. */
    List<String> impending() {
        if (retirementWarningMillis == 0 || retirements.isEmpty()) {
            return List.of();
        }
        long now = getComponent().timersInUse().millis();
        return retirements.stream()
                .filter(retirement -> retirement.isWithin(retirementWarningMillis, now))
                .map(retirement -> retirement.describe(now)).toList();
    }

    /** Whether any endpoint of this session transcribes, in which case the session is made for that. */
    private boolean isTranscribed() {
        return getComponent().definitions().of(name).containsKey(TRANSCRIBES);
    }

    ConnectOn connectOn() {
        Object declared = saidOfSession().get("connectOn");
        if (declared != null) {
            return getCamelContext().getTypeConverter().convertTo(ConnectOn.class, declared);
        }
        ConnectOn onComponent = getComponent().getConfiguration().getConnectOn();
        return onComponent == null ? ConnectOn.START : onComponent;
    }

    OperationSettings operationSettings() {
        if (!configuration.isEndOfStream() && configuration.getOperation() == Operation.TRANSCRIBE) {
            throw new IllegalArgumentException("Option endOfStream=false cannot go with operation=transcribe, which ends with "
                                               + "its recording");
        }
        return new OperationSettings(
                configuration.getAwait(), configuration.getRequestTimeout(), BodyFormat.parse(configuration.getAudioFormat()),
                Pacing.parse(configuration.getPacing()), configuration.isEndOfStream(), configuration.getSourceTimeout(),
                configuration.getDataFormat(), configuration.isCreateResponse(),
                configuration.getImageDetail(), configuration.isRetrieveAudio(),
                new ReplySettings(
                        configuration.getReplyFormat(), configuration.getOutputModality(), configuration.getMaxReplyAudio()));
    }

    /** The URI with its secrets masked. */
    @Override
    public String toString() {
        return PERSONAL.matcher(URISupport.sanitizeUri(getEndpointUri())).replaceAll("$1xxxxxx");
    }

    // ---- management

    @ManagedAttribute(description = "Name of the session, or a pattern of names")
    public String getSessionName() {
        return name;
    }

    @ManagedAttribute(description = "State of the session; NONE if there is none of this name")
    public String getSessionState() {
        RealtimeSession session = sessionNow();
        return session == null ? "NONE" : session.state().name();
    }

    @ManagedOperation(description = "Opens the session, or opens it again if it was lost; returns whether there is one")
    public boolean openSession() {
        RealtimeSession session = sessionNow();
        if (session != null) {
            session.open();
        }
        return session != null;
    }

    @ManagedOperation(description = "Closes the session in good order; returns whether there is one")
    public boolean closeSession() {
        return getComponent().closeSession(name);
    }

    private RealtimeSession sessionNow() {
        return getComponent().hasSession(name) ? getComponent().registry().find(name) : null;
    }

    // ---- options

    public Kind getKind() {
        return kind;
    }

    public String getName() {
        return name;
    }

    public OpenAIRealtimeConfiguration getConfiguration() {
        return configuration;
    }

    public void setConfiguration(OpenAIRealtimeConfiguration configuration) {
        this.configuration = configuration;
    }
}
