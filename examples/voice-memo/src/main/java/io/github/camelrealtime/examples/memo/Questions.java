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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;

/** The recordings that come with the example and what is said in them. See NOTICE.txt beside them for whose they are. */
final class Questions {

    private static final String FOLDER = "/recordings/";

    private Questions() {
    }

    /** File name to what is said in it. */
    static Map<String, String> texts() throws IOException {
        Map<String, String> texts = new LinkedHashMap<>();
        try (InputStream in = open(FOLDER + "texts.tsv")) {
            new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().skip(1)
                    .map(line -> line.split("\t"))
                    .forEach(cells -> texts.put(cells[0], cells[2]));
        }
        return texts;
    }

    /** Copies them all into a folder that nobody watches yet. */
    static void copyTo(Path folder) throws IOException {
        for (String file : texts().keySet()) {
            try (InputStream in = open(FOLDER + file)) {
                Files.copy(in, folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    /**
     * A file of the example's own.
     *
     * @param name from the top of the classpath, beginning with a slash
     */
    static InputStream open(String name) throws IOException {
        InputStream in = Questions.class.getResourceAsStream(name);
        if (in == null) {
            throw new IOException("The example's own file is missing on the classpath: " + name);
        }
        return in;
    }
}
