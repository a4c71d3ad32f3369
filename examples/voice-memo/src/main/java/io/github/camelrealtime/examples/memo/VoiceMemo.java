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
package io.github.camelrealtime.examples.memo;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

import io.github.camelrealtime.examples.simulator.FreeTtsVoice;
import io.github.camelrealtime.examples.simulator.SphinxTranscriber;
import io.github.camelrealtime.simulator.RealtimeSimulator;
import io.github.camelrealtime.simulator.Scenario;
import org.apache.camel.main.Main;

/**
 * Has a folder of spoken questions answered.
 *
 * <pre>
 * VoiceMemo [--openai] [--yaml] [FOLDER]
 *
 *   --openai   OpenAI answers, with the key of OPENAI_API_KEY; also -Dtarget=openai.
 *              Without it a simulator inside this process does: an offline recogniser hears the questions,
 *              scenario.yaml has the answers, and an offline voice says them.
 *   --yaml     runs the route written in YAML instead of the one in Java
 *   FOLDER     where questions, answers, done and errors are (default target)
 * </pre>
 *
 * Exit code 0 if every question that comes with the example has its answer, 1 if not, 2 if the arguments are wrong.
 */
public final class VoiceMemo {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String SIMULATOR_KEY = "sk-simulator";

    /** Held, so that its level stays: the simulator's server tells of every request at INFO. */
    private static final Logger SERVER = Logger.getLogger("mockwebserver3");

    private final PrintStream out;
    private final boolean yaml;
    private final Path folder;

    VoiceMemo(PrintStream out, boolean yaml, Path folder) {
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
            System.err.println("Usage: VoiceMemo [--openai] [--yaml] [FOLDER]");
            System.exit(2);
        }
        if (openai && (key == null || key.isBlank())) {
            System.err.println("To have OpenAI answer the questions, put your API key into OPENAI_API_KEY");
            System.exit(2);
        }
        VoiceMemo example = new VoiceMemo(System.out, yaml, Path.of(rest.isEmpty() ? "target" : rest.get(0)));
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
        try (InputStream answers = Questions.open("/scenario.yaml");
             RealtimeSimulator simulator = RealtimeSimulator.builder()
                     .apiKey(SIMULATOR_KEY)
                     .scenario(Scenario.fromYaml(answers))
                     .transcriber(new SphinxTranscriber(Questions.texts().values(), 1).prepare())
                     .voice(new FreeTtsVoice())
                     .build()) {
            simulator.start();
            out.println("Answered by a simulator inside this process, with an offline recogniser and an offline voice.");
            return answer(simulator.baseUrl(), SIMULATOR_KEY);
        }
    }

    /** @return exit code */
    int withOpenAI(String key) throws Exception {
        out.println("Answered by OpenAI.");
        return answer("https://api.openai.com/v1", key);
    }

    /** @return exit code */
    int answer(String baseUrl, String key) throws Exception {
        Path questions = Files.createDirectories(folder.resolve("questions"));
        Questions.copyTo(questions);
        Progress progress = new Progress(out, count(questions));

        Main camel = new Main();
        camel.addInitialProperty("camel.component.openai-realtime.base-url", baseUrl);
        camel.addInitialProperty("camel.component.openai-realtime.api-key", key);
        camel.addInitialProperty("folder", folder.toString());
        camel.bind("progress", progress);
        if (yaml) {
            camel.configure().setRoutesIncludePattern("classpath:routes/voice-memo.yaml");
        } else {
            camel.configure().addRoutesBuilder(new VoiceMemoRoute());
        }
        camel.start();
        boolean settled;
        try {
            settled = progress.await(PATIENCE);
        } finally {
            camel.stop();
        }
        return report(progress, settled);
    }

    private int report(Progress progress, boolean settled) throws IOException {
        out.println();
        out.println(progress.answered().size() + " answered; the answers as WAV, and both transcripts as text: "
                + folder.resolve("answers").toAbsolutePath().normalize());
        if (progress.failures() > 0) {
            out.println(progress.failures() + " could not be answered; the files, and why: "
                    + folder.resolve("errors").toAbsolutePath().normalize());
        }
        if (!settled) {
            out.println("Gave up waiting after " + PATIENCE.toMinutes() + " minutes.");
        }
        return progress.answered().containsAll(Questions.texts().keySet()) ? 0 : 1;
    }

    private static int count(Path questions) throws IOException {
        try (Stream<Path> files = Files.list(questions)) {
            return (int) files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".wav") && !name.startsWith("."))
                    .count();
        }
    }
}
