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
package io.github.camelrealtime.examples.transcribe;

/**
 * One recording that was transcribed.
 *
 * @param file        its name
 * @param audioMillis length of the recording in ms
 * @param takenMillis ms from taking the file in hand until its transcript was there
 * @param words       words of the transcript
 * @param rate        against the reference; null if nobody wrote down what was said
 */
record Result(String file, long audioMillis, long takenMillis, int words, WordErrorRate rate) {
}
