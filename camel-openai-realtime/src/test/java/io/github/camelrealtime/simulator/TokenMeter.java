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

import java.util.List;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Usage by the published rules: a token per 100 ms of user audio and per 50 ms of assistant audio; for text, which has no
 * published rule, a token per four characters. One per session: it remembers what the cache holds.
 */
final class TokenMeter {

    private static final int CHARACTERS_PER_TOKEN = 4;
    private static final int USER_AUDIO_MILLIS = 100;
    private static final int ASSISTANT_AUDIO_MILLIS = 50;
    private static final int CACHE_BLOCK = 64;

    private long cacheableText;
    private long cacheableAudio;

    /** Usage of a response whose input and output these are. */
    ObjectNode response(long instructionCharacters, List<Item> input, List<Item> output) {
        long textIn = tokens(instructionCharacters);
        long audioIn = 0;
        for (Item item : input) {
            textIn += textTokens(item);
            audioIn += audioTokens(item);
        }
        long textOut = output.stream().mapToLong(item -> tokens(item.text().length()) + callTokens(item)).sum();
        long audioOut = output.stream().mapToLong(TokenMeter::audioTokens).sum();
        long cachedText = cached(textIn, cacheableText);
        long cachedAudio = cached(audioIn, cacheableAudio);
        cacheableText = textIn;
        cacheableAudio = audioIn;

        ObjectNode usage = JsonNodeFactory.instance.objectNode();
        usage.put("total_tokens", textIn + audioIn + textOut + audioOut);
        usage.put("input_tokens", textIn + audioIn).put("output_tokens", textOut + audioOut);
        ObjectNode inputDetails = usage.putObject("input_token_details").put("text_tokens", textIn)
                .put("audio_tokens", audioIn).put("image_tokens", 0).put("cached_tokens", cachedText + cachedAudio);
        inputDetails.putObject("cached_tokens_details").put("text_tokens", cachedText).put("audio_tokens", cachedAudio)
                .put("image_tokens", 0);
        usage.putObject("output_token_details").put("text_tokens", textOut).put("audio_tokens", audioOut);
        return usage;
    }

    /** Usage of a transcript: seconds, rounded up, or tokens, depending on the transcription model. */
    static ObjectNode transcription(String model, AudioClip clip, String text) {
        ObjectNode usage = JsonNodeFactory.instance.objectNode();
        if (!ModelProfile.countsTokens(model)) {
            return usage.put("type", "duration").put("seconds", (clip.samples() + clip.sampleRate() - 1) / clip.sampleRate());
        }
        long audio = clip.millis() / USER_AUDIO_MILLIS;
        long output = tokens(text.length());
        usage.put("type", "tokens").put("total_tokens", audio + output).put("input_tokens", audio);
        usage.putObject("input_token_details").put("text_tokens", 0).put("audio_tokens", audio);
        return usage.put("output_tokens", output);
    }

    private static long textTokens(Item item) {
        // an audio item is counted by its sound, not by its transcript as well
        return callTokens(item) + (item.hasAudio() ? 0 : tokens(item.text().length()));
    }

    private static long callTokens(Item item) {
        return tokens(item.json().path("arguments").asText("").length() + item.json().path("output").asText("").length());
    }

    private static long audioTokens(Item item) {
        return item.audioMillis() / (item.role().equals("assistant") ? ASSISTANT_AUDIO_MILLIS : USER_AUDIO_MILLIS);
    }

    private static long cached(long now, long before) {
        return Math.min(now, before) / CACHE_BLOCK * CACHE_BLOCK;
    }

    private static long tokens(long characters) {
        return (characters + CHARACTERS_PER_TOKEN - 1) / CHARACTERS_PER_TOKEN;
    }
}
