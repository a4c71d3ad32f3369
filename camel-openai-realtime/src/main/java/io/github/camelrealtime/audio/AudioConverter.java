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
package io.github.camelrealtime.audio;

import io.github.camelrealtime.audio.AudioFormat.Encoding;

/**
 * Converts one stream of sound to what a session takes: decode, mix down to mono, resample, round to 16 bit, encode.
 * Where both formats are the same the bytes pass through untouched.
 *
 * <p>Input may be cut anywhere, in the middle of a sample too: what does not make a whole frame waits for the next call.
 * The same bytes give the same result however they are cut. The result has exactly {@code ceil(frames * outRate / inRate)}
 * frames once {@link #finish()} has been called, and needs no delay to be removed. Memory is flat; a call allocates
 * nothing but the array it returns. Not thread-safe: one per stream.
 */
public final class AudioConverter {

    private static final int BLOCK_FRAMES = 512;
    private static final byte[] NOTHING = new byte[0];

    private final AudioFormat from;
    private final AudioFormat to;
    private final boolean passThrough;
    private final Downmix downmix;
    private final Resampler resampler;
    private final float[] decoded;
    private final float[] resampled;
    /** The incomplete frame at the end of the previous call. */
    private final byte[] carry;
    private int carried;
    private boolean finished;

    /**
     * @param  from                     what comes in
     * @param  to                       what goes out: mono {@link Encoding#PCM_S16_LE}, {@link Encoding#PCMU} or
     *                                  {@link Encoding#PCMA} of any rate, or the very format that comes in
     * @throws IllegalArgumentException if we do not convert to {@code to}
     */
    public AudioConverter(AudioFormat from, AudioFormat to) {
        this.from = from;
        this.to = to;
        passThrough = from.equals(to);
        if (!passThrough && !isTarget(to)) {
            throw new IllegalArgumentException(
                    "Cannot convert " + from + " to " + to + ": the result must be mono pcm16, pcmu or pcma");
        }
        carry = new byte[from.bytesPerFrame()];
        downmix = new Downmix(from);
        if (passThrough) {
            resampler = null;
            decoded = null;
            resampled = null;
        } else {
            decoded = new float[BLOCK_FRAMES * from.channels()];
            if (from.sampleRate() == to.sampleRate()) {
                resampler = null;
                resampled = decoded;
            } else {
                resampler = new Resampler(from.sampleRate(), to.sampleRate());
                resampled = new float[(int) ((long) BLOCK_FRAMES * to.sampleRate() / from.sampleRate()) + 1];
            }
        }
    }

    private static boolean isTarget(AudioFormat format) {
        return format.channels() == 1 && switch (format.encoding()) {
            case PCM_S16_LE, PCMU, PCMA -> true;
            default -> false;
        };
    }

    /**
     * Converts the next bytes of the stream.
     *
     * @return                       the whole frames that can be given so far, possibly none; the filter keeps a few ms
     *                               back until it has seen what follows
     * @throws IllegalStateException after {@link #finish()}
     */
    public byte[] convert(byte[] bytes, int offset, int length) {
        if (finished) {
            throw new IllegalStateException("The converter is finished: use a new one for the next stream");
        }
        int frameBytes = carry.length;
        long available = (long) carried + length;
        long frames = available / frameBytes;
        if (frames == 0) {
            System.arraycopy(bytes, offset, carry, carried, length);
            carried += length;
            return NOTHING;
        }
        long outFrames = resampler == null ? frames : resampler.outputFor(frames);
        byte[] out = new byte[Math.toIntExact(outFrames * to.bytesPerFrame())];
        int at = offset;
        int written = 0;
        if (carried > 0) {
            int missing = frameBytes - carried;
            System.arraycopy(bytes, at, carry, carried, missing);
            at += missing;
            frames--;
            written = convertFrames(carry, 0, 1, out, written);
        }
        convertFrames(bytes, at, Math.toIntExact(frames), out, written);
        at += (int) frames * frameBytes;
        carried = offset + length - at;
        System.arraycopy(bytes, at, carry, 0, carried);
        return out;
    }

    /**
     * Ends the stream.
     *
     * @return the frames that were still in the filter. An incomplete frame that was carried is not a sound and is left
     *         out; a second call gives nothing
     */
    public byte[] finish() {
        if (finished || resampler == null) {
            finished = true;
            return NOTHING;
        }
        finished = true;
        int samples = (int) resampler.remaining();
        float[] tail = new float[samples];
        resampler.finish(tail, 0);
        byte[] out = new byte[samples * to.bytesPerFrame()];
        SampleCodec.encode(to.encoding(), tail, samples, out, 0);
        return out;
    }

    private int convertFrames(byte[] in, int offset, int frames, byte[] out, int outOffset) {
        int frameBytes = carry.length;
        if (passThrough) {
            System.arraycopy(in, offset, out, outOffset, frames * frameBytes);
            return outOffset + frames * frameBytes;
        }
        int written = outOffset;
        for (int done = 0; done < frames; done += BLOCK_FRAMES) {
            int n = Math.min(BLOCK_FRAMES, frames - done);
            SampleCodec.decode(from.encoding(), in, offset + done * frameBytes, decoded, n * from.channels());
            downmix.mix(decoded, n);
            int samples = resampler == null ? n : resampler.process(decoded, 0, n, resampled, 0);
            written = SampleCodec.encode(to.encoding(), resampled, samples, out, written);
        }
        return written;
    }
}
