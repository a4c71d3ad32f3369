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

/** What the default conversation is in, as far as responses go; see {@link ResponseTable}. */
enum ResponseState {
    /** No response runs and none is expected: whoever is next may ask. */
    IDLE("no response runs, none is expected: whoever is next may ask"),
    /** A response of the service's own is on its way, or one runs that we have not seen. */
    EXPECTED("the service is about to begin a response by itself, or says that it runs one that we have not seen"),
    /** We have asked, and nothing has begun. */
    ASKED("`response.create` was given to the outbox, and nothing has begun"),
    /** We have asked, and something else runs or is expected: one of both will be refused. */
    CONTESTED("we have asked, and something else runs or is expected: we shall be refused, or answered next"),
    /** A response runs, ours or not. */
    ACTIVE("a response runs, ours or the service's own"),
    /** What runs has been cancelled. */
    CANCELLING("what runs has been cancelled, by us or by the service, and is not done");

    private final String meaning;

    ResponseState(String meaning) {
        this.meaning = meaning;
    }

    /** For the documentation, in Markdown. */
    String meaning() {
        return meaning;
    }
}
