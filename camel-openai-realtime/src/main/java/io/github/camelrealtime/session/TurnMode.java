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

/** Who decides where a stretch of speech ends. */
public enum TurnMode {
    /** The service's voice activity detection commits. */
    SERVER,
    /** The route commits ({@code commit-audio}, {@code end-turn}). */
    MANUAL,
    /** Our own segmenter commits, for models that refuse turn detection. */
    CLIENT
}
