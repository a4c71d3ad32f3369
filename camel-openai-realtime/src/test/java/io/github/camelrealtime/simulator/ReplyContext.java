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
 * What the simulated model is asked: the latest of the user's items or tool outputs that a response answers.
 *
 * @param kind        what the latest input is
 * @param text        the user's text, the tool's output, or the words heard if the scenario listens; empty for nothing
 * @param audioMillis how long the user's audio is; 0 unless the kind is audio
 * @param response    how many responses this session had before
 */
public record ReplyContext(Kind kind, String text, long audioMillis, int response) {

    /** Kinds of input. */
    public enum Kind {
        TEXT, AUDIO, TOOL_OUTPUT, NOTHING
    }
}
