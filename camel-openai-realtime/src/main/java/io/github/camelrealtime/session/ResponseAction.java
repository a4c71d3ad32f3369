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

/** What is done at a transition; see {@link ResponseTable}. */
enum ResponseAction {
    NOTHING("nothing"),
    ASK("the request is given to the outbox, what is said with it first"),
    AWAIT("its `created` is waited for"),
    OWE("remembered until what runs is done, then waited for"),
    RUN("noted by its id until it is done; it covers the turn that was owed"),
    FREE("forgotten; whoever waits for it has the answer"),
    REPEAT("the request goes back to the head of the queue"),
    FAIL("the request fails; should it begin after all, it is cancelled by its id"),
    HURRY("its `done` is waited for no longer than 10 s"),
    CANCEL("cancelled by its id"),
    FORGET("no longer waited for; a turn that the service left unanswered is asked about");

    private final String meaning;

    ResponseAction(String meaning) {
        this.meaning = meaning;
    }

    /** For the documentation, in Markdown. */
    String meaning() {
        return meaning;
    }
}
