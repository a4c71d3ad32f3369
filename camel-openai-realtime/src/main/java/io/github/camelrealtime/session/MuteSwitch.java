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

import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;

import io.github.camelrealtime.audio.AudioFormat;

/**
 * Keeps a speaker from being heard (AIN-15). It belongs to the session and outlives its connections. Any thread may turn
 * it.
 */
final class MuteSwitch {

    private static final byte[] NOTHING = new byte[0];

    private final AudioFormat format;
    private final MuteMode mode;
    private final byte silence;
    private final LongAdder mutedBytes = new LongAdder();
    private volatile boolean on;
    private volatile BooleanSupplier unheard = () -> false;

    /**
     * @param format of the audio: mono, 16 bit or G.711
     * @param mode   what becomes of it
     */
    MuteSwitch(AudioFormat format, MuteMode mode) {
        this.format = format;
        this.mode = mode;
        // in all formats silence is one byte value, over and over
        this.silence = format.silence(1)[0];
    }

    void turn(boolean muted) {
        on = muted;
    }

    /** As long as this is true nobody is heard either; asked for each piece of audio. */
    void alsoWhile(BooleanSupplier condition) {
        unheard = condition;
    }

    boolean isOn() {
        return on;
    }

    /** What may be heard of this audio. The array is the caller's own and may be changed. */
    byte[] pass(byte[] audio) {
        if (audio.length == 0 || !on && !unheard.getAsBoolean()) {
            return audio;
        }
        mutedBytes.add(audio.length);
        if (mode == MuteMode.DROP) {
            return NOTHING;
        }
        Arrays.fill(audio, silence);
        return audio;
    }

    /** Audio given while muted, ms. */
    long mutedMillis() {
        return format.millisOf(mutedBytes.sum());
    }
}
