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

import java.io.EOFException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Locale;
import java.util.Set;

import javax.net.ssl.SSLException;

import io.github.camelrealtime.transport.TransportException;

/**
 * Sorts what the service says into classes (wire reference §7.2 to §7.4). An {@code error} event alone never closes a
 * session.
 */
final class ErrorClassifier {

    private static final Set<String> FATAL_CODES = Set.of(
            "insufficient_quota", "invalid_api_key", "account_deactivated", "billing_hard_limit_reached", "model_not_found",
            "invalid_model", "invalid_intent", "beta_api_shape_disabled");
    private static final Set<String> TRANSIENT_CODES = Set.of(
            "server_error", "rate_limit_exceeded", "inference_rate_limit_exceeded");
    private static final int GOING_AWAY = 1001;
    private static final int POLICY_VIOLATION = 1008;
    private static final int TLS_FAILED = 1015;
    private static final int INVALID_KEY = 3000;
    private static final int FATAL_REQUEST = 4000;

    private ErrorClassifier() {
    }

    /**
     * An {@code error} event.
     *
     * @param type       {@code error.type}
     * @param code       {@code error.code}, may be {@code null}
     * @param message    {@code error.message}, may be {@code null}
     * @param serverTurn whether the service commits by itself, so that a commit of ours can lose the race
     */
    static ErrorClass ofEvent(String type, String code, String message, boolean serverTurn) {
        String text = message == null ? "" : message.toLowerCase(Locale.ROOT);
        if (code == null) {
            if (text.startsWith("cancellation failed")) {
                return ErrorClass.BENIGN;
            }
            return "server_error".equals(type) ? ErrorClass.TRANSIENT : ErrorClass.REQUEST;
        }
        if (FATAL_CODES.contains(code)) {
            return ErrorClass.FATAL;
        }
        if (TRANSIENT_CODES.contains(code)) {
            return ErrorClass.TRANSIENT;
        }
        return switch (code) {
            case "response_cancel_not_active" -> ErrorClass.BENIGN;
            // came too late, or is about an item of an earlier connection
            case "item_truncate_invalid_item_id", "item_delete_invalid_item_id", "item_retrieve_invalid_item_id" ->
                ErrorClass.BENIGN;
            case "input_audio_buffer_commit_empty" -> serverTurn ? ErrorClass.BENIGN : ErrorClass.REQUEST;
            case "conversation_already_has_active_response" -> ErrorClass.SEQUENCE;
            case "session_expired" -> ErrorClass.EXPIRED;
            case "call_id_not_found", "decision_already_made" -> ErrorClass.CALL_GONE;
            default -> "server_error".equals(type) ? ErrorClass.TRANSIENT : ErrorClass.REQUEST;
        };
    }

    /** A close frame that we did not ask for. */
    static ErrorClass ofClose(int code, String reason) {
        return switch (code) {
            case GOING_AWAY -> reason != null && reason.contains("maximum duration") ? ErrorClass.EXPIRED : ErrorClass.TRANSIENT;
            case POLICY_VIOLATION, TLS_FAILED, INVALID_KEY, FATAL_REQUEST -> ErrorClass.FATAL;
            default -> ErrorClass.TRANSIENT;
        };
    }

    /** Whether the body of a refused handshake names what no further attempt can change, such as a spent quota (429). */
    private static boolean isFatal(String body) {
        return body != null && FATAL_CODES.stream().anyMatch(code -> body.contains('"' + code + '"'));
    }

    /** A connection that was not made, or broke without a close frame. */
    static ErrorClass ofFailure(TransportException failure) {
        if (isFatal(failure.getBody()) || isTlsRefused(failure)) {
            return ErrorClass.FATAL;
        }
        return switch (failure.getStatus()) {
            case 0, 408, 429 -> ErrorClass.TRANSIENT;
            default -> failure.getStatus() >= 500 ? ErrorClass.TRANSIENT : ErrorClass.FATAL;
        };
    }

    /** A line that breaks while TLS is spoken looks like a TLS failure too, but says so in its cause. */
    private static boolean isTlsRefused(TransportException failure) {
        boolean tls = false;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SocketException || cause instanceof SocketTimeoutException || cause instanceof EOFException) {
                return false;
            }
            tls |= cause instanceof SSLException;
        }
        return tls;
    }
}
