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

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the recogniser may hear: the sentences of a scenario as a closed grammar, and the way back from the recogniser's bare
 * words to the sentences as they were written.
 * <p/>
 * A text is cut at {@code . ! ?}; what is spoken is its letters in lower case. A word that the dictionary lacks is spelled
 * letter by letter if it is an acronym ({@code PBX}), and refused otherwise: a word that cannot be heard would make its
 * sentence unrecognisable without a sign. Immutable, safe for any thread.
 */
final class SentenceGrammar {

    static final String NAME = "sentences";
    static final String DICTIONARY = "/edu/cmu/sphinx/models/en-us/cmudict-en-us.dict";

    private static final int LONGEST_ACRONYM = 5;

    /** Spoken words to the written sentence; of two sentences spoken alike the first one's spelling is kept. */
    private final Map<List<String>, String> sentences = new LinkedHashMap<>();

    /**
     * @param  texts                    at least one text of at least one sentence
     * @throws IllegalArgumentException if there is no sentence, or a word is neither in the dictionary nor an acronym
     */
    SentenceGrammar(Collection<String> texts) {
        List<String> written = texts.stream().flatMap(text -> cut(text).stream()).toList();
        Set<String> known = known(written);
        for (String sentence : written) {
            sentences.putIfAbsent(spoken(sentence, known), sentence);
        }
        if (sentences.isEmpty()) {
            throw new IllegalArgumentException(
                    "The scenario has no sentence to listen for: give the recogniser at least one text");
        }
    }

    /** The grammar in the JSpeech Grammar Format: one or more of the sentences, in any order. */
    String toJsgf() {
        String alternatives = sentences.keySet().stream()
                .map(words -> String.join(" ", words))
                .collect(Collectors.joining("\n  | "));
        return """
                #JSGF V1.0;
                grammar %s;
                public <top> = (<sentence>)+;
                <sentence> = %s;
                """.formatted(NAME, alternatives);
    }

    /**
     * The written form of recognised words, or empty if they are not a run of whole sentences.
     *
     * @param words lower case, as the recogniser gives them
     */
    Optional<String> written(List<String> words) {
        List<String> found = new ArrayList<>();
        return match(words, found) ? Optional.of(String.join(" ", found)) : Optional.empty();
    }

    // one sentence may begin another, so the first that fits is not always the right one: go back and try the next
    private boolean match(List<String> words, List<String> found) {
        if (words.isEmpty()) {
            return !found.isEmpty();
        }
        for (Map.Entry<List<String>, String> sentence : sentences.entrySet()) {
            int length = sentence.getKey().size();
            if (length <= words.size() && words.subList(0, length).equals(sentence.getKey())) {
                found.add(sentence.getValue());
                if (match(words.subList(length, words.size()), found)) {
                    return true;
                }
                found.remove(found.size() - 1);
            }
        }
        return false;
    }

    private static List<String> cut(String text) {
        List<String> sentences = new ArrayList<>();
        for (String sentence : text.strip().split("(?<=[.!?])\\s+")) {
            if (!words(sentence).isEmpty()) {
                sentences.add(sentence);
            }
        }
        return sentences;
    }

    private static List<String> words(String sentence) {
        List<String> words = new ArrayList<>();
        for (String word : sentence.split("[^\\p{L}\\p{N}']+")) {
            if (!word.isEmpty()) {
                words.add(word);
            }
        }
        return words;
    }

    private static List<String> spoken(String sentence, Set<String> known) {
        List<String> spoken = new ArrayList<>();
        for (String word : words(sentence)) {
            if (known.contains(lower(word))) {
                spoken.add(lower(word));
            } else if (word.matches("\\p{Lu}{2," + LONGEST_ACRONYM + "}")) {
                lower(word).chars().forEach(letter -> spoken.add(Character.toString(letter)));
            } else {
                throw new IllegalArgumentException("The recogniser's dictionary has no word \"" + word + "\" (in \"" + sentence
                                                   + "\"): write numbers and abbreviations out as they are spoken");
            }
        }
        return spoken;
    }

    /** Those words of the sentences that the dictionary has: one pass, so that its 134,000 words are not kept. */
    private static Set<String> known(List<String> written) {
        Set<String> wanted = written.stream().flatMap(sentence -> words(sentence).stream())
                .map(SentenceGrammar::lower).collect(Collectors.toSet());
        Set<String> known = new HashSet<>();
        try (InputStream in = SentenceGrammar.class.getResourceAsStream(DICTIONARY)) {
            if (in == null) {
                throw new IllegalStateException(
                        "The recogniser's dictionary is missing: put de.sciss:sphinx4-data on the classpath");
            }
            BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String word = line.substring(0, Math.max(0, line.indexOf(' ')));
                if (wanted.contains(word)) {
                    known.add(word);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The recogniser's dictionary cannot be read", e);
        }
        return known;
    }

    private static String lower(String word) {
        return word.toLowerCase(Locale.ROOT);
    }
}
