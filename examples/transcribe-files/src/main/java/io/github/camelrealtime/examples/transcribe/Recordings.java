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
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The recordings that come with the example and what is said in them. See NOTICE.txt beside them for whose they are. */
final class Recordings {

    private static final String FOLDER = "/recordings/";

    private final Map<String, String> texts;

    private Recordings(Map<String, String> texts) {
        this.texts = texts;
    }

    static Recordings load() throws IOException {
        Map<String, String> texts = new LinkedHashMap<>();
        try (InputStream in = open("texts.tsv")) {
            List<String> lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
            for (String line : lines.subList(1, lines.size())) {
                String[] cells = line.split("\t");
                texts.put(cells[0], cells[2]);
            }
        }
        return new Recordings(texts);
    }

    /** File name to what is said in it. */
    Map<String, String> texts() {
        return texts;
    }

    /** Copies them all into a folder that a route may already be watching: each appears there in one piece. */
    void copyTo(Path folder) throws IOException {
        for (String file : texts.keySet()) {
            // camel-file leaves alone what begins with a dot
            Path part = folder.resolve("." + file);
            try (InputStream in = open(file)) {
                Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
            }
            Files.move(part, folder.resolve(file), StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static InputStream open(String file) throws IOException {
        InputStream in = Recordings.class.getResourceAsStream(FOLDER + file);
        if (in == null) {
            throw new IOException("The example's own file is missing on the classpath: " + FOLDER + file);
        }
        return in;
    }
}
