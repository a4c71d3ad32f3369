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
 * Audio of one committed item, as a transcriber gets it.
 *
 * @param sessionId   the session that was given the audio
 * @param firstSample its place in the audio of that session, in samples since the first append
 * @param samples     how many
 * @param pcm16       signed 16-bit little-endian mono, two bytes a sample; not to be changed
 * @param sampleRate  24000 Hz, or 8000 Hz for decoded G.711
 */
public record AudioClip(String sessionId, long firstSample, long samples, byte[] pcm16, int sampleRate) {

    /** How long it sounds, rounded down. */
    public long millis() {
        return samples * 1000 / sampleRate;
    }
}
