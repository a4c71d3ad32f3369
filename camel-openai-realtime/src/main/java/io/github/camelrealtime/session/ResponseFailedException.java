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

/** A response ended with another status than {@code completed} (wire reference §5.3). */
public class ResponseFailedException extends RealtimeException {

    private static final long serialVersionUID = 1L;

    private final String responseId;
    private final String status;
    private final String reason;
    private final String code;

    public ResponseFailedException(String sessionName, String responseId, String status, String reason, String code) {
        super(sessionName, "Session " + sessionName + ": response " + responseId + " ended " + status
                           + (reason == null ? "" : ", reason " + reason) + (code == null ? "" : ", code " + code));
        this.responseId = responseId;
        this.status = status;
        this.reason = reason;
        this.code = code;
    }

    public String getResponseId() {
        return responseId;
    }

    /** {@code cancelled}, {@code failed} or {@code incomplete}. */
    public String getStatus() {
        return status;
    }

    /** Such as {@code turn_detected} or {@code max_output_tokens}, may be {@code null}. */
    public String getReason() {
        return reason;
    }

    /** Error code of a failed response, may be {@code null}. */
    public String getCode() {
        return code;
    }
}
