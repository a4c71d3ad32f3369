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

/**
 * An error as the service reports it.
 *
 * @param sessionName logical name of the session
 * @param type        {@code error.type} of an {@code error} event, else {@code null}
 * @param code        {@code error.code} of an {@code error} event, may be {@code null}
 * @param message     message of an {@code error} event, reason of a close, or what went wrong with the connection; may be
 *                    {@code null}
 * @param closeCode   WebSocket close code, 0 if it is not about a close
 * @param httpStatus  status of a refused handshake, 0 if it is not about one
 * @param usual       what it is taken for unless a {@link RealtimeErrorClassifier} says otherwise
 */
public record ReportedError(
        String sessionName, String type, String code, String message, int closeCode, int httpStatus, ErrorClass usual) {
}
