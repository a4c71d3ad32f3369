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

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How far a transcript is from what was said: the fewest words to replace, drop or add. Case and punctuation do not count.
 *
 * @param errors words replaced, dropped or added
 * @param words  words of the reference
 */
record WordErrorRate(int errors, int words) {

    static WordErrorRate of(String reference, String transcript) {
        List<String> said = words(reference);
        return new WordErrorRate(distance(said, words(transcript)), said.size());
    }

    WordErrorRate plus(WordErrorRate other) {
        return new WordErrorRate(errors + other.errors, words + other.words);
    }

    /** Per hundred words of the reference; may be above 100. Of no words: 0, or 100 if anything was heard. */
    double percent() {
        return words == 0 ? (errors == 0 ? 0 : 100) : 100.0 * errors / words;
    }

    /** Words without case and punctuation; apostrophes stay. */
    static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        for (String word : text.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}']+")) {
            if (!word.isEmpty()) {
                words.add(word);
            }
        }
        return words;
    }

    // Levenshtein's distance over words, one row at a time
    private static int distance(List<String> from, List<String> to) {
        int[] row = new int[to.size() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.size(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = diagonal + (from.get(i - 1).equals(to.get(j - 1)) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.size()];
    }
}
