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

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where the player is, as far as can be told: how much of each spoken part has been heard, and when the rest will have been.
 * In this order counts what is known of a part: what a sink says of it; what has been handed out at the pace of speech; else a
 * player is imagined that begins it when its first audio comes or when the part before is over, and never stops (INT-5).
 *
 * <p>Without a state of its own; the ledger's lock guards the parts.
 */
final class Playhead {

    /** What plays, and nobody can say how long yet. */
    static final long OPEN = Long.MAX_VALUE;
    /** A sink that has not told anything for this long after it should have come to the end is gone, in ms. */
    private static final long GONE_MILLIS = 2_000;

    private Playhead() {
    }

    /**
     * How much of each part was heard, in ms; a part that was cut keeps the player busy no longer (INT-6).
     *
     * @param parts in the order of their beginning
     */
    static Map<SpokenPart, Long> heard(Collection<SpokenPart> parts, long nowMillis) {
        Map<SpokenPart, Long> heard = new LinkedHashMap<>();
        long free = 0;
        for (SpokenPart part : parts) {
            long received = part.receivedMillis();
            if (part.settled) {
                heard.put(part, part.judgedMillis);
            } else if (part.toldMillis() != SpokenPart.NEVER) {
                long played = part.playedMillis(nowMillis);
                if (played > 0) {
                    // it plays them one after the other, so it is through with those before
                    heard.replaceAll((before, millis) -> before.settled ? millis : Long.valueOf(before.audibleMillis()));
                }
                heard.put(part, played);
                // the next one begins behind it, whenever that will be
                free = isOver(part, played) ? Math.max(free, endByTold(part)) : OPEN;
            } else if (part.isPaced()) {
                heard.put(part, part.audibleMillis());
                free = OPEN;
            } else if (part.firstMillis() == SpokenPart.NEVER) {
                heard.put(part, 0L);
            } else {
                long start = Math.max(free, part.firstMillis());
                heard.put(part, start >= nowMillis ? 0 : Math.min(nowMillis - start, received));
                free = start == OPEN ? OPEN : start + received;
            }
        }
        return heard;
    }

    /**
     * When all that has come will have been played, by {@link Timers#elapsedMillis}.
     *
     * @return 0 if nothing plays; {@link #OPEN} if something does and it cannot be said how long, as more is to come, or as its
     *         pace is not the clock's
     */
    static long until(Collection<SpokenPart> parts, long nowMillis) {
        long free = 0;
        for (SpokenPart part : parts) {
            if (part.settled || part.receivedBytes() == 0) {
                continue;
            }
            if (part.toldMillis() == SpokenPart.NEVER && part.isPaced()) {
                if (!part.handedOut) {
                    return OPEN;
                }
                continue;
            }
            if (!part.complete) {
                return OPEN;
            }
            free = part.toldMillis() == SpokenPart.NEVER
                    ? Math.max(free, part.firstMillis()) + part.receivedMillis()
                    : isOver(part, part.playedMillis(nowMillis)) ? free : endByTold(part) + GONE_MILLIS;
        }
        return free > nowMillis ? free : 0;
    }

    private static boolean isOver(SpokenPart part, long played) {
        return part.complete && played >= part.receivedMillis();
    }

    /** When it will have been played, or was, if the sink goes on from where it was last. */
    private static long endByTold(SpokenPart part) {
        return part.toldAt() + Math.max(0, part.receivedMillis() - part.toldMillis());
    }
}
