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

/** The session is not there: never opened, closed, lost while somebody waited, or refused by the service. */
public class SessionClosedException extends RealtimeException {

    private static final long serialVersionUID = 1L;

    private final int closeCode;
    private final boolean fatal;

    public SessionClosedException(String sessionName, String message, int closeCode, boolean fatal, Throwable cause) {
        super(sessionName, message, cause);
        this.closeCode = closeCode;
        this.fatal = fatal;
    }

    public SessionClosedException(String sessionName, String message) {
        this(sessionName, message, 0, false, null);
    }

    /** WebSocket close code, or 0 if there was none. */
    public int getCloseCode() {
        return closeCode;
    }

    /** Whether dialling again is pointless until somebody changes key, model or account (wire reference §7.3). */
    public boolean isFatal() {
        return fatal;
    }
}
