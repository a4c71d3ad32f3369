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

/** What happens to audio for the model when more than the allowed ms of it wait to be sent. */
public enum Overflow {
    /** The exchange waits (no thread does). */
    BLOCK,
    /** The audio that has waited longest is dropped and counted. */
    DROP_OLDEST,
    /** The audio that does not fit is dropped and counted. */
    DROP_NEWEST,
    /** The exchange fails. */
    FAIL
}
