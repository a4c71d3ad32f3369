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

/**
 * What an accepted handshake asks for.
 *
 * @param type            kind of session
 * @param model           the conversation's model; null in a transcription session
 * @param ambiguousIntent intent and model were both given
 * @param refusal         null, or why the service opens the socket only to close it with 4000
 */
record SessionRequest(SessionType type, String model, boolean ambiguousIntent, ProtocolError refusal) {
}
