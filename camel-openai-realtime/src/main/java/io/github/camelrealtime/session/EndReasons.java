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

import io.github.camelrealtime.transport.TransportException;

/** Why a session is not there, in words. */
final class EndReasons {

    private EndReasons() {
    }

    static SessionClosedException notOpen(String name) {
        return new SessionClosedException(name, "Session " + name + " is not open (operation open-session opens it)");
    }

    static SessionClosedException closing(String name) {
        return new SessionClosedException(name, "Session " + name + " is being closed");
    }

    static SessionClosedException closed(String name) {
        return new SessionClosedException(name, "Session " + name + " was closed");
    }

    static SessionClosedException retired(String name) {
        return new SessionClosedException(
                name, "Session " + name + " was closed for good; a new one takes its name when it is next needed");
    }

    /** No connection could even be tried: credentials are missing, the address is wrong. */
    static SessionClosedException notOpened(String name, RuntimeException cause) {
        return new SessionClosedException(name, "Session " + name + " cannot be opened: " + cause.getMessage(), 0, true, cause);
    }

    static SessionClosedException notConfirmed(String name, long timeoutMillis) {
        return new SessionClosedException(
                name, "Session " + name + ": the service did not confirm the configuration within " + timeoutMillis
                      + " ms (option sessionReadyTimeout)");
    }

    static SessionClosedException notConfigured(String name, Exception cause, boolean fatal) {
        return new SessionClosedException(
                name, "Session " + name + " cannot be configured: " + cause.getMessage(), 0, fatal, cause);
    }

    static SessionClosedException notReplayed(String name, Throwable cause) {
        return new SessionClosedException(
                name, "Session " + name + ": the conversation so far could not be restored: " + cause.getMessage(), 0, false, cause);
    }

    /** For whoever waits for a response that ran on a connection whose place another has taken. */
    static SessionReconnectingException drained(String name, boolean alive) {
        return new SessionReconnectingException(new SessionClosedException(
                name, "Session " + name + ": the connection by which the response came "
                      + (alive ? "was closed, as it did not end in time after another had taken its place (option "
                                 + "transcriptTimeout)"
                              : "is gone before its end")));
    }

    /** The service says so itself, whether or not it closes the connection. */
    static SessionClosedException expired(String name, String message) {
        return new SessionClosedException(name, "Session " + name + ": the service ends it: " + message);
    }

    static SessionClosedException closedByService(String name, int code, String reason, ErrorClass kind) {
        return new SessionClosedException(
                name, "Session " + name + ": the service closed the connection with " + code
                      + (reason == null || reason.isEmpty() ? "" : ", reason: " + reason),
                code, kind == ErrorClass.FATAL, null);
    }

    /** The connection stands, and that is all that can be said of it. */
    static SessionClosedException silent(String name, String owed, long timeoutMillis) {
        return new SessionClosedException(
                name, "Session " + name + ": the service owes " + owed + " and has said nothing for " + timeoutMillis
                      + " ms (option livenessTimeout)");
    }

    static SessionClosedException unanswered(String name, long timeoutMillis) {
        return new SessionClosedException(
                name, "Session " + name + ": the service did not answer a commit within " + timeoutMillis
                      + " ms (option itemAckTimeout)");
    }

    static SessionClosedException notTaken(String name, long queuedBytes, long timeoutMillis) {
        return new SessionClosedException(
                name, "Session " + name + ": " + queuedBytes + " bytes wait to be sent and the service has taken nothing for "
                      + timeoutMillis + " ms (option sendTimeout)");
    }

    /** Of what is sent again the beginning is gone. */
    static SessionClosedException torn(String name, long keptMillis) {
        return new SessionClosedException(
                name, "Session " + name + ": the connection is gone, and of the audio that it got more than the last "
                      + keptMillis + " ms would have to be sent again (option maxUnsettledAudio)");
    }

    static SessionClosedException restarted(String name) {
        return new SessionClosedException(name, "Session " + name + " is restarted");
    }

    /** What makes another attempt pointless in one place is no reason not to make one in another. */
    static SessionClosedException elsewhere(SessionClosedException reason) {
        return reason.isFatal() ? new SessionClosedException(
                reason.getSessionName(), reason.getMessage(), reason.getCloseCode(), false, reason) : reason;
    }

    /** The last straw after many. */
    static SessionClosedException tooOften(SessionClosedException last, int budget) {
        return new SessionClosedException(
                last.getSessionName(), last.getMessage() + "; it has been connected anew " + budget
                                       + " times already (option maxReconnects)",
                last.getCloseCode(), false, last);
    }

    static SessionClosedException failed(String name, TransportException problem, ErrorClass kind) {
        return new SessionClosedException(
                name, "Session " + name + ": " + problem.getMessage(), 0, kind == ErrorClass.FATAL, problem);
    }
}
