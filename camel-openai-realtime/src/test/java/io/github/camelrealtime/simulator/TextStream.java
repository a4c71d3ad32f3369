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

import com.fasterxml.jackson.databind.node.ObjectNode;

/** A message as text. */
final class TextStream extends ItemStream {

    private final StringBuilder sent = new StringBuilder();
    private List<String> words;
    private int next;

    TextStream(SessionContext context, ResponseRun run, int outputIndex, Item item, String text) {
        super(context, run, outputIndex, item);
        words = Transcription.words(text);
    }

    @Override
    boolean hasMore() {
        return next < words.size();
    }

    @Override
    void next() {
        String word = words.get(next++);
        sent.append(word);
        send(context().downlink().delta(part("response.output_text.delta"), word));
    }

    @Override
    long tokens() {
        return TokenMeter.tokens(sent.length());
    }

    @Override
    void halve() {
        words = words.subList(0, words.size() / 2);
    }

    @Override
    void begin() {
        sendPart("response.content_part.added", "text", "text", "");
    }

    @Override
    void finish() {
        send(part("response.output_text.done").put("text", sent.toString()));
        sendPart("response.content_part.done", "text", "text", sent.toString());
        item().json().putArray("content").addObject().put("type", "output_text").put("text", sent.toString());
    }

    @Override
    boolean namesPreviousWhenDone() {
        return true;
    }

    private ObjectNode part(String type) {
        return event(type).put("content_index", 0);
    }
}
