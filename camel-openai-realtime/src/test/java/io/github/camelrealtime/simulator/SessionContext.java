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
 * What the rooms of one session share. All of it is touched on the session's lane only.
 *
 * @param sessionId    {@code sess_…}
 * @param scenario     how to behave
 * @param ids          source of ids
 * @param timer        delayed work
 * @param downlink     to the client
 * @param config       effective configuration
 * @param conversation the default conversation
 * @param background   slow work
 */
record SessionContext(String sessionId, Scenario scenario, Ids ids, LaneTimer timer, Downlink downlink, SessionConfig config,
        Conversation conversation, Background background) {

    /** How the scenario wants it. */
    Behaviour behaviour() {
        return scenario.behaviour();
    }
}
