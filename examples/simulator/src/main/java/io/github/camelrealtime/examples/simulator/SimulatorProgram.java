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
package io.github.camelrealtime.examples.simulator;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.Logger;

import javax.net.ssl.SSLSocketFactory;

import io.github.camelrealtime.simulator.RealtimeSimulator;
import io.github.camelrealtime.simulator.Recording;
import io.github.camelrealtime.simulator.Scenario;
import io.github.camelrealtime.simulator.Voice;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;

/** The simulator as a program, for clients in any language. {@code --help} tells how. */
public final class SimulatorProgram {

    static final String USAGE = """
            A double of the OpenAI Realtime API on this machine: no network, no key that costs money.

              --port N        port to listen on, 0 for a free one (default 8089)
              --host ADDRESS  address to listen on (default 127.0.0.1)
              --key KEY       API key to accept; may be given several times (default sk-simulator)
              --recogniser    hear the audio with an offline recogniser; without it transcripts name the samples heard
              --texts FILE    what the recogniser may hear, one text per line; of a table with tabs, its column "text"
              --voice KIND    freetts speaks the words of its replies, tones only sounds as long (default tones)
              --scenario FILE how to answer and what is to go wrong, in YAML (docs/simulator.md has its words)
              --record DIR    write a recording of each session into this folder once it has ended
              --replay FILE   play the service's part of a recording instead of answering
              --burst         send spoken replies all at once; without it four times faster than they play, unless the
                              scenario has a pace of its own
              --tls FILE      speak TLS with a certificate made for the occasion, written to FILE for clients to trust
              --help          this
            """;

    private static final double PACE = 4;

    private static final int DEFAULT_PORT = 8089;
    private static final int WRONG_USAGE = 2;

    /** Held, so that its level stays: the server tells of every request at INFO. */
    private static final Logger SERVER = Logger.getLogger("mockwebserver3");

    private SimulatorProgram() {
    }

    /** Runs until the process is stopped. Exit code 2 if the arguments are wrong or the port is taken. */
    public static void main(String[] args) throws InterruptedException {
        SERVER.setLevel(Level.WARNING);
        if (List.of(args).contains("--help")) {
            System.out.print(USAGE);
            return;
        }
        try {
            start(System.out, args);
        } catch (IllegalArgumentException | IOException e) {
            System.err.println(e.getMessage());
            System.err.print(System.lineSeparator() + USAGE);
            System.exit(WRONG_USAGE);
        }
        // all threads of the simulator are daemons; it ends with the process
        new CountDownLatch(1).await();
    }

    /**
     * Starts a simulator and says where it is.
     *
     * @throws IllegalArgumentException if an argument is unknown, lacks its value, or the texts cannot be listened for
     * @throws IOException              if the port is taken or the file of texts cannot be read
     */
    static RealtimeSimulator start(PrintStream out, String... args) throws IOException {
        RealtimeSimulator.Builder settings = RealtimeSimulator.builder().port(DEFAULT_PORT);
        boolean recogniser = false;
        boolean burst = false;
        Path texts = null;
        Path scenario = null;
        Path recording = null;
        Path certificate = null;
        String host = "127.0.0.1";
        Deque<String> rest = new ArrayDeque<>(List.of(args));
        while (!rest.isEmpty()) {
            String option = rest.poll();
            switch (option) {
                case "--port" -> settings.port(port(value(option, rest)));
                case "--host" -> host = value(option, rest);
                case "--tls" -> certificate = Path.of(value(option, rest));
                case "--key" -> settings.apiKey(value(option, rest));
                case "--texts" -> texts = Path.of(value(option, rest));
                case "--recogniser" -> recogniser = true;
                case "--voice" -> settings.voice(voice(value(option, rest)));
                case "--scenario" -> scenario = Path.of(value(option, rest));
                case "--record" -> settings.recordTo(folder(value(option, rest)), true);
                case "--replay" -> recording = Path.of(value(option, rest));
                case "--burst" -> burst = true;
                default -> throw new IllegalArgumentException("Unknown argument: " + option);
            }
        }
        if (recogniser != (texts != null)) {
            throw new IllegalArgumentException("--recogniser and --texts FILE go together: it hears these texts and no others");
        }
        if (recogniser) {
            settings.transcriber(new SphinxTranscriber(texts(texts)));
        }
        if (certificate != null) {
            settings.tls(factory(certificate, host));
        }
        if (recording != null && scenario != null) {
            throw new IllegalArgumentException("--replay and --scenario: a recording answers by itself, give one of them");
        }
        settings.host(host).scenario(recording != null ? replay(recording) : scenario(scenario, burst, recogniser));
        RealtimeSimulator simulator = settings.build();
        try {
            simulator.start();
        } catch (IOException e) {
            simulator.close();
            throw e;
        }
        out.println("Simulator ready: " + simulator.baseUrl());
        out.println("WebSocket: " + simulator.baseUrl().replaceFirst("http", "ws")
                + "/realtime?model=gpt-realtime with the header 'Authorization: Bearer "
                + (List.of(args).contains("--key") ? "(your key)" : "sk-simulator") + "'");
        out.println("Camel: openai-realtime:demo?baseUrl=" + simulator.baseUrl() + "&apiKey=...");
        return simulator;
    }

    private static String value(String option, Deque<String> rest) {
        if (rest.isEmpty() || rest.peek().startsWith("--")) {
            throw new IllegalArgumentException(option + " needs a value");
        }
        return rest.poll();
    }

    private static SSLSocketFactory factory(Path file, String host) throws IOException {
        HeldCertificate made = new HeldCertificate.Builder().commonName("simulator").addSubjectAlternativeName(host).build();
        Files.writeString(file, made.certificatePem());
        return new HandshakeCertificates.Builder().heldCertificate(made).build().sslSocketFactory();
    }

    private static Voice voice(String kind) {
        return switch (kind) {
            case "freetts" -> new FreeTtsVoice();
            // the simulator's own
            case "tones" -> null;
            default -> throw new IllegalArgumentException("--voice takes freetts or tones, not " + kind);
        };
    }

    private static Scenario scenario(Path file, boolean burst, boolean listening) throws IOException {
        if (file == null) {
            return Scenario.builder().pace(burst ? 0 : PACE).listening(listening).build();
        }
        try {
            Scenario read = Scenario.fromYaml(file);
            return burst ? read.withPace(0) : read.hasPace() ? read : read.withPace(PACE);
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("--scenario: there is no file " + e.getFile(), e);
        }
    }

    private static Path folder(String name) throws IOException {
        return Files.createDirectories(Path.of(name));
    }

    private static Scenario replay(Path file) throws IOException {
        try {
            return Scenario.builder().replay(Recording.read(file)).build();
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("--replay: there is no file " + e.getFile(), e);
        }
    }

    private static int port(String text) {
        try {
            int port = Integer.parseInt(text);
            if (port >= 0 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // told below, together with numbers that are no ports
        }
        throw new IllegalArgumentException("--port takes a number from 0 to 65535, not " + text);
    }

    private static List<String> texts(Path file) throws IOException {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("--texts: there is no file " + file, e);
        }
        int column = lines.isEmpty() ? -1 : List.of(lines.get(0).split("\t")).indexOf("text");
        List<String> texts = new ArrayList<>();
        for (String line : column < 0 ? lines : lines.subList(1, lines.size())) {
            String[] cells = line.split("\t");
            texts.add(column < 0 ? line : column < cells.length ? cells[column] : "");
        }
        return texts;
    }
}
