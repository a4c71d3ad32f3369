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

import java.util.function.Consumer;

/**
 * A test's own doing.
 *
 * @param type   client event type
 * @param nth    at its nth arrival, from 1; 0 at every one
 * @param action run on the session's lane before the event is processed
 */
record EventHook(String type, int nth, Consumer<SimulatedSession> action) {
}
