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

import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Usage by the published rules: a token per 100 ms of user audio and per 50 ms of assistant audio; for text and pictures,
 * which have no published rule, a token per four characters and 85 per picture. One per session: it remembers what the cache
 * holds, which is the input of the last response as far as nothing in it has changed since.
 */
final class TokenMeter {

    private static final int CHARACTERS_PER_TOKEN = 4;
    private static final int TOKENS_PER_IMAGE = 85;
    private static final int USER_AUDIO_MILLIS = 100;
    private static final int ASSISTANT_AUDIO_MILLIS = 50;
    private static final int CACHE_BLOCK = 64;

    private final int reasoningTokens;
    private List<Piece> cache = List.of();

    /** @param reasoningTokens what reasoning costs in every response; 0 for models that do not reason */
    TokenMeter(int reasoningTokens) {
        this.reasoningTokens = reasoningTokens;
    }

    /** Usage of a response. @param preamble what stands before the conversation */
    ObjectNode response(String preamble, List<Item> input, List<Item> output) {
        List<Piece> pieces = new ArrayList<>(List.of(new Piece(preamble, tokens(preamble.length()), 0, 0)));
        input.forEach(item -> pieces.add(Piece.of(item)));
        Counts in = Counts.of(pieces);
        int same = 0;
        while (same < Math.min(pieces.size(), cache.size()) && pieces.get(same).equals(cache.get(same))) {
            same++;
        }
        Counts cached = Counts.of(pieces.subList(0, same)).inBlocks();
        cache = pieces;
        long textOut = output.stream().mapToLong(item -> tokens(item.text().length()) + callTokens(item)).sum() + reasoningTokens;
        long audioOut = output.stream().mapToLong(TokenMeter::audioTokens).sum();

        ObjectNode usage = JsonNodeFactory.instance.objectNode();
        usage.put("total_tokens", in.sum() + textOut + audioOut);
        usage.put("input_tokens", in.sum()).put("output_tokens", textOut + audioOut);
        ObjectNode inputDetails = in.putInto(usage.putObject("input_token_details")).put("cached_tokens", cached.sum());
        cached.putInto(inputDetails.putObject("cached_tokens_details"));
        ObjectNode outputDetails = usage.putObject("output_token_details").put("text_tokens", textOut)
                .put("audio_tokens", audioOut);
        if (reasoningTokens > 0) {
            outputDetails.put("reasoning_tokens", reasoningTokens);
        }
        return usage;
    }

    /** Tokens of an item as input. */
    static long inputTokens(Item item) {
        return Counts.of(List.of(Piece.of(item))).sum();
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

    static long audioTokens(Item item) {
        return item.audioMillis() / (item.role().equals("assistant") ? ASSISTANT_AUDIO_MILLIS : USER_AUDIO_MILLIS);
    }

    static long tokens(long characters) {
        return (characters + CHARACTERS_PER_TOKEN - 1) / CHARACTERS_PER_TOKEN;
    }

    private static long callTokens(Item item) {
        return tokens(item.json().path("arguments").asText("").length() + item.json().path("output").asText("").length());
    }

    /**
     * A part of the input.
     *
     * @param content what tells it from another
     */
    private record Piece(String content, long text, long audio, long image) {

        private static Piece of(Item item) {
            // an audio item is counted by its sound, not by its transcript as well
            String words = item.hasAudio() ? "" : item.text();
            long text = callTokens(item) + tokens(words.length());
            return new Piece(item.id() + words, text, audioTokens(item), item.images() * TOKENS_PER_IMAGE);
        }
    }

    private record Counts(long text, long audio, long image) {

        private static Counts of(List<Piece> pieces) {
            return new Counts(pieces.stream().mapToLong(Piece::text).sum(), pieces.stream().mapToLong(Piece::audio).sum(),
                    pieces.stream().mapToLong(Piece::image).sum());
        }

        private Counts inBlocks() {
            return new Counts(blocks(text), blocks(audio), blocks(image));
        }

        private long sum() {
            return text + audio + image;
        }

        private ObjectNode putInto(ObjectNode details) {
            return details.put("text_tokens", text).put("audio_tokens", audio).put("image_tokens", image);
        }

        private static long blocks(long tokens) {
            return tokens / CACHE_BLOCK * CACHE_BLOCK;
        }
    }
}
