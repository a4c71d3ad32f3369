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
package io.github.camelrealtime.examples.transcribe;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

import io.github.camelrealtime.examples.simulator.SphinxTranscriber;
import io.github.camelrealtime.simulator.RealtimeSimulator;
import org.apache.camel.main.Main;

/**
 * Transcribes a folder of recordings and prints what came of it.
 *
 * <pre>
 * TranscribeFiles [--openai] [--yaml] [FOLDER]
 *
 *   --openai   OpenAI hears the recordings, with the key of OPENAI_API_KEY; also -Dtarget=openai.
 *              Without it a simulator inside this process does, with an offline recogniser.
 *   --yaml     runs the route written in YAML instead of the one in Java
 *   FOLDER     where inbox, transcripts, done and errors are (default target)
 * </pre>
 *
 * Exit code 0 if every recording that comes with the example has its transcript, 1 if not, 2 if the arguments are wrong.
 */
public final class TranscribeFiles {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String MODEL = "gpt-live-transcribe";
    private static final String SIMULATOR_KEY = "sk-simulator";

    /** Held, so that its level stays: the simulator's server tells of every request at INFO. */
    private static final Logger SERVER = Logger.getLogger("mockwebserver3");

    private final PrintStream out;
    private final boolean yaml;
    private final Path folder;

    TranscribeFiles(PrintStream out, boolean yaml, Path folder) {
        this.out = out;
        this.yaml = yaml;
        this.folder = folder;
    }

    public static void main(String[] args) {
        SERVER.setLevel(Level.WARNING);
        List<String> rest = new ArrayList<>(List.of(args));
        boolean openai = rest.remove("--openai") | "openai".equals(System.getProperty("target"));
        boolean yaml = rest.remove("--yaml");
        String key = System.getenv("OPENAI_API_KEY");
        if (rest.size() > 1 || rest.stream().anyMatch(arg -> arg.startsWith("-"))) {
            System.err.println("Usage: TranscribeFiles [--openai] [--yaml] [FOLDER]");
            System.exit(2);
        }
        if (openai && (key == null || key.isBlank())) {
            System.err.println("To have OpenAI hear the recordings, put your API key into OPENAI_API_KEY");
            System.exit(2);
        }
        TranscribeFiles example = new TranscribeFiles(System.out, yaml, Path.of(rest.isEmpty() ? "target" : rest.get(0)));
        int code = 1;
        try {
            code = openai ? example.withOpenAI(key) : example.withSimulator();
        } catch (Exception e) {
            e.printStackTrace();
        }
        // not by returning: whoever started it asks for the exit code
        System.exit(code);
    }

    /** @return exit code */
    int withSimulator() throws Exception {
        Recordings recordings = Recordings.load();
        try (RealtimeSimulator simulator = RealtimeSimulator.builder()
                .apiKey(SIMULATOR_KEY)
                .transcriber(new SphinxTranscriber(recordings.texts().values()).prepare())
                .build()) {
            simulator.start();
            out.println("Heard by a simulator inside this process, with an offline recogniser.");
            return transcribe(recordings, simulator.baseUrl(), SIMULATOR_KEY);
        }
    }

    /** @return exit code */
    int withOpenAI(String key) throws Exception {
        out.println("Heard by OpenAI, " + MODEL + ".");
        return transcribe(Recordings.load(), "https://api.openai.com/v1", key);
    }

    private int transcribe(Recordings recordings, String baseUrl, String key) throws Exception {
        Path inbox = Files.createDirectories(folder.resolve("inbox"));
        recordings.copyTo(inbox);
        Progress progress = new Progress(out, recordings.texts(), countRecordings(inbox));

        Main camel = new Main();
        camel.addInitialProperty("camel.component.openai-realtime.base-url", baseUrl);
        camel.addInitialProperty("camel.component.openai-realtime.api-key", key);
        camel.addInitialProperty("model", MODEL);
        camel.addInitialProperty("folder", folder.toString());
        camel.bind("progress", progress);
        if (yaml) {
            camel.configure().setRoutesIncludePattern("classpath:routes/transcribe-files.yaml");
        } else {
            camel.configure().addRoutesBuilder(new TranscribeRoute());
        }
        long start = System.nanoTime();
        camel.start();
        boolean settled;
        try {
            settled = progress.await(PATIENCE);
        } finally {
            camel.stop();
        }
        return report(recordings, progress, settled, Duration.ofNanos(System.nanoTime() - start));
    }

    private int report(Recordings recordings, Progress progress, boolean settled, Duration taken) {
        out.println();
        out.print(ResultTable.of(progress.results(), taken.toMillis()));
        out.println();
        out.println("Transcripts, as text and as JSON: " + folder.resolve("transcripts").toAbsolutePath().normalize());
        if (progress.failures() > 0) {
            out.println("Files that could not be transcribed, and why: " + folder.resolve("errors").toAbsolutePath().normalize());
        }
        if (!settled) {
            out.println("Gave up waiting after " + PATIENCE.toMinutes() + " minutes.");
        }
        List<String> transcribed = progress.results().stream().map(Result::file).toList();
        return transcribed.containsAll(recordings.texts().keySet()) ? 0 : 1;
    }

    private static int countRecordings(Path inbox) throws IOException {
        try (Stream<Path> files = Files.list(inbox)) {
            return (int) files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".wav") && !name.startsWith("."))
                    .count();
        }
    }
}
