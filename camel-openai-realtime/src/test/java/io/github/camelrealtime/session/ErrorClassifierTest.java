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
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.stream.Stream;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;

import io.github.camelrealtime.transport.TransportException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

class ErrorClassifierTest {

    @ParameterizedTest
    @CsvSource({
            "invalid_request_error,response_cancel_not_active,BENIGN",
            "invalid_request_error,conversation_already_has_active_response,SEQUENCE",
            "invalid_request_error,invalid_value,REQUEST",
            "invalid_request_error,unknown_parameter,REQUEST",
            "invalid_request_error,missing_required_parameter,REQUEST",
            "invalid_request_error,invalid_event,REQUEST",
            "invalid_request_error,string_above_max_length,REQUEST",
            "invalid_request_error,cannot_update_voice,REQUEST",
            "invalid_request_error,something_new,REQUEST",
            "server_error,something_new,TRANSIENT",
            "invalid_request_error,server_error,TRANSIENT",
            "invalid_request_error,rate_limit_exceeded,TRANSIENT",
            "invalid_request_error,inference_rate_limit_exceeded,TRANSIENT",
            "invalid_request_error,session_expired,EXPIRED",
            "invalid_request_error,call_id_not_found,CALL_GONE",
            "invalid_request_error,decision_already_made,CALL_GONE",
            "invalid_request_error,insufficient_quota,FATAL",
            "invalid_request_error,invalid_api_key,FATAL",
            "invalid_request_error,account_deactivated,FATAL",
            "invalid_request_error,billing_hard_limit_reached,FATAL",
            "invalid_request_error,model_not_found,FATAL",
            "invalid_request_error,invalid_model,FATAL",
            "invalid_request_error,invalid_intent,FATAL",
            "invalid_request_error,beta_api_shape_disabled,FATAL",
            "invalid_request_error,,REQUEST",
            "server_error,,TRANSIENT",
            ",,REQUEST" })
    @DisplayName("ERR-1 error events, row by row")
    void events(String type, String code, ErrorClass expected) {
        assertThat(ErrorClassifier.ofEvent(type, code, "message", false)).isEqualTo(expected);
    }

    @Test
    @DisplayName("ERR-1 an empty commit is a lost race under server turns, and a mistake elsewhere")
    void emptyCommit() {
        String code = "input_audio_buffer_commit_empty";
        assertThat(ErrorClassifier.ofEvent("invalid_request_error", code, null, true)).isEqualTo(ErrorClass.BENIGN);
        assertThat(ErrorClassifier.ofEvent("invalid_request_error", code, null, false)).isEqualTo(ErrorClass.REQUEST);
    }

    @Test
    @DisplayName("ERR-1 a cancellation without code that found nothing to cancel is harmless")
    void cancellationFailed() {
        assertThat(ErrorClassifier.ofEvent("invalid_request_error", null, "Cancellation failed: no active response found", false))
                .isEqualTo(ErrorClass.BENIGN);
    }

    @ParameterizedTest
    @CsvSource({
            "1000,,TRANSIENT", "1001,Your session hit the maximum duration of 60 minutes.,EXPIRED", "1001,,TRANSIENT",
            "1001,going away,TRANSIENT", "1005,,TRANSIENT", "1006,,TRANSIENT", "1011,,TRANSIENT", "1012,,TRANSIENT",
            "1013,,TRANSIENT", "1008,,FATAL", "1015,,FATAL", "3000,invalid_request_error.invalid_api_key,FATAL",
            "4000,invalid_request_error.invalid_model,FATAL" })
    @DisplayName("ERR-1 close codes; ROLL-4, ROLL-5 1001 is an expiry only with the duration as its reason")
    void closes(int code, String reason, ErrorClass expected) {
        assertThat(ErrorClassifier.ofClose(code, reason)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
            "0,TRANSIENT", "408,TRANSIENT", "429,TRANSIENT", "500,TRANSIENT", "502,TRANSIENT", "503,TRANSIENT", "504,TRANSIENT",
            "400,FATAL", "401,FATAL", "403,FATAL", "404,FATAL" })
    @DisplayName("ERR-1 handshake statuses")
    void statuses(int status, ErrorClass expected) {
        assertThat(ErrorClassifier.ofFailure(new TransportException("m", status, null, null, -1, null))).isEqualTo(expected);
    }

    static Stream<Arguments> causes() {
        return Stream.of(
                Arguments.of(new UnknownHostException("api"), ErrorClass.TRANSIENT),
                Arguments.of(new IOException("stream was reset"), ErrorClass.TRANSIENT),
                Arguments.of(new SocketTimeoutException("connect timed out"), ErrorClass.TRANSIENT),
                Arguments.of(new SSLPeerUnverifiedException("Hostname api not verified"), ErrorClass.FATAL),
                Arguments.of(new SSLHandshakeException("Received fatal alert: handshake_failure"), ErrorClass.FATAL),
                Arguments.of(new SSLHandshakeException("PKIX").initCause(new CertificateException("unknown")), ErrorClass.FATAL),
                // TLS was being spoken, but it is the line that broke
                Arguments.of(new SSLException("Connection reset", new SocketException("Connection reset")), ErrorClass.TRANSIENT),
                Arguments.of(new SSLHandshakeException("Remote host terminated the handshake").initCause(new EOFException()),
                        ErrorClass.TRANSIENT),
                Arguments.of(new SSLException("Read timed out", new SocketTimeoutException()), ErrorClass.TRANSIENT));
    }

    @ParameterizedTest
    @MethodSource("causes")
    @DisplayName("ERR-1 DNS and I/O pass, TLS that is refused does not, TLS cut off in the middle does")
    void causes(Throwable cause, ErrorClass expected) {
        assertThat(ErrorClassifier.ofFailure(new TransportException("m", cause))).isEqualTo(expected);
    }
}
