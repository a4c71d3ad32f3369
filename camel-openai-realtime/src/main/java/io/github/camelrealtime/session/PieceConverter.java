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

import io.github.camelrealtime.audio.AudioConverter;
import io.github.camelrealtime.audio.AudioFormat;

/**
 * Converts a stream that comes in pieces, each in an exchange of its own: an odd byte and the state of the resampler pass
 * from one piece to the next, so that the seams cannot be heard. Not thread-safe.
 */
final class PieceConverter {

    private static final byte[] NOTHING = new byte[0];

    private final AudioFormat to;
    private AudioFormat from;
    private AudioConverter converter;
    /** The incomplete frame at the end of the last piece. */
    private byte[] odd = NOTHING;

    PieceConverter(AudioFormat to) {
        this.to = to;
    }

    /** Whether pieces of that format go on where the last one ended. */
    boolean goesOn(AudioFormat format) {
        return converter != null && format.equals(from);
    }

    /** Converts the next piece. If its format is another one, {@link #end} comes first. */
    byte[] convert(AudioFormat format, byte[] audio, int offset, int length) {
        if (!goesOn(format)) {
            from = format;
            converter = new AudioConverter(format, to);
            odd = NOTHING;
        }
        remember(audio, offset, length);
        return converter.convert(audio, offset, length);
    }

    private void remember(byte[] audio, int offset, int length) {
        int left = (odd.length + length) % from.bytesPerFrame();
        int fresh = Math.min(left, length);
        // a piece that does not complete the frame only adds to it
        byte[] incomplete = Arrays.copyOf(odd, left);
        System.arraycopy(audio, offset + length - fresh, incomplete, left - fresh, fresh);
        odd = incomplete;
    }

    /** Gives what the filter still holds, as a turn ends here though the stream goes on. */
    byte[] turnOver() {
        if (converter == null) {
            return NOTHING;
        }
        byte[] rest = converter.finish();
        converter = new AudioConverter(from, to);
        converter.convert(odd, 0, odd.length);
        return rest;
    }

    /** Ends the stream and gives what the filter still holds; half a sample is no sound and is left out. */
    byte[] end() {
        byte[] rest = converter == null ? NOTHING : converter.finish();
        converter = null;
        odd = NOTHING;
        return rest;
    }
}
