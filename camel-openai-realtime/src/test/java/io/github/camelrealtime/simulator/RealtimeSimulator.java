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
package io.github.camelrealtime.simulator;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;

import javax.net.ssl.SSLSocketFactory;

import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Headers;
import okhttp3.HttpUrl;

/**
 * A strict, scriptable double of the OpenAI Realtime API on the loopback interface: WebSocket conversations and
 * transcription sessions. It needs no key and no network, listens to the audio it gets, and refuses what the service
 * refuses.
 */
public final class RealtimeSimulator implements AutoCloseable {

    private static final int LANE_THREADS = 4;

    private final Builder settings;
    private final FrontDoor door;
    private final ServerSockets sockets = new ServerSockets();
    private final MockWebServer server = new MockWebServer();
    private final ExecutorService lanes = Executors.newFixedThreadPool(LANE_THREADS, new DaemonThreads("simulator-lane"));
    private final ExecutorService workers = Executors.newCachedThreadPool(new DaemonThreads("simulator-transcriber"));
    private final CompletableFuture<Void> closing = new CompletableFuture<>();
    private volatile Scenario scenario;

    private RealtimeSimulator(Builder settings) {
        this.settings = settings;
        this.scenario = settings.scenario;
        boolean own = settings.executor == null;
        boolean settles = own && settings.clock != SystemClock.INSTANCE;
        door = new FrontDoor(new SimulatedSession.Settings(scenario, settings.clock, settings.transcriber, settings.voice,
                settings.sessionLifetime, settings.seed, 0, own ? lanes : settings.executor, own ? workers : settings.executor,
                settles, null, settings.retainedAudio), new HandshakeGuard(Set.copyOf(settings.apiKeys),
                        Set.copyOf(settings.models), Set.copyOf(settings.forbidden), settings.azure), settings.recorder);
        if (settles && settings.clock instanceof VirtualClock clock) {
            clock.beforeAdvance(() -> door.sessions().forEach(SimulatedSession::settle));
        }
        ServerThreads.makeDaemons(server);
        server.setServerSocketFactory(sockets);
        if (settings.certificates != null) {
            server.useHttps(settings.certificates);
        }
        if (settings.clientCertificates) {
            server.requireClientAuth();
        }
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return answer(request);
            }
        });
    }

    public static Builder builder() {
        return new Builder();
    }

    /**
     * Opens the port.
     *
     * @throws IOException if the port is taken
     */
    public void start() throws IOException {
        server.start(InetAddress.getByName(settings.host), settings.port);
    }

    /** Drops every connection and frees the port. More than once is as good as once. */
    @Override
    public void close() {
        closing.complete(null);
        sockets.cutAll();
        // the server waits for the threads that read: none may be held
        door.sessions().forEach(SimulatedSession::drop);
        server.close();
        // no further session can come now
        door.sessions().forEach(SimulatedSession::drop);
        door.finish();
        lanes.shutdown();
        workers.shutdownNow();
    }

    /**
     * Where clients find it: {@code http://127.0.0.1:PORT/v1}, or with {@code https}. For a WebSocket URL put {@code ws} for
     * {@code http}.
     */
    public String baseUrl() {
        return (settings.certificates == null ? "http://" : "https://") + settings.host + ":" + server.getPort()
               + (settings.azure ? "/openai/v1" : "/v1");
    }

    /** The port it listens on. */
    public int port() {
        return server.getPort();
    }

    /** All sessions so far, open or not, in the order of their opening. A snapshot. */
    public List<SimulatedSession> sessions() {
        return List.copyOf(door.sessions());
    }

    /** How many sessions are open. */
    public int openSockets() {
        return (int) door.sessions().stream().filter(SimulatedSession::isOpen).count();
    }

    /** All requests so far, refused ones too, in order. A snapshot. */
    public List<Handshake> handshakes() {
        return List.copyOf(door.handshakes());
    }

    /** Changes the behaviour of sessions that are opened from now on. */
    public void scenario(Scenario next) {
        scenario = next;
    }

    /** The clock the simulator was built with. */
    public SimulatorClock clock() {
        return settings.clock;
    }

    /** What is wrong with the frames of all sessions, see {@link SimulatedSession#violations()}. */
    public List<String> violations() {
        return door.sessions().stream().flatMap(session -> session.violations().stream()).toList();
    }

    /** True when no session is working on anything; bytes still in a socket are not seen. */
    public boolean isIdle() {
        return door.sessions().stream().allMatch(SimulatedSession::isIdle);
    }

    /** The frame logs of all sessions, for people: one line per frame, audio shortened. */
    public String dump() {
        return FrameDump.of(sessions());
    }

    /**
     * Connects without a socket: the handshake is judged as any other, and what is let in is a session as any other. The
     * simulator need not be started for it. May be called from any thread; never blocks.
     *
     * @param uri     {@code ws://any.host/v1/realtime?…}
     * @param headers of the handshake, {@code Authorization} included
     * @param client  told what the simulator does; of the handshake perhaps before this returns
     */
    public DirectConnection connect(URI uri, Map<String, String> headers, DirectClient client) {
        DirectConnection connection = new DirectConnection(client, settings.words);
        HandshakeRequest request = new HandshakeRequest("GET", HttpUrl.get("http" + uri.toString().substring("ws".length())),
                Headers.of(headers).newBuilder().set("Upgrade", "websocket").build(), null);
        Scenario present = scenario;
        Duration delay = present.behaviour().handshakeDelay;
        Runnable handshake = () -> admit(request, present, client, connection);
        if (delay.isZero()) {
            handshake.run();
        } else {
            settings.clock.schedule(delay.toMillis(), handshake);
        }
        return connection;
    }

    private void admit(HandshakeRequest request, Scenario present, DirectClient client, DirectConnection connection) {
        if (connection.isGivenUp()) {
            return;
        }
        Admission admission = door.knock(request, present, connection.wire());
        if (admission.session() == null) {
            client.refused(admission.status(), admission.body(), admission.retryAfter());
        } else {
            client.opened();
            admission.session().opened();
        }
    }

    private MockResponse answer(RecordedRequest request) {
        Scenario present = scenario;
        delay(present.behaviour().handshakeDelay);
        HandshakeRequest handshake = HandshakeRequest.of(request);
        int connection = request.getConnectionIndex();
        SocketWire wire = new SocketWire(() -> sockets.cut(connection), settings.words);
        Admission admission = door.knock(handshake, present, wire);
        if (admission.session() == null) {
            return refused(admission);
        }
        MockResponse.Builder response = new MockResponse.Builder().webSocketUpgrade(wire);
        String subprotocol = HandshakeGuard.subprotocol(handshake);
        return (subprotocol == null ? response : response.addHeader("Sec-WebSocket-Protocol", subprotocol)).build();
    }

    private static MockResponse refused(Admission refusal) {
        MockResponse.Builder response = new MockResponse.Builder().code(refusal.status())
                .setHeader("Content-Type", "application/json").body(refusal.body());
        if (refusal.retryAfter() != null) {
            response.setHeader("Retry-After", Long.toString(refusal.retryAfter().toSeconds()));
        }
        return response.build();
    }

    private void delay(Duration time) {
        if (!time.isZero()) {
            CompletableFuture<Void> over = new CompletableFuture<>();
            settings.clock.schedule(time.toMillis(), () -> over.complete(null));
            // a handshake that waits must not keep the server from closing
            CompletableFuture.anyOf(over, closing).join();
        }
    }

    /** Builds a simulator. Not thread-safe. */
    public static final class Builder {

        private static final String DEFAULT_KEY = "sk-simulator";
        private static final long DEFAULT_RETAINED_AUDIO = 16L * 1024 * 1024;

        private final Set<String> apiKeys = new HashSet<>();
        private final Set<String> models = new HashSet<>(ModelProfile.CONVERSATION);
        private final Set<String> forbidden = new HashSet<>();
        private SimulatorClock clock = SimulatorClock.system();
        private Scenario scenario = Scenario.standard();
        private Transcriber transcriber = new EchoTranscriber();
        private Voice voice;
        private Duration sessionLifetime = Duration.ofMinutes(60);
        private long retainedAudio = DEFAULT_RETAINED_AUDIO;
        private String host = "127.0.0.1";
        private UnaryOperator<String> words = UnaryOperator.identity();
        private SSLSocketFactory certificates;
        private boolean clientCertificates;
        private Executor executor;
        private Recorder recorder;
        private long seed;
        private int port;
        private boolean azure;

        private Builder() {
        }

        /** Where time comes from; default {@link SimulatorClock#system()}. */
        public Builder clock(SimulatorClock source) {
            clock = source;
            return this;
        }

        /** How sessions behave; default {@link Scenario#standard()}. */
        public Builder scenario(Scenario behaviour) {
            scenario = behaviour;
            return this;
        }

        /** Accepts a key; may be called several times. By default exactly {@code sk-simulator} is accepted. */
        public Builder apiKey(String key) {
            apiKeys.add(key);
            return this;
        }

        /** Accepts one more model for conversations, besides the current ones of the service. */
        public Builder model(String name) {
            models.add(name);
            return this;
        }

        /** A model that the keys have no access to: 403. */
        public Builder forbiddenModel(String name) {
            forbidden.add(name);
            return this;
        }

        /**
         * Stands where an Azure resource would: path {@code /openai/v1/realtime}, key in the header {@code api-key} or as
         * bearer. Name your deployments with {@link #model}; for the doubled parts see {@link Scenario.Builder#duplicateContent}.
         */
        public Builder azure() {
            azure = true;
            return this;
        }

        /**
         * Sends events under the names they had in the Beta, and without {@code conversation.item.done}, which came later.
         * Frame logs show today's names.
         */
        public Builder formerNames() {
            words = FormerNames::of;
            return this;
        }

        /** Speaks TLS, with this factory's certificate; by default ({@code null}) it does not. */
        public Builder tls(SSLSocketFactory factory) {
            certificates = factory;
            return this;
        }

        /**
         * Turns away clients without a certificate that the authorities known to the factory of {@link #tls} have signed.
         * Default false.
         */
        public Builder requireClientCertificate(boolean required) {
            clientCertificates = required;
            return this;
        }

        /** What hears the audio; default an {@link EchoTranscriber}. */
        public Builder transcriber(Transcriber ears) {
            transcriber = ears;
            return this;
        }

        /** What speaks; default a synthetic sound that only measures like speech. */
        public Builder voice(Voice speaker) {
            voice = speaker;
            return this;
        }

        /** When sessions expire; default 60 minutes. */
        public Builder sessionLifetime(Duration time) {
            sessionLifetime = time;
            return this;
        }

        /** Characters of base64 audio a session's frame log keeps; default 16 Mi. */
        public Builder retainedAudio(long characters) {
            retainedAudio = characters;
            return this;
        }

        /**
         * Does all work of all sessions; it stays the caller's. By default the simulator has threads of its own, and a
         * {@link VirtualClock} waits for them; whoever gives an executor sees to it himself, see {@link VirtualClock#betweenTasks}.
         */
        public Builder executor(Executor threads) {
            executor = threads;
            return this;
        }

        /**
         * Writes a {@link Recording} of each session into a folder once it has ended: {@code session-1.jsonl}, with its audio
         * beside it. More than {@link #retainedAudio} of audio is not recorded.
         *
         * @param folder      which there is
         * @param withContent false leaves out what was said, see {@link Recording#withoutContent}
         */
        public Builder recordTo(Path folder, boolean withContent) {
            recorder = new Recorder(folder, withContent);
            return this;
        }

        /** Seed of all ids; default 0. */
        public Builder seed(long value) {
            seed = value;
            return this;
        }

        /** Port to listen on; default 0, a free one. */
        public Builder port(int number) {
            port = number;
            return this;
        }

        /** Address to listen on; default 127.0.0.1. */
        public Builder host(String address) {
            host = address;
            return this;
        }

        public RealtimeSimulator build() {
            if (apiKeys.isEmpty()) {
                apiKeys.add(DEFAULT_KEY);
            }
            return new RealtimeSimulator(this);
        }
    }
}
