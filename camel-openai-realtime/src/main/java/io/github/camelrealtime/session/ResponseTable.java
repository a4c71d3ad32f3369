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

import java.util.EnumMap;
import java.util.Map;

import static io.github.camelrealtime.session.ResponseAction.ASK;
import static io.github.camelrealtime.session.ResponseAction.AWAIT;
import static io.github.camelrealtime.session.ResponseAction.CANCEL;
import static io.github.camelrealtime.session.ResponseAction.FAIL;
import static io.github.camelrealtime.session.ResponseAction.FORGET;
import static io.github.camelrealtime.session.ResponseAction.FREE;
import static io.github.camelrealtime.session.ResponseAction.HURRY;
import static io.github.camelrealtime.session.ResponseAction.NOTHING;
import static io.github.camelrealtime.session.ResponseAction.OWE;
import static io.github.camelrealtime.session.ResponseAction.REPEAT;
import static io.github.camelrealtime.session.ResponseAction.RUN;
import static io.github.camelrealtime.session.ResponseInput.ANSWERED;
import static io.github.camelrealtime.session.ResponseInput.BEGUN;
import static io.github.camelrealtime.session.ResponseInput.CANCELLED;
import static io.github.camelrealtime.session.ResponseInput.CUT;
import static io.github.camelrealtime.session.ResponseInput.DROPPED;
import static io.github.camelrealtime.session.ResponseInput.ENDED;
import static io.github.camelrealtime.session.ResponseInput.LATE;
import static io.github.camelrealtime.session.ResponseInput.OWED;
import static io.github.camelrealtime.session.ResponseInput.REJECTED;
import static io.github.camelrealtime.session.ResponseInput.SKIPPED;
import static io.github.camelrealtime.session.ResponseInput.STRAY;
import static io.github.camelrealtime.session.ResponseInput.TURN;
import static io.github.camelrealtime.session.ResponseInput.UNANSWERED;
import static io.github.camelrealtime.session.ResponseState.ACTIVE;
import static io.github.camelrealtime.session.ResponseState.ASKED;
import static io.github.camelrealtime.session.ResponseState.CANCELLING;
import static io.github.camelrealtime.session.ResponseState.CONTESTED;
import static io.github.camelrealtime.session.ResponseState.EXPECTED;
import static io.github.camelrealtime.session.ResponseState.IDLE;

/**
 * The state machine of the default conversation: which state follows on which, and what is done at it. {@link ResponsePlace}
 * goes by it and by nothing else. Where a cell is empty nothing changes. "rest" is whatever is left: {@code CONTESTED} or
 * {@code ASKED} if a request is out, else {@code ACTIVE} or {@code CANCELLING} if a response is known to run, else
 * {@code EXPECTED} if one is owed, else {@code IDLE}.
 *
 * <!-- table: responses -->
 * <table>
 * <caption>State, and action, that follow</caption>
 * <tr><th></th><th>IDLE</th><th>EXPECTED</th><th>ASKED</th><th>CONTESTED</th><th>ACTIVE</th><th>CANCELLING</th></tr>
 * <tr><th>TURN</th>
 * <td>ASKED, ask</td> <td></td> <td></td>
 * <td></td> <td></td> <td></td></tr>
 * <tr><th>OWED</th>
 * <td>EXPECTED, await</td> <td>EXPECTED, await</td> <td>CONTESTED, await</td>
 * <td>CONTESTED, await</td> <td>ACTIVE, owe</td> <td>CANCELLING, owe</td></tr>
 * <tr><th>ANSWERED</th>
 * <td></td> <td></td> <td>ACTIVE, run</td>
 * <td>ACTIVE, run</td> <td></td> <td></td></tr>
 * <tr><th>BEGUN</th>
 * <td>ACTIVE, run</td> <td>ACTIVE, run</td> <td>CONTESTED, run</td>
 * <td>CONTESTED, run</td> <td>ACTIVE, run</td> <td>ACTIVE, run</td></tr>
 * <tr><th>ENDED</th>
 * <td></td> <td></td> <td></td>
 * <td>rest, free</td> <td>rest, free</td> <td>rest, free</td></tr>
 * <tr><th>SKIPPED</th>
 * <td></td> <td></td> <td>rest, free</td>
 * <td>rest, free</td> <td></td> <td></td></tr>
 * <tr><th>STRAY</th>
 * <td></td> <td>rest, free</td> <td></td>
 * <td>rest, free</td> <td></td> <td></td></tr>
 * <tr><th>REJECTED</th>
 * <td></td> <td></td> <td>EXPECTED, repeat</td>
 * <td>rest, repeat</td> <td></td> <td></td></tr>
 * <tr><th>DROPPED</th>
 * <td></td> <td></td> <td>rest, free</td>
 * <td>rest, free</td> <td></td> <td></td></tr>
 * <tr><th>UNANSWERED</th>
 * <td></td> <td></td> <td>rest, fail</td>
 * <td>rest, repeat</td> <td></td> <td></td></tr>
 * <tr><th>CANCELLED</th>
 * <td></td> <td></td> <td></td>
 * <td>CONTESTED, hurry</td> <td>CANCELLING, hurry</td> <td></td></tr>
 * <tr><th>LATE</th>
 * <td></td> <td>rest, forget</td> <td></td>
 * <td>rest, forget</td> <td>CANCELLING, cancel</td> <td>rest, forget</td></tr>
 * <tr><th>CUT</th>
 * <td>rest, forget</td> <td>rest, forget</td> <td>rest, forget</td>
 * <td>rest, forget</td> <td>rest, forget</td> <td>rest, forget</td></tr>
 * </table>
 * <!-- end of table -->
 *
 * <p>The tables here and in {@code docs/architecture.md} are made from this class.
 */
final class ResponseTable {

    /**
     * One cell.
     *
     * @param target {@code null} for whatever is left
     */
    record Step(ResponseState target, ResponseAction action) {
    }

    private static final Map<ResponseState, Map<ResponseInput, Step>> STEPS = new EnumMap<>(ResponseState.class);

    static {
        on(IDLE, TURN, ASKED, ASK);
        on(IDLE, OWED, EXPECTED, AWAIT);
        on(IDLE, BEGUN, ACTIVE, RUN);

        on(EXPECTED, OWED, EXPECTED, AWAIT);
        on(EXPECTED, BEGUN, ACTIVE, RUN);
        on(EXPECTED, STRAY, null, FREE);
        on(EXPECTED, LATE, null, FORGET);

        on(ASKED, OWED, CONTESTED, AWAIT);
        on(ASKED, ANSWERED, ACTIVE, RUN);
        on(ASKED, BEGUN, CONTESTED, RUN);
        on(ASKED, SKIPPED, null, FREE);
        on(ASKED, REJECTED, EXPECTED, REPEAT);
        on(ASKED, DROPPED, null, FREE);
        on(ASKED, UNANSWERED, null, FAIL);

        on(CONTESTED, OWED, CONTESTED, AWAIT);
        on(CONTESTED, ANSWERED, ACTIVE, RUN);
        on(CONTESTED, BEGUN, CONTESTED, RUN);
        on(CONTESTED, ENDED, null, FREE);
        on(CONTESTED, SKIPPED, null, FREE);
        on(CONTESTED, STRAY, null, FREE);
        on(CONTESTED, REJECTED, null, REPEAT);
        on(CONTESTED, DROPPED, null, FREE);
        on(CONTESTED, UNANSWERED, null, REPEAT);
        on(CONTESTED, CANCELLED, CONTESTED, HURRY);
        on(CONTESTED, LATE, null, FORGET);

        on(ACTIVE, OWED, ACTIVE, OWE);
        on(ACTIVE, BEGUN, ACTIVE, RUN);
        on(ACTIVE, ENDED, null, FREE);
        on(ACTIVE, CANCELLED, CANCELLING, HURRY);
        on(ACTIVE, LATE, CANCELLING, CANCEL);

        on(CANCELLING, OWED, CANCELLING, OWE);
        on(CANCELLING, BEGUN, ACTIVE, RUN);
        on(CANCELLING, ENDED, null, FREE);
        on(CANCELLING, LATE, null, FORGET);

        for (ResponseState state : ResponseState.values()) {
            on(state, CUT, null, FORGET);
        }
    }

    private ResponseTable() {
    }

    private static void on(ResponseState state, ResponseInput input, ResponseState target, ResponseAction action) {
        STEPS.computeIfAbsent(state, any -> new EnumMap<>(ResponseInput.class)).put(input, new Step(target, action));
    }

    /** What follows; where the table says nothing, the state stays and nothing is done. */
    static Step step(ResponseState state, ResponseInput input) {
        return STEPS.get(state).getOrDefault(input, new Step(state, NOTHING));
    }
}
