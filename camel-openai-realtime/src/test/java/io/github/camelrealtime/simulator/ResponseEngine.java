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
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.simulator.ReplyContext.Kind;

/** Starts, cancels and counts responses: one at a time in the conversation, any number out of band. */
final class ResponseEngine {

    private static final String TURN_DETECTED = "turn_detected";
    private static final String CLIENT_CANCELLED = "client_cancelled";

    private final SessionContext context;
    private final TranscriptionDesk ears;
    private final TokenMeter meter;
    private final ContextWindow window;
    private final ToolImports imports;
    private final PartStreams streams;
    private final Map<String, Reply> unapproved = new HashMap<>();
    private final Map<String, ResponseRun> outOfBand = new LinkedHashMap<>();
    private final List<Runnable> afterwards = new ArrayList<>();
    private LongConsumer whenSaid = millis -> { };
    private ResponseRun active;
    /** What an approval let go on, until a response does. */
    private Reply continuation;
    private boolean approvedAhead;
    private int count;

    ResponseEngine(SessionContext context, Voice voice, TranscriptionDesk ears) {
        this.context = context;
        this.ears = ears;
        Behaviour behaviour = context.behaviour();
        ModelProfile model = context.config().model();
        meter = new TokenMeter(model.reasoning() ? behaviour.reasoningTokens : 0);
        window = new ContextWindow(behaviour.contextTokens > 0 ? behaviour.contextTokens : model.inputTokens());
        imports = new ToolImports(context);
        streams = new PartStreams(context, voice, imports, unapproved::put);
    }

    /** The session's configuration has changed. */
    void configured() {
        imports.configured();
    }

    /** Told after each response of the conversation how many milliseconds of audio it had. */
    void whenSaid(LongConsumer listener) {
        whenSaid = listener;
    }

    /** Whether a response of the conversation runs. */
    boolean isActive() {
        return active != null;
    }

    /** {@code response.create}. @param request its {@code response}, missing or null if it has none */
    void create(JsonNode request) {
        ResponseSettings settings = ResponseSettings.of(context.config(), request);
        UpdateCheck.checkReasoning(request, context.config().model(), "response.");
        context.config().mcpServers().complete(request.path("tools"), "response.tools");
        if (settings.inConversation() && active != null) {
            throw ProtocolError.of("conversation_already_has_active_response",
                    "Conversation already has an active response in progress: " + active.id()
                            + ". Wait until the response is finished before creating a new one.", null);
        }
        if (context.conversation().hasAssistantAudio() && !settings.voice().equals(context.config().at("/audio/output/voice"))) {
            throw ProtocolError.of("cannot_update_voice",
                    "Cannot update a conversation's voice if assistant audio is present.", "response.audio.output.voice");
        }
        start(settings, inputOf(settings));
    }

    /** {@code mcp_approval_response}. */
    void approve(String requestId, boolean approve) {
        if (active != null && active.decide(requestId, approve)) {
            return;
        }
        Reply asked = unapproved.remove(requestId);
        if (asked == null) {
            return;
        }
        continuation = approve ? asked : asked.from(1);
        approvedAhead = approve;
        if (active == null && !context.behaviour().assumes(Assumption.APPROVAL_NEEDS_RESPONSE_CREATE)) {
            start(ResponseSettings.automatic(context.config()), context.conversation().items());
        }
    }

    /** The answer to a turn the voice detector ended; silently none while another response runs. */
    void createAutomatic() {
        if (active == null && context.config().type() == SessionType.REALTIME) {
            start(ResponseSettings.automatic(context.config()), context.conversation().items());
        }
    }

    /** {@code response.cancel}. @param responseId missing or null for the conversation's active one */
    void cancel(JsonNode responseId) {
        String id = responseId.asText("");
        boolean named = responseId.isTextual();
        ResponseRun run = named && outOfBand.containsKey(id) ? outOfBand.get(id) : active;
        if (run == null || named && !run.id().equals(id)) {
            throw ProtocolError.of("response_cancel_not_active", "Cancellation failed: no active response found",
                    named ? "response_id" : null);
        }
        run.cancel(CLIENT_CANCELLED);
    }

    /** The user began to speak. */
    void interrupt() {
        if (active != null) {
            active.cancel(TURN_DETECTED);
        }
    }

    /** Runs at once, or after the conversation's active response is done. */
    void afterActive(Runnable work) {
        if (active == null) {
            work.run();
        } else {
            afterwards.add(work);
        }
    }

    private void start(ResponseSettings settings, List<Item> items) {
        Optional<List<Item>> seen = window.visible(items, TokenMeter.tokens(settings.preamble().length()),
                context.config().at("/truncation"));
        List<Item> input = seen.orElse(List.of());
        ResponseRun run = new ResponseRun(context, settings, input, meter, streams, this::ended);
        if (settings.inConversation()) {
            active = run;
        } else {
            outOfBand.put(run.id(), run);
        }
        if (seen.isEmpty()) {
            run.answer(Reply.failed("context_length_exceeded", "The conversation is longer than the model's input may be."));
        } else if (settings.toolChoice().asText().equals("required") && !imports.isAnyLoaded(settings.tools())) {
            run.answer(Reply.failed("no_tools_available", "A tool call is required, but no tool is available."));
        } else if (settings.inConversation() && continuation != null) {
            streams.approveNext(approvedAhead);
            Reply rest = continuation;
            continuation = null;
            run.answer(rest);
        } else {
            answer(run, input);
        }
    }

    private void answer(ResponseRun run, List<Item> input) {
        ReplyContext asked = asked(input);
        AudioClip said = asked.kind() == Kind.AUDIO ? Conversation.latestInput(input).clip() : null;
        if (said == null || !context.scenario().listens()) {
            run.answer(context.scenario().replyTo(asked));
            return;
        }
        run.announce();
        ears.listen(said, heard -> run.answer(context.scenario().replyTo(new ReplyContext(Kind.AUDIO,
                heard.isFailure() ? "" : heard.text(), asked.audioMillis(), asked.response()))));
    }

    private void tellLimits() {
        ObjectNode limits = context.downlink().event("rate_limits.updated");
        limits.putArray("rate_limits").addObject().put("name", "tokens").put("limit", 15_000_000)
                .put("remaining", 14_999_310).put("reset_seconds", 0.003);
        context.downlink().send(limits);
    }

    private void ended(ResponseRun run) {
        Acknowledgement wish = context.behaviour().rateLimits;
        if (wish.sent() && wish.delay().isZero()) {
            tellLimits();
        } else if (wish.sent()) {
            context.timer().schedule(wish.delay(), this::tellLimits);
        }
        if (run != active) {
            outOfBand.remove(run.id());
            return;
        }
        active = null;
        List<Runnable> waiting = List.copyOf(afterwards);
        afterwards.clear();
        waiting.forEach(Runnable::run);
        whenSaid.accept(run.audioMillis());
    }

    private List<Item> inputOf(ResponseSettings settings) {
        if (!settings.input().isArray()) {
            return context.conversation().items();
        }
        List<Item> items = new ArrayList<>();
        for (JsonNode wanted : settings.input()) {
            if (wanted.path("type").asText().equals("item_reference")) {
                Item item = context.conversation().find(wanted.path("id").asText());
                if (item == null) {
                    throw ProtocolError.invalidValue("The item with the id '" + wanted.path("id").asText()
                            + "' does not exist.", "response.input");
                }
                items.add(item);
            } else {
                items.add(new Item(wanted.deepCopy()));
            }
        }
        return items;
    }

    private ReplyContext asked(List<Item> input) {
        Item latest = Conversation.latestInput(input);
        if (latest == null) {
            return new ReplyContext(Kind.NOTHING, "", 0, count++);
        }
        if (latest.type().equals("function_call_output")) {
            return new ReplyContext(Kind.TOOL_OUTPUT, latest.json().path("output").asText(), 0, count++);
        }
        boolean audio = latest.json().at("/content/0/type").asText().equals("input_audio");
        return new ReplyContext(audio ? Kind.AUDIO : Kind.TEXT, audio ? "" : latest.text(), latest.audioMillis(), count++);
    }
}
