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
package io.github.camelrealtime.operation;

/** How far an operation has to be before its exchange goes on. Nothing that waits holds a thread. */
public enum Await {
    /** Not at all: the exchange goes on when the operation has been taken in. */
    NONE,
    /** Handed to the network. */
    SENT,
    /** The model's response is done. */
    RESPONSE,
    /** The service has made an item of the audio, or acknowledged what was asked. */
    COMMITTED,
    /** The transcript of that item is final. */
    COMPLETED
}
