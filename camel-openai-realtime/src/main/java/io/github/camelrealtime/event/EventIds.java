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
package io.github.camelrealtime.event;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Ids of client events. The service repeats them in the errors they cause, so each must be unique: a random word per
 * JVM, then a counter.
 */
final class EventIds {

    /** What the service accepts, in characters. */
    static final int MAX_LENGTH = 512;

    private static final String PREFIX
            = "evt_" + Long.toString(ThreadLocalRandom.current().nextLong(1L << 40, 1L << 41), Character.MAX_RADIX) + "_";
    private static final AtomicLong COUNTER = new AtomicLong();

    private EventIds() {
    }

    static String next() {
        return PREFIX + Long.toString(COUNTER.incrementAndGet(), Character.MAX_RADIX);
    }

    /** An id for an item: at most 32 characters (trap T-27), 128 random bits, as replicas may share a conversation. */
    static String nextItem() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return "itm_" + Long.toUnsignedString(random.nextLong(), Character.MAX_RADIX)
               + Long.toUnsignedString(random.nextLong(), Character.MAX_RADIX);
    }

    static String checked(String id) {
        if (id == null || id.isBlank()) {
            throw new IllegalArgumentException("event_id is blank: leave it out to have one made");
        }
        if (id.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "event_id has " + id.length() + " characters, the service accepts at most " + MAX_LENGTH);
        }
        return id;
    }
}
