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

/**
 * How fast the audio of a stream is given to the session, against its own media time.
 *
 * @param factor 1 = as fast as it is spoken, 2 = twice as fast; 0 = as fast as it is taken; negative = by the kind of source
 */
public record Pacing(double factor) {

    /** {@link #REALTIME} for live sources, {@link #ASAP} for all others. */
    public static final Pacing AUTO = new Pacing(-1);
    public static final Pacing ASAP = new Pacing(0);
    public static final Pacing REALTIME = new Pacing(1);

    /**
     * Reads {@code auto}, {@code asap}, {@code realtime} or a factor such as {@code 1.5}.
     *
     * @throws IllegalArgumentException if it is none of these
     */
    public static Pacing parse(String text) {
        switch (text) {
            case "auto":
                return AUTO;
            case "asap":
                return ASAP;
            case "realtime":
                return REALTIME;
            default:
                break;
        }
        try {
            double factor = Double.parseDouble(text);
            if (factor > 0 && Double.isFinite(factor)) {
                return new Pacing(factor);
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException("Option pacing: " + text + " is neither auto, asap, realtime nor a positive factor");
    }

    /**
     * The pace of one source.
     *
     * @param live whether it is one of which nobody can say how much comes and when
     */
    Pacing of(boolean live) {
        return factor >= 0 ? this : live ? REALTIME : ASAP;
    }

    /**
     * When the audio after {@code mediaMillis} is due, in ns from the start of the stream. Computed from the start each time:
     * a source that sleeps chunk by chunk drifts.
     */
    long dueNanos(long mediaMillis) {
        return factor <= 0 ? 0 : (long) (mediaMillis * 1_000_000L / factor);
    }

    /** In the words of the option. */
    @Override
    public String toString() {
        return factor < 0 ? "auto" : factor == 0 ? "asap" : factor == 1 ? "realtime" : String.valueOf(factor);
    }
}
