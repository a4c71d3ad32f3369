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
 * Where an event stands in the conversation: the user's words and everything they caused are one turn.
 *
 * @param number            of the turn in this session, from 1, over all its connections; 0 before the user has said anything
 * @param order             sorts the items of a session as they were said: the user's of a turn first, then what it caused, in
 *                          the order of its announcement. {@code null} for events that belong to no item
 * @param speechStartMillis where the user's speech of this turn starts in ms of the audio given; {@code null} if unknown,
 *                          and for turns that were typed
 */
public record Turn(long number, Long order, Long speechStartMillis) {
}
