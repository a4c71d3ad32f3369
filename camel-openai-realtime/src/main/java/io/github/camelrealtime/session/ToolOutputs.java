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

/** Who knows what became of the calls of tools that have no output yet when a connection is replaced (ROLL-16). */
interface ToolOutputs {

    /** The output of a call, if it is there by now; {@code null} if not. Must not block. */
    String of(String callId);

    /** Whether the output waits to be sent, so that it leaves by the next connection without anybody's help. */
    boolean isWaiting(String callId);
}
