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

/** The service answered a client event with an {@code error} event (wire reference §7.3). The session lives on. */
public class RequestRefusedException extends RealtimeException {

    private static final long serialVersionUID = 1L;

    private final String type;
    private final String code;
    private final String param;
    private final String eventId;

    public RequestRefusedException(String sessionName, String type, String code, String message, String param,
                                   String eventId) {
        super(sessionName, "Session " + sessionName + ": the service refused the request: " + message
                           + " (type " + type + ", code " + code + (param == null ? "" : ", param " + param) + ")");
        this.type = type;
        this.code = code;
        this.param = param;
        this.eventId = eventId;
    }

    /** {@code error.type}, such as {@code invalid_request_error}. */
    public String getType() {
        return type;
    }

    /** {@code error.code}, may be {@code null}. */
    public String getCode() {
        return code;
    }

    /** {@code error.param}: the member at fault, may be {@code null}. */
    public String getParam() {
        return param;
    }

    /** Id of the client event that was refused, may be {@code null}. */
    public String getEventId() {
        return eventId;
    }
}
