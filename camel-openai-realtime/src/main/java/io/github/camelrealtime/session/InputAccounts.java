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
 * What became of the audio given to a session since it was opened, in samples of the wire's rate. Silence of our own making
 * counts nowhere. What was given and neither sent nor dropped waits, was said while muted, or is silence that our own
 * segmenter kept to itself.
 *
 * @param given     taken from sources
 * @param sent      handed to a connection, each sample once
 * @param settled   sent, and nothing more is wanted of it: its final transcript has come, a response was made of it, it was
 *                  cleared, or the service has gone past it as silence
 * @param resent    handed to a connection again after the one before was lost, each time counted
 * @param dropped   given and never made final: dropped by policy, or sent, lost with its connection and no longer in the ring
 * @param unsettled sent and not settled, which the ring still holds or which waits to be sent again
 */
public record InputAccounts(long given, long sent, long settled, long resent, long dropped, long unsettled) {
}
