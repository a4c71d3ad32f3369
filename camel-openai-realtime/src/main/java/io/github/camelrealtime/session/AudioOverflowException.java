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

/** More audio waits to be sent than is allowed, and the overflow policy is to fail. */
public class AudioOverflowException extends RealtimeException {

    private static final long serialVersionUID = 1L;

    public AudioOverflowException(String sessionName, long queuedMillis, long maxMillis) {
        super(sessionName, "Session " + sessionName + ": " + queuedMillis + " ms of audio wait to be sent, allowed are "
                           + maxMillis + " ms (option maxQueuedAudio); the network is slower than the source, "
                           + "or choose another overflow policy");
    }
}
