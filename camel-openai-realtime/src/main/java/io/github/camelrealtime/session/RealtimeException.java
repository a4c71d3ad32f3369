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

import io.github.camelrealtime.event.Secrets;

/**
 * Something that went wrong with a session or with what was asked of it. Messages carry names, codes and ids, never
 * keys, audio or transcripts.
 */
public class RealtimeException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String sessionName;

    public RealtimeException(String sessionName, String message) {
        this(sessionName, message, null);
    }

    public RealtimeException(String sessionName, String message, Throwable cause) {
        // the service quotes keys in its error texts
        super(Secrets.mask(message), cause);
        this.sessionName = sessionName;
    }

    /** Logical name of the session. */
    public String getSessionName() {
        return sessionName;
    }
}
