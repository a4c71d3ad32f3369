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
package io.github.camelrealtime;

import java.util.LinkedHashMap;
import java.util.Map;

import io.github.camelrealtime.session.RealtimeSession;
import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.session.SessionStatus;

/**
 * A session as its operators see it: in the developer console, in management and in health checks. Holds no secret and
 * nothing that was said.
 */
final class SessionReport {

    private SessionReport() {
    }

    /**
     * @param  now ms since 1970
     * @return     numbers and texts by name; what is not known is left out
     */
    static Map<String, Object> of(RealtimeSession session, long now) {
        SessionStatus status = session.status();
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("name", status.name());
        report.put("type", session.config().type().wireName());
        report.put("model", session.config().model());
        report.put("state", status.state().name());
        report.put("epoch", status.epoch());
        report.put("reconnects", status.reconnects());
        report.put("rollovers", status.rollovers());
        report.put("sockets", status.sockets());
        if (status.rolloverProblem() != null) {
            report.put("rolloverProblem", status.rolloverProblem().getMessage());
        }
        if (status.sessionId() != null) {
            report.put("sessionId", status.sessionId());
        }
        age(report, "ageMillis", session.readySinceMillis(), now);
        age(report, "lastEventAgeMillis", status.lastEventMillis(), now);
        if (status.expiresAtMillis() > 0 && status.state() == SessionState.READY) {
            report.put("expiresInMillis", Math.max(0, status.expiresAtMillis() - now));
        }
        report.put("queuedAudioMillis", status.queuedAudioMillis());
        report.put("droppedAudioMillis", status.droppedAudioMillis());
        report.put("sentAudioMillis", status.sentAudioMillis());
        report.put("deliveredEvents", status.receivedEvents());
        report.put("staleEvents", status.staleEvents());
        report.put("repeatedFinals", status.repeatedFinals());
        report.put("malformedFrames", status.malformedFrames());
        report.put("oddEvents", status.oddEvents());
        report.put("internalErrors", status.internalErrors());
        report.put("suppressedCommits", status.suppressedCommits());
        report.put("owedTranscripts", status.owedTranscripts());
        report.put("historyItems", status.history().items());
        report.put("historyCharacters", status.history().characters());
        report.put("droppedHistoryItems", status.history().droppedItems());
        report.put("droppedHistoryImages", status.history().droppedImages());
        report.put("contextTokens", status.history().contextTokens());
        report.put("pendingToolCalls", status.history().pendingToolCalls());
        report.put("pendingResponses", status.pendingResponses());
        if (status.fatalError() != null) {
            report.put("fatalError", status.fatalError());
        }
        if (status.failure() != null) {
            report.put("fatal", status.failure().isFatal());
            report.put("closeCode", status.failure().getCloseCode());
        }
        return report;
    }

    private static void age(Map<String, Object> report, String name, long since, long now) {
        if (since > 0) {
            report.put(name, Math.max(0, now - since));
        }
    }
}
