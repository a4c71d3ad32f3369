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

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Reads a {@link Scenario} from YAML: the builder's words with hyphens. Strict. */
final class YamlScenario {

    private static final String NEVER = "never";

    private final Scenario.Builder scenario = Scenario.builder();
    private final String source;
    private final YamlReplies replies;

    /**
     * @param source named in messages
     * @param folder where recordings are looked for
     */
    YamlScenario(String source, Path folder) {
        this.source = source;
        this.replies = new YamlReplies(folder);
    }

    Scenario read(InputStream in) throws IOException {
        YamlNode root = YamlNode.parse(source, in);
        if (!root.isMap()) {
            throw root.wrong("a map");
        }
        times(root);
        switches(root);
        acknowledgements(root);
        servers(root);
        handshakes(root);
        faults(root);
        answers(root);
        root.end();
        return scenario.build();
    }

    private void times(YamlNode root) {
        with(root, "think-time", node -> scenario.thinkTime(node.duration()));
        with(root, "step-delay", node -> scenario.stepDelay(node.duration()));
        with(root, "pace", node -> scenario.pace(node.number()));
        with(root, "slow-handshake", node -> scenario.slowHandshake(node.duration()));
        with(root, "session-lifetime", node -> scenario.sessionLifetime(node.duration()));
        with(root, "expiry", node -> scenario.expiry(YamlFaults.expiry(node)));
        with(root, "close-when-idle", node -> scenario.closeWhenIdle(node.duration()));
        with(root, "clock-skew", node -> scenario.clockSkew(node.duration()));
        with(root, "latency", node -> {
            scenario.latency(node.need("least").duration(), node.need("most").duration());
            node.end();
        });
        with(root, "late-every", node -> {
            scenario.lateEvery(node.need("n").integer(), node.need("by").duration());
            node.end();
        });
    }

    private void switches(YamlNode root) {
        with(root, "listening", node -> scenario.listening(node.yes()));
        with(root, "obfuscation", node -> scenario.obfuscation(node.yes()));
        with(root, "item-objects", node -> scenario.itemObjects(node.yes()));
        with(root, "confirm-items-at-once", node -> scenario.confirmItemsAtOnce(node.yes()));
        with(root, "deltas-after-cancel", node -> scenario.deltasAfterCancel(node.yes()));
        with(root, "unknown-events", node -> scenario.unknownEvents(node.yes()));
        with(root, "error-event-ids", node -> scenario.errorEventIds(node.yes()));
        with(root, "duplicate-content", node -> scenario.duplicateContent(node.yes()));
        with(root, "schema-retrieved", node -> scenario.schemaRetrieved(node.yes()));
        with(root, "key-checked-after-opening", node -> scenario.keyCheckedAfterOpening(node.yes()));
        with(root, "duplicate-every", node -> scenario.duplicateEvery(node.integer()));
        with(root, "swap-every", node -> scenario.swapEvery(node.integer()));
        with(root, "context-tokens", node -> scenario.contextTokens(node.integer()));
        with(root, "reasoning-tokens", node -> scenario.reasoningTokens(node.integer()));
        with(root, "assume", node -> node.list().forEach(name -> scenario.assume(assumption(name))));
    }

    private void acknowledgements(YamlNode root) {
        with(root, "refuse-session-update", node -> scenario.refuseSessionUpdate(node.text()));
        with(root, "session-updated", node -> neverOr(node, scenario::withholdSessionUpdated, scenario::delaySessionUpdated));
        with(root, "committed", node -> neverOr(node, scenario::withholdCommitted, scenario::delayCommitted));
        with(root, "rate-limits", node -> {
            if (node.isBoolean()) {
                scenario.rateLimits(node.yes());
            } else {
                scenario.delayRateLimits(node.duration());
            }
        });
        with(root, "transcription", node -> scenario.transcription(transcription(node)));
    }

    private static TranscriptionScript transcription(YamlNode node) {
        if (!node.isMap()) {
            return switch (node.text()) {
                case "prompt" -> TranscriptionScript.prompt();
                case NEVER -> TranscriptionScript.never();
                case "before-speech-stopped" -> TranscriptionScript.beforeSpeechStopped();
                default -> throw node.wrong("prompt, never, before-speech-stopped, or a map with late, out-of-order or failed");
            };
        }
        TranscriptionScript script = node.has("late") ? TranscriptionScript.late(node.get("late").duration())
                : node.has("out-of-order") ? TranscriptionScript.outOfOrder(node.get("out-of-order").duration())
                : TranscriptionScript.failed(node.need("failed").text());
        node.end();
        return script;
    }

    private void servers(YamlNode root) {
        with(root, "mcp-servers", servers -> servers.named().forEach((label, node) -> scenario.mcpServer(server(label, node))));
    }

    private static McpServer server(String label, YamlNode node) {
        if (node.isText()) {
            if (!node.text().equals("unreachable")) {
                throw node.wrong("a map with tools, or unreachable");
            }
            return McpServer.unreachable(label);
        }
        McpServer server = McpServer.of(label);
        YamlNode tools = node.get("tools");
        for (Map.Entry<String, YamlNode> entry : tools == null ? Map.<String, YamlNode>of().entrySet() : tools.named().entrySet()) {
            YamlNode tool = entry.getValue();
            YamlNode description = tool.get("description");
            YamlNode schema = tool.get("schema");
            try {
                server = server.tool(entry.getKey(), description == null ? "" : description.text(),
                        schema == null ? "{\"type\":\"object\"}" : schema.json());
            } catch (IllegalArgumentException e) {
                throw tool.error(e.getMessage());
            }
            tool.end();
        }
        if (node.has("imported-after")) {
            server = server.importedAfter(node.get("imported-after").duration());
        }
        node.end();
        return server;
    }

    private void handshakes(YamlNode root) {
        with(root, "refused-handshakes", list -> list.list().forEach(node -> {
            YamlNode body = node.get("body");
            YamlNode times = node.get("times");
            YamlNode retry = node.get("retry-after");
            scenario.rejectHandshake(node.need("status").integer(), body == null ? null : body.json(),
                    times == null ? 1 : times.integer(), retry == null ? null : retry.duration());
            node.end();
        }));
        with(root, "accept-and-close", node -> {
            YamlNode times = node.get("times");
            YamlNode reason = node.get("reason");
            scenario.acceptAndClose(times == null ? 1 : times.integer(), node.need("code").integer(), reason == null ? "" : reason.text());
            node.end();
        });
    }

    private void faults(YamlNode root) {
        with(root, "faults", list -> list.list().forEach(node -> {
            Trigger trigger = YamlFaults.trigger(node);
            if (node.has("in-session")) {
                trigger = trigger.inSession(node.get("in-session").integer());
            }
            scenario.fault(trigger, YamlFaults.fault(node.need("do")));
            node.end();
        }));
    }

    private void answers(YamlNode root) throws IOException {
        if (root.has("next")) {
            for (YamlNode node : root.get("next").list()) {
                scenario.next(replies.read(node));
            }
        }
        if (root.has("rules")) {
            for (YamlNode node : root.get("rules").list()) {
                rule(node, replies.read(node.need("reply")));
                node.end();
            }
        }
        if (root.has("otherwise")) {
            scenario.otherwise(replies.read(root.get("otherwise")));
        }
    }

    private void rule(YamlNode node, Reply reply) {
        if (node.has("text")) {
            scenario.onText(node.get("text").text(), reply);
        } else if (node.has("text-matches")) {
            scenario.onText(pattern(node.get("text-matches")), reply);
        } else if (node.has("heard")) {
            scenario.onHeard(node.get("heard").text(), reply);
        } else if (node.has("heard-matches")) {
            scenario.onHeard(pattern(node.get("heard-matches")), reply);
        } else if (node.has("tool-output")) {
            scenario.onToolOutput(node.get("tool-output").text(), reply);
        } else if (node.has("turn")) {
            scenario.onTurn(node.get("turn").integer(), reply);
        } else if (node.has("audio") && node.get("audio").yes()) {
            scenario.onAudio(reply);
        } else {
            node.end();
            throw node.error("a rule needs 'text', 'text-matches', 'heard', 'heard-matches', 'audio: true', 'tool-output' or"
                    + " 'turn'");
        }
    }

    private static Pattern pattern(YamlNode node) {
        try {
            return Pattern.compile(node.text());
        } catch (PatternSyntaxException e) {
            throw node.error("not a regular expression: " + e.getDescription());
        }
    }

    private static Assumption assumption(YamlNode node) {
        for (Assumption assumption : Assumption.values()) {
            if (assumption.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(node.text())) {
                return assumption;
            }
        }
        throw node.error("nobody assumes '" + node.text() + "'");
    }

    private static void neverOr(YamlNode node, Runnable never, Consumer<Duration> delayed) {
        if (node.isText() && node.text().equals(NEVER)) {
            never.run();
        } else {
            delayed.accept(node.duration());
        }
    }

    private static void with(YamlNode root, String key, Consumer<YamlNode> use) {
        if (root.has(key)) {
            use.accept(root.get(key));
        }
    }
}
