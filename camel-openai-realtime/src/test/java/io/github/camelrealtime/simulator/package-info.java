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
/**
 * A double of the OpenAI Realtime API for tests: no key, no network, the same frames every time.
 *
 * <pre>
 * &#64;RegisterExtension
 * final RealtimeSimulatorExtension simulator = RealtimeSimulatorExtension.with(Scenario.builder()
 *         .onText("train", Reply.functionCall("find_train", "{\"to\":\"Ghent\"}"))
 *         .onToolOutput("IC 540", Reply.text("Take the IC 540."))
 *         .build());
 * </pre>
 *
 * <p>Point the client at {@link io.github.camelrealtime.simulator.RealtimeSimulator#baseUrl()} with the key
 * {@code sk-simulator}. What crossed the wire is in {@link io.github.camelrealtime.simulator.SimulatedSession}. Transcripts
 * name the samples they were made of ({@link io.github.camelrealtime.simulator.EchoTranscriber}), so that lost or doubled
 * audio shows. With a {@link io.github.camelrealtime.simulator.VirtualClock} hours pass in milliseconds.
 *
 * <p>It is written against the wire alone and shares no code with the component. Inside, a
 * {@code HandshakeGuard} admits connections; each becomes a {@code SimulatedSession}, whose rooms (configuration, input
 * audio, conversation, responses, transcriptions) work on one {@code SerialLane} and need no locks. Faults that no
 * well-behaved WebSocket library can make are in the {@code fault} package.
 */
package io.github.camelrealtime.simulator;
