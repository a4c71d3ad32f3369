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
import java.nio.file.Path;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The replies of a YAML scenario. */
final class YamlReplies {

    private final Path folder;

    /** @param folder where recordings are looked for */
    YamlReplies(Path folder) {
        this.folder = folder;
    }

    /** A text, a part, a list of parts, or a map of what is said and how. */
    Reply read(YamlNode node) throws IOException {
        if (!node.isMap() || !isWhole(node)) {
            return parts(node);
        }
        YamlNode said = node.get("say");
        Reply reply = said == null ? Reply.nothing() : parts(said);
        if (node.has("fail")) {
            YamlNode failure = node.get("fail");
            reply = reply.thenFail(failure.need("code").text(), failure.need("message").text());
            failure.end();
        }
        reply = node.has("incomplete") ? reply.thenIncomplete(node.get("incomplete").text()) : reply;
        reply = node.has("after") ? reply.after(node.get("after").duration()) : reply;
        reply = node.has("every") ? reply.every(node.get("every").duration()) : reply;
        reply = node.has("endless") && node.get("endless").yes() ? reply.endless() : reply;
        reply = node.has("interleaved") && node.get("interleaved").yes() ? reply.interleaved() : reply;
        node.end();
        return reply;
    }

    private static boolean isWhole(YamlNode node) {
        return node.has("say") || node.has("fail") || node.has("incomplete") || node.has("after") || node.has("every")
                || node.has("endless") || node.has("interleaved");
    }

    private Reply parts(YamlNode node) throws IOException {
        Reply reply = Reply.nothing();
        for (YamlNode part : node.list()) {
            reply = part(reply, part);
        }
        return reply;
    }

    private Reply part(Reply reply, YamlNode part) throws IOException {
        if (!part.isMap()) {
            return reply.andText(part.text());
        }
        Reply more;
        if (part.has("text")) {
            more = reply.andText(part.get("text").text());
        } else if (part.has("commentary")) {
            more = reply.andCommentary(part.get("commentary").text());
        } else if (part.has("call")) {
            more = call(reply, part.get("call"));
        } else if (part.has("mcp-call")) {
            more = remoteCall(reply, part.get("mcp-call"));
        } else if (part.has("tone")) {
            YamlNode tone = part.get("tone");
            more = reply.andSound(Tones.sine(tone.need("length").duration()), transcript(tone));
            tone.end();
        } else if (part.has("recording")) {
            YamlNode recording = part.get("recording");
            more = reply.andSound(Tones.recording(folder.resolve(recording.need("file").text())), transcript(recording));
            recording.end();
        } else {
            part.end();
            throw part.wrong("a part of a reply");
        }
        part.end();
        return more;
    }

    private static String transcript(YamlNode sound) {
        YamlNode transcript = sound.get("transcript");
        return transcript == null ? "" : transcript.text();
    }

    private static Reply call(Reply reply, YamlNode call) {
        YamlNode id = call.get("id");
        Reply more = reply.and(new Reply.Call(call.need("name").text(), arguments(call), id == null ? null : id.text()));
        call.end();
        return more;
    }

    private static Reply remoteCall(Reply reply, YamlNode call) {
        YamlNode output = call.get("output");
        YamlNode error = call.get("error");
        if ((output == null) == (error == null)) {
            throw call.error("give 'output' or 'error'");
        }
        ObjectNode failure = null;
        if (error != null) {
            failure = JsonNodeFactory.instance.objectNode().put("type", error.need("type").text());
            if (error.has("code")) {
                failure.put("code", error.get("code").integer());
            }
            failure.put("message", error.need("message").text());
            error.end();
        }
        Reply more = reply.and(new Reply.McpCall(call.need("server").text(), call.need("name").text(), arguments(call),
                output == null ? null : output.json(), failure));
        call.end();
        return more;
    }

    private static String arguments(YamlNode call) {
        YamlNode arguments = call.get("arguments");
        return arguments == null ? "{}" : arguments.json();
    }
}
