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

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What the bytes of a sound mean. Frames are interleaved: one sample of each channel in turn.
 *
 * @param encoding   how one sample is written
 * @param sampleRate frames per second (Hz), {@value #MIN_RATE} to {@value #MAX_RATE}
 * @param channels   samples per frame, 1 to {@value #MAX_CHANNELS}
 * @param speakers   which speaker each channel is for, as bits of a WAV channel mask in the order of the channels (1 front
 *                   left, 2 front right, 4 centre, 8 bass effects …); 0 = as is usual for so many channels
 */
public record AudioFormat(Encoding encoding, int sampleRate, int channels, int speakers) {

    /** Lowest sample rate in Hz. */
    public static final int MIN_RATE = 4_000;
    /** Highest sample rate in Hz. */
    public static final int MAX_RATE = 192_000;
    /** Most channels of one stream. */
    public static final int MAX_CHANNELS = 32;

    /** {@code audio/pcm} of the wire: signed 16 bit, little endian, 24,000 Hz, mono. The service knows no other PCM. */
    public static final AudioFormat PCM_24K = new AudioFormat(Encoding.PCM_S16_LE, 24_000, 1);
    /** {@code audio/pcmu} of the wire: G.711 µ-law, 8,000 Hz, mono. */
    public static final AudioFormat PCMU_8K = new AudioFormat(Encoding.PCMU, 8_000, 1);
    /** {@code audio/pcma} of the wire: G.711 A-law, 8,000 Hz, mono. */
    public static final AudioFormat PCMA_8K = new AudioFormat(Encoding.PCMA, 8_000, 1);

    /** How one sample is written. */
    public enum Encoding {
        /** Unsigned 8 bit, 128 is silence. */
        PCM_U8("pcm8", 1),
        /** Signed 8 bit. */
        PCM_S8("pcm8s", 1),
        /** Signed 16 bit, little endian. */
        PCM_S16_LE("pcm16", 2),
        /** Signed 16 bit, big endian ("network order"). */
        PCM_S16_BE("pcm16be", 2),
        /** Signed 24 bit, little endian, packed into three bytes. */
        PCM_S24_LE("pcm24", 3),
        /** Signed 24 bit, big endian, packed into three bytes. */
        PCM_S24_BE("pcm24be", 3),
        /** Signed 32 bit, little endian. */
        PCM_S32_LE("pcm32", 4),
        /** Signed 32 bit, big endian. */
        PCM_S32_BE("pcm32be", 4),
        /** IEEE 754 single precision, little endian, full scale is 1.0. */
        PCM_F32_LE("float32", 4),
        /** IEEE 754 single precision, big endian, full scale is 1.0. */
        PCM_F32_BE("float32be", 4),
        /** IEEE 754 double precision, little endian, full scale is 1.0. */
        PCM_F64_LE("float64", 8),
        /** IEEE 754 double precision, big endian, full scale is 1.0. */
        PCM_F64_BE("float64be", 8),
        /** G.711 µ-law. */
        PCMU("pcmu", 1),
        /** G.711 A-law. */
        PCMA("pcma", 1);

        private final String word;
        private final int bytesPerSample;

        Encoding(String word, int bytesPerSample) {
            this.word = word;
            this.bytesPerSample = bytesPerSample;
        }

        /** Bytes of one sample of one channel, 1 to 8. */
        public int bytesPerSample() {
            return bytesPerSample;
        }

        private int defaultRate() {
            return this == PCMU || this == PCMA ? 8_000 : 24_000;
        }

        private static Encoding ofWord(String word) {
            return switch (word) {
                case "audio/pcm" -> PCM_S16_LE;
                case "audio/pcmu" -> PCMU;
                case "audio/pcma" -> PCMA;
                default -> Arrays.stream(values()).filter(e -> e.word.equals(word)).findFirst().orElse(null);
            };
        }
    }

    public AudioFormat {
        if (encoding == null) {
            throw new IllegalArgumentException("An audio format needs an encoding");
        }
        if (sampleRate < MIN_RATE || sampleRate > MAX_RATE) {
            throw new IllegalArgumentException(
                    "Sample rate " + sampleRate + " Hz is outside " + MIN_RATE + " to " + MAX_RATE + " Hz");
        }
        if (channels < 1 || channels > MAX_CHANNELS) {
            throw new IllegalArgumentException(channels + " channels are outside 1 to " + MAX_CHANNELS);
        }
        if (channels == 1 || speakers == Downmix.usualSpeakers(channels)) {
            // said or not, it is the same format
            speakers = 0;
        }
    }

    /** With the channels as is usual for so many. */
    public AudioFormat(Encoding encoding, int sampleRate, int channels) {
        this(encoding, sampleRate, channels, 0);
    }

    /**
     * Reads a format as options declare it: an encoding word ({@code pcm16}, {@code pcm24}, {@code pcm32},
     * {@code float32}, {@code float64}, each also with {@code be} for big endian; {@code pcm8}, {@code pcm8s},
     * {@code pcmu}, {@code pcma}) or a word of the wire ({@code audio/pcm}, {@code audio/pcmu}, {@code audio/pcma}), then
     * optionally {@code ;rate=<Hz>}, {@code ;channels=<n>} and {@code ;speakers=<mask>}. Case and blanks around the parts
     * do not matter. Without a rate, PCM has 24,000 Hz and G.711 8,000 Hz; without channels it is mono.
     *
     * @throws IllegalArgumentException naming the text, what is wrong with it and what is allowed
     */
    public static AudioFormat parse(String text) {
        if (text == null) {
            throw refused("null", "it is missing");
        }
        String[] parts = text.toLowerCase(Locale.ROOT).split(";", -1);
        Encoding encoding = Encoding.ofWord(parts[0].trim());
        if (encoding == null) {
            throw refused(text, "the encoding is not known");
        }
        Integer rate = null;
        Integer channels = null;
        Integer speakers = null;
        for (int i = 1; i < parts.length; i++) {
            String[] pair = parts[i].split("=", 2);
            String key = pair[0].trim();
            if (pair.length == 2 && key.equals("rate") && rate == null) {
                rate = number(text, key, pair[1].trim());
            } else if (pair.length == 2 && key.equals("channels") && channels == null) {
                channels = number(text, key, pair[1].trim());
            } else if (pair.length == 2 && key.equals("speakers") && speakers == null) {
                speakers = number(text, key, pair[1].trim());
            } else {
                throw refused(text, "'" + parts[i].trim() + "' is neither one rate= nor one channels= nor one speakers=");
            }
        }
        try {
            return new AudioFormat(encoding, rate == null ? encoding.defaultRate() : rate, channels == null ? 1 : channels,
                    speakers == null ? 0 : speakers);
        } catch (IllegalArgumentException e) {
            throw refused(text, e.getMessage());
        }
    }

    private static int number(String text, String key, String digits) {
        try {
            return Integer.parseInt(digits);
        } catch (NumberFormatException e) {
            throw refused(text, key + "= is not followed by a whole number");
        }
    }

    private static IllegalArgumentException refused(String text, String why) {
        String words = Arrays.stream(Encoding.values()).map(e -> e.word).collect(Collectors.joining(", "));
        return new IllegalArgumentException(
                "Audio format '" + text + "': " + why + ". Allowed: " + words + ", audio/pcm, audio/pcmu, audio/pcma,"
                                            + " each with optional ;rate=" + MIN_RATE + "…" + MAX_RATE
                                            + ", ;channels=1…" + MAX_CHANNELS + " and ;speakers=<bits of a WAV channel mask>");
    }

    /** Bytes of one frame: one sample of every channel. */
    public int bytesPerFrame() {
        return encoding.bytesPerSample() * channels;
    }

    /** How long so many bytes sound, in ms, rounded down; an incomplete frame at the end does not count. */
    public long millisOf(long bytes) {
        return bytes / bytesPerFrame() * 1_000 / sampleRate;
    }

    /** The bytes of so many ms, rounded down to whole frames. */
    public long bytesOf(long millis) {
        return millis * sampleRate / 1_000 * bytesPerFrame();
    }

    /** So many ms of silence. */
    public byte[] silence(long millis) {
        byte[] silence = new byte[Math.toIntExact(bytesOf(millis))];
        switch (encoding) {
            case PCMU -> Arrays.fill(silence, (byte) 0xFF);
            case PCMA -> Arrays.fill(silence, (byte) 0xD5);
            case PCM_U8 -> Arrays.fill(silence, (byte) 0x80);
            default -> {
                // zeros are silence
            }
        }
        return silence;
    }

    /** The format in words that {@link #parse(String)} reads back, such as {@code pcm16;rate=16000;channels=2}. */
    @Override
    public String toString() {
        return encoding.word + ";rate=" + sampleRate + (channels == 1 ? "" : ";channels=" + channels)
               + (speakers == 0 ? "" : ";speakers=" + speakers);
    }
}
