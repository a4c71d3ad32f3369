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

/** What happens to the place of the default conversation; see {@link ResponseTable}. */
enum ResponseInput {
    /** Somebody waits who may ask now. */
    TURN("a request is first in the queue"),
    /** The service is going to begin a response by itself, or has begun one and did not say which. */
    OWED("`committed` ends a turn that the service answers itself (`create_response`), or `response.created` has no id"),
    /** The response that was asked for begins. */
    ANSWERED("`response.created` of the request that was sent"),
    /** Another response begins. */
    BEGUN("`response.created` of another response"),
    /** A response that was known to run is done. */
    ENDED("`response.done` of one that is known to run"),
    /** The response that was asked for is done, and never began. */
    SKIPPED("`response.done` of the request that was sent, without `created`"),
    /** Some response is done that was not known to run. */
    STRAY("`response.done` of one that is not known"),
    /** The request was refused, as a response runs. */
    REJECTED("`conversation_already_has_active_response` about the request that was sent"),
    /** The request that was sent is off. */
    DROPPED("the request that was sent is refused for another reason, could not leave, or was given up"),
    /** Nothing has come for the request that was sent. */
    UNANSWERED("nothing for the request that was sent, 10 s after it left"),
    /** All that is known to run has been cancelled. */
    CANCELLED("all that is known to run has been cancelled"),
    /** The time for what runs or is expected is over. */
    LATE("its time is over: 10 s for what is expected or cancelled (2 s where the service does not interrupt), "
         + "5 min for what runs"),
    /** The connection is lost, or another has taken its place. */
    CUT("the connection is lost, or another has taken its place");

    private final String meaning;

    ResponseInput(String meaning) {
        this.meaning = meaning;
    }

    /** For the documentation, in Markdown. */
    String meaning() {
        return meaning;
    }
}
