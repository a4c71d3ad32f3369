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
import java.util.Map;
import java.util.function.Function;

import io.github.camelrealtime.event.EventFilter;
import io.github.camelrealtime.operation.BodyFormat;
import io.github.camelrealtime.operation.Operation;
import io.github.camelrealtime.operation.OperationSettings;
import io.github.camelrealtime.operation.Pacing;
import io.github.camelrealtime.session.NamePattern;
import io.github.camelrealtime.session.RealtimeSession;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.MultipleConsumersSupport;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.spi.EndpointServiceLocation;
import org.apache.camel.spi.Metadata;
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

    /** Not an option: said of a session by endpoints with operation transcribe. */
    private static final String TRANSCRIBES = "operation transcribe";

    private final Map<String, Object> said;
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
        if (NamePattern.isPattern(name)) {
            throw new IllegalArgumentException("A producer needs one session, " + name + " stands for many; only consumers may use *");
        }
        if (configuration.getPoolSize() < 1) {
            throw new IllegalArgumentException("Option poolSize is " + configuration.getPoolSize() + ", at least 1 is needed");
        }
        if (configuration.getPoolSize() > 1 && !transcribes()) {
            throw new IllegalArgumentException("Option poolSize is for operation=transcribe only: other operations on a pool "
                                               + "would not know which session they are for");
        }
        return transcribes() ? new TranscribeProducer(this) : new SessionProducer(this);
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        requireSession("consumer");
        SessionConsumer consumer = new SessionConsumer(this, processor, EventFilter.parse(configuration.getEventTypes()));
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

    boolean transcribes() {
        return configuration.getOperation() == Operation.TRANSCRIBE;
    }

    @Override
    public boolean isMultipleConsumersSupported() {
        return kind == Kind.SESSION;
    }

    @Override
    public String getServiceUrl() {
        return configuration.getBaseUrl() == null ? SessionConfigFactory.DEFAULT_BASE_URL : configuration.getBaseUrl();
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
        return sessionName -> {
            OpenAIRealtimeConfiguration options = sessionOptions(sessionName);
            if (Boolean.FALSE.equals(options.getVadInterruptResponse()) && !Boolean.FALSE.equals(options.getVadCreateResponse())) {
                LOG.warn("Session {}: vadInterruptResponse=false without vadCreateResponse=false: what somebody says while the model "
                         + "speaks is not answered, as the answer cannot begin while another runs", sessionName);
            }
            return getComponent().newSession(sessionName, SessionConfigFactory.create(options, isTranscribed()), options);
        };
    }

    private OpenAIRealtimeConfiguration sessionOptions(String sessionName) {
        OpenAIRealtimeConfiguration options = getComponent().getConfiguration().copy();
        bind(options, getComponent().definitions().of(name));
        if (!sessionName.equals(name)) {
            bind(options, getComponent().definitions().of(sessionName));
        }
        options.setInstructions(text(options.getInstructions()));
        options.setSessionConfig(text(options.getSessionConfig()));
        return options;
    }

    private void bind(OpenAIRealtimeConfiguration options, Map<String, Object> values) {
        Map<String, Object> plain = new LinkedHashMap<>(values);
        plain.remove(TRANSCRIBES);
        Map<String, Object> properties = PropertiesHelper.extractProperties(plain, SessionOptions.PROPERTIES_PREFIX);
        if (!properties.isEmpty()) {
            // the dots of a path are no business of Camel's property binding
            Map<String, Object> all = OptionTree.flat(options.getSessionProperties());
            all.putAll(properties);
            options.setSessionProperties(all);
        }
        plain.forEach((option, value) -> PropertyBindingSupport.build()
                .withMandatory(true)
                .bind(getCamelContext(), options, option, value));
    }

    /** Text given by {@code classpath:}, {@code file:} or as it is. */
    private String text(String value) {
        if (value == null || !value.startsWith("classpath:") && !value.startsWith("file:") && !value.startsWith("resource:")) {
            return value;
        }
        String location = value.startsWith("resource:") ? value.substring("resource:".length()) : value;
        try (InputStream in = ResourceHelper.resolveMandatoryResourceAsInputStream(getCamelContext(), location)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new RuntimeCamelException("Cannot read " + location, e);
        }
    }

    /** Checks the session's options as they stand now, so that what cannot work fails at start-up. */
    void validateSession() {
        SessionConfigFactory.create(sessionOptions(name), isTranscribed());
    }

    /** Whether any endpoint of this session transcribes, in which case the session is made for that. */
    private boolean isTranscribed() {
        return getComponent().definitions().of(name).containsKey(TRANSCRIBES);
    }

    ConnectOn connectOn() {
        Object declared = getComponent().definitions().of(name).get("connectOn");
        if (declared != null) {
            return getCamelContext().getTypeConverter().convertTo(ConnectOn.class, declared);
        }
        ConnectOn onComponent = getComponent().getConfiguration().getConnectOn();
        return onComponent == null ? ConnectOn.START : onComponent;
    }

    OperationSettings operationSettings() {
        return new OperationSettings(
                configuration.getAwait(), configuration.getRequestTimeout(), BodyFormat.parse(configuration.getAudioFormat()),
                Pacing.parse(configuration.getPacing()), configuration.getDataFormat(), configuration.isCreateResponse());
    }

    /** The URI with its secrets masked. */
    @Override
    public String toString() {
        return URISupport.sanitizeUri(getEndpointUri());
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
