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

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Server events that a fault has do something else than leave: the next few of a type. On the session's lane. */
final class Tampering {

    private final Map<String, Plan> plans = new HashMap<>();

    /** @param by how late they are; null if they never come */
    void plan(String type, int times, Duration by) {
        plans.put(type, new Plan(times, by));
    }

    /** What becomes of the next event of this type; null if it leaves as it should. */
    Plan next(String type) {
        Plan plan = plans.isEmpty() ? null : plans.get(type);
        if (plan == null) {
            return null;
        }
        if (plan.left() == 1) {
            plans.remove(type);
        } else {
            plans.put(type, new Plan(plan.left() - 1, plan.by()));
        }
        return plan;
    }

    /**
     * A plan for some events.
     *
     * @param left how many of them
     * @param by   how late; null for lost
     */
    record Plan(int left, Duration by) {

        boolean isLoss() {
            return by == null;
        }
    }
}
