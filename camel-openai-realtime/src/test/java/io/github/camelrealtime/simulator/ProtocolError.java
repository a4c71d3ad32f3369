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

/** What the client did wrong, on its way to becoming an {@code error} event. */
final class ProtocolError extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private static final int STAYS_OPEN = 0;
    private static final int UNAUTHORISED = 3000;
    private static final int FATAL_REQUEST = 4000;

    private final String code;
    private final String param;
    private final int closeCode;

    private ProtocolError(String code, String message, String param, int closeCode) {
        super(message, null, false, false);
        this.code = code;
        this.param = param;
        this.closeCode = closeCode;
    }

    /** An error after which the session goes on. Code and param may be null. */
    static ProtocolError of(String code, String message, String param) {
        return new ProtocolError(code, message, param, STAYS_OPEN);
    }

    static ProtocolError invalidValue(String message, String param) {
        return of("invalid_value", message, param);
    }

    static ProtocolError missing(String param) {
        return of("missing_required_parameter", "Missing required parameter: '" + param + "'.", param);
    }

    static ProtocolError unknown(String param) {
        return of("unknown_parameter", "Unknown parameter: '" + param + "'.", param);
    }

    /** An error after which the service closes with 4000 and {@code invalid_request_error.<code>}. */
    static ProtocolError fatal(String code, String message, String param) {
        return new ProtocolError(code, message, param, FATAL_REQUEST);
    }

    /** A close with 3000 that no event announces, as some gateways answer a wrong key. */
    static ProtocolError wrongKey() {
        return new ProtocolError("invalid_api_key", "Incorrect API key provided.", null, UNAUTHORISED);
    }

    String code() {
        return code;
    }

    String param() {
        return param;
    }

    boolean isFatal() {
        return closeCode != STAYS_OPEN;
    }

    /** The code with which a fatal one closes. */
    int closeCode() {
        return closeCode;
    }

    /** Whether an {@code error} event tells of it. */
    boolean isTold() {
        return closeCode != UNAUTHORISED;
    }
}
