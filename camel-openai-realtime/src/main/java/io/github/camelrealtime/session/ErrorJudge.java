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

import java.util.function.BooleanSupplier;

import io.github.camelrealtime.transport.TransportException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What errors mean to one session: the user's classifier first, then {@link ErrorClassifier}. */
final class ErrorJudge {

    private static final Logger LOG = LoggerFactory.getLogger(ErrorJudge.class);

    private final String sessionName;
    private final BooleanSupplier serverTurn;
    private final RealtimeErrorClassifier custom;

    /**
     * @param serverTurn whether the service commits by itself, at present
     * @param custom     {@code null} for none
     */
    ErrorJudge(String sessionName, BooleanSupplier serverTurn, RealtimeErrorClassifier custom) {
        this.sessionName = sessionName;
        this.serverTurn = serverTurn;
        this.custom = custom;
    }

    ErrorClass ofEvent(String type, String code, String message) {
        return judge(new ReportedError(
                sessionName, type, code, message, 0, 0, ErrorClassifier.ofEvent(type, code, message, serverTurn.getAsBoolean())));
    }

    ErrorClass ofClose(int closeCode, String reason) {
        return judge(new ReportedError(sessionName, null, null, reason, closeCode, 0, ErrorClassifier.ofClose(closeCode, reason)));
    }

    ErrorClass ofFailure(TransportException failure) {
        return judge(new ReportedError(
                sessionName, null, null, failure.getMessage(), 0, failure.getStatus(), ErrorClassifier.ofFailure(failure)));
    }

    private ErrorClass judge(ReportedError error) {
        if (custom == null) {
            return error.usual();
        }
        try {
            ErrorClass judged = custom.classify(error);
            return judged == null ? error.usual() : judged;
        } catch (RuntimeException e) {
            LOG.warn("Session {}: the error classifier failed; the error counts as {}", sessionName, error.usual(), e);
            return error.usual();
        }
    }
}
