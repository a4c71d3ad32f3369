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
package io.github.camelrealtime.session;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelrealtime.transport.Transport;
import io.github.camelrealtime.transport.TransportListener;
import io.github.camelrealtime.transport.TransportRequest;

/** Keeps what was sent, and does what a test says. Nothing happens by itself: the test is the service. */
public final class FakeTransport implements Transport {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    public final TransportRequest request;
    public final TransportListener listener;
    private final Queue<JsonNode> frames = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean sending = new AtomicBoolean();
    private volatile boolean overlapped;
    volatile boolean open = true;
    volatile long queued;
    volatile int closeCode;
    volatile boolean aborted;
    /** Run inside {@link #send} with each frame. */
    volatile Consumer<JsonNode> onSend = frame -> {
    };

    FakeTransport() {
        this(null, null);
    }

    FakeTransport(TransportRequest request, TransportListener listener) {
        this.request = request;
        this.listener = listener;
    }

    @Override
    public boolean send(String text) {
        if (!sending.compareAndSet(false, true)) {
            overlapped = true;
        }
        try {
            JsonNode frame = MAPPER.readTree(text);
            onSend.accept(frame);
            if (open) {
                frames.add(frame);
            }
            return open;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A frame that is no JSON", e);
        } finally {
            sending.set(false);
        }
    }

    @Override
    public long queuedBytes() {
        return queued;
    }

    @Override
    public void close(int code, String reason) {
        closeCode = code;
    }

    @Override
    public void abort() {
        aborted = true;
        open = false;
    }

    /** Sets what is run inside {@link #send} with each frame. */
    public void onSend(Consumer<JsonNode> code) {
        onSend = code;
    }

    boolean overlapped() {
        return overlapped;
    }

    public List<JsonNode> frames() {
        return List.copyOf(frames);
    }

    public List<JsonNode> frames(String type) {
        return frames.stream().filter(frame -> frame.path("type").asText().equals(type)).toList();
    }

    /** Types of the frames in order, without the words that all have. */
    public List<String> types() {
        return frames.stream().map(frame -> frame.path("type").asText().replace("input_audio_buffer.", "")).toList();
    }

    JsonNode last() {
        return frames().get(frames.size() - 1);
    }

    /** Sizes of the audio appended, in order. */
    List<Integer> appends() {
        List<Integer> sizes = new ArrayList<>();
        frames("input_audio_buffer.append").forEach(frame -> sizes.add(audio(frame).length));
        return sizes;
    }

    static byte[] audio(JsonNode append) {
        return Base64.getDecoder().decode(append.path("audio").asText());
    }

    // ---- the service speaks

    public void open() {
        listener.onOpen();
    }

    public void say(String json) {
        listener.onFrame(json.replace('\'', '"'));
    }

    /** The whole handshake of a session that is to end at this time. */
    FakeTransport ready(String sessionId, long expiresMillis) {
        open();
        say("{'type':'session.created','event_id':'e','session':{'id':'" + sessionId + "','expires_at':" + expiresMillis / 1000
            + "}}");
        say("{'type':'session.updated','event_id':'e','session':{'id':'" + sessionId + "','expires_at':" + expiresMillis / 1000
            + "}}");
        return this;
    }

    public void created() {
        say("{'type':'session.created','event_id':'e','session':{'id':'sess_1','expires_at':0}}");
    }

    public void updated() {
        say("{'type':'session.updated','event_id':'e','session':{'id':'sess_1'}}");
    }

    /** The whole handshake, and what is told of an earlier conversation. */
    public FakeTransport ready() {
        open();
        created();
        updated();
        restored();
        return this;
    }

    /** Takes all items that are created, and those that are created because of that. */
    void restored() {
        List<JsonNode> created;
        for (int taken = 0; taken < (created = frames("conversation.item.create")).size(); taken++) {
            JsonNode item = created.get(taken).path("item");
            say("{'type':'conversation.item.added','event_id':'e','previous_item_id':null,'item':{'id':'" + item.path("id").asText()
                + "','type':'" + item.path("type").asText() + "'}}");
            say("{'type':'conversation.item.done','event_id':'e','previous_item_id':null,'item':{'id':'" + item.path("id").asText()
                + "','type':'" + item.path("type").asText() + "'}}");
        }
    }

    public void committed(String itemId) {
        say("{'type':'input_audio_buffer.committed','event_id':'e','item_id':'" + itemId + "'}");
    }

    public void transcribed(String itemId, String text) {
        say("{'type':'conversation.item.input_audio_transcription.completed','event_id':'e','item_id':'" + itemId
            + "','content_index':0,'transcript':'" + text + "','usage':{'type':'tokens','total_tokens':3}}");
    }

    public void error(Map<String, String> members) {
        try {
            say("{'type':'error','event_id':'e','error':" + MAPPER.writeValueAsString(members) + "}");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
