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
package io.github.camelrealtime.operation;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

import io.github.camelrealtime.session.RealtimeException;
import io.github.camelrealtime.session.RealtimeSession;

/** What goes where: refused before anything is sent. */
final class OperationRules {

    /** Those that ask the model for an answer. */
    private static final Set<Operation> ASKING
            = EnumSet.of(Operation.SEND_TEXT, Operation.CREATE_RESPONSE, Operation.END_TURN);

    private OperationRules() {
    }

    /** Whether it asks the model for an answer. */
    static boolean asks(Operation operation) {
        return ASKING.contains(operation);
    }

    /**
     * Whether the operation is possible here.
     *
     * @throws RealtimeException        if the session's type does not know it
     * @throws IllegalArgumentException if what is waited for would never come
     */
    static void check(Operation operation, OperationContext context) throws RealtimeException {
        RealtimeSession session = context.session();
        if (!SessionKinds.isPossible(operation, session.config().type())) {
            throw new RealtimeException(
                    session.name(), "Session " + session.name() + ": operation " + operation.value() + " needs a realtime "
                                    + "session, this one is a " + session.config().type().wireName() + " session");
        }
        Await await = context.settings().await();
        if (ASKING.contains(operation)
                && (await == Await.COMPLETED || await == Await.COMMITTED && operation != Operation.END_TURN)) {
            throw new IllegalArgumentException(
                    "await=" + await.name().toLowerCase(Locale.ROOT) + " has no meaning for " + operation.value()
                                               + "; await=response waits for the answer");
        }
        boolean asks = ASKING.contains(operation)
                && (operation != Operation.SEND_TEXT || context.settings().createResponse());
        // transcribe has an answer of its own, which is always waited for
        if (await == Await.RESPONSE && !asks && operation != Operation.TRANSCRIBE) {
            throw new IllegalArgumentException(
                    "await=response has no meaning for " + operation.value() + (operation == Operation.SEND_TEXT
                            ? " with createResponse=false" : "; operation=create-response waits for a response"));
        }
    }
}
