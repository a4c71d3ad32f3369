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

/** What goes wrong and when, as a scenario in YAML says it. */
final class YamlFaults {

    private YamlFaults() {
    }

    static Trigger trigger(YamlNode node) {
        if (node.has("at-client-event")) {
            YamlNode event = node.get("at-client-event");
            return event.isMap() ? Trigger.atClientEvent(event.need("type").text(), nth(event))
                    : Trigger.atClientEvent(event.integer());
        }
        if (node.has("after-server-event")) {
            YamlNode event = node.get("after-server-event");
            return Trigger.afterServerEvent(event.need("type").text(), nth(event));
        }
        if (node.has("at")) {
            return Trigger.at(node.get("at").duration());
        }
        throw node.error("a fault needs 'at-client-event', 'after-server-event' or 'at'");
    }

    private static int nth(YamlNode event) {
        YamlNode nth = event.get("nth");
        event.end();
        return nth == null ? 1 : nth.integer();
    }

    static SessionFault fault(YamlNode node) {
        if (!node.isMap()) {
            return switch (node.text()) {
                case "drop" -> SessionFaults.drop();
                case "silence" -> SessionFaults.silence();
                case "deaf" -> SessionFaults.deaf();
                case "mute" -> SessionFaults.mute();
                case "expire" -> SessionFaults.expire(Expiry.ERROR_AND_CLOSE);
                case "stop-reading" -> SessionFaults.stopReading();
                case "malformed-json" -> SessionFaults.malformedJson();
                case "unknown-event" -> SessionFaults.unknownEvent();
                default -> throw node.wrong("drop, silence, deaf, mute, expire, stop-reading, malformed-json, unknown-event, or a map");
            };
        }
        SessionFault fault;
        if (node.has("close")) {
            YamlNode close = node.get("close");
            YamlNode reason = close.get("reason");
            fault = SessionFaults.close(close.need("code").integer(), reason == null ? "" : reason.text());
            close.end();
        } else if (node.has("read-slowly")) {
            fault = SessionFaults.readSlowly(node.get("read-slowly").duration());
        } else if (node.has("binary")) {
            fault = SessionFaults.binary(node.get("binary").integer());
        } else if (node.has("large-frame")) {
            fault = SessionFaults.largeFrame(node.get("large-frame").integer());
        } else if (node.has("flood")) {
            fault = SessionFaults.flood(node.get("flood").integer());
        } else if (node.has("expire")) {
            fault = SessionFaults.expire(expiry(node.get("expire")));
        } else if (node.has("lose")) {
            YamlNode lose = node.get("lose");
            fault = SessionFaults.lose(lose.need("type").text(), times(lose));
            lose.end();
        } else if (node.has("delay")) {
            YamlNode delay = node.get("delay");
            fault = SessionFaults.delay(delay.need("type").text(), times(delay), delay.need("by").duration());
            delay.end();
        } else if (node.has("nonsense")) {
            YamlNode nonsense = node.get("nonsense");
            fault = SessionFaults.nonsense(nonsense.need("seed").integer(), nonsense.need("frames").integer());
            nonsense.end();
        } else if (node.has("text")) {
            fault = SessionFaults.text(node.get("text").json());
        } else {
            fault = SessionFaults.dtmf(node.need("dtmf").text());
        }
        node.end();
        return fault;
    }

    private static int times(YamlNode node) {
        YamlNode times = node.get("times");
        return times == null ? 1 : times.integer();
    }

    static Expiry expiry(YamlNode node) {
        return switch (node.text()) {
            case "error-and-close" -> Expiry.ERROR_AND_CLOSE;
            case "error" -> Expiry.ERROR;
            case "close" -> Expiry.CLOSE;
            default -> throw node.wrong("error-and-close, error or close");
        };
    }
}
