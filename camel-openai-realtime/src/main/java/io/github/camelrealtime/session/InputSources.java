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

import io.github.camelrealtime.audio.AudioConverter;
import io.github.camelrealtime.audio.AudioFormat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the audio of an {@link AudioInbox} comes from: which stream is the present one, what of it goes on from source to
 * source, and what of it may be heard. Gives audio in the line's format.
 *
 * <p>Not thread-safe, but for {@link #mute()}: the inbox's lock guards it.
 */
final class InputSources {

    private static final Logger LOG = LoggerFactory.getLogger(InputSources.class);
    private static final byte[] NOTHING = new byte[0];

    private final String sessionName;
    private final AudioFormat wireFormat;
    private final PieceConverter pieces;
    private final MuteSwitch mute;
    private int stream;
    private long unheardBytes;
    /** Of the source that came last. */
    private AudioFormat format;
    /** Whether the recording given last goes on with the next one. */
    private boolean unfinished;

    InputSources(String sessionName, SessionConfig config) {
        this.sessionName = sessionName;
        this.wireFormat = config.inputFormat();
        this.pieces = new PieceConverter(config.lineFormat());
        this.mute = new MuteSwitch(config.lineFormat(), config.talk().muteMode());
    }

    private byte[] heard(byte[] audio) {
        byte[] passed = mute.pass(audio);
        unheardBytes += audio.length - passed.length;
        return passed;
    }

    /** As much of what was given since this was last asked is not to be heard; silence in its place does not count. */
    long takeUnheard() {
        long taken = unheardBytes;
        unheardBytes = 0;
        return taken;
    }

    /** The switch for the speaker. Thread-safe. */
    MuteSwitch mute() {
        return mute;
    }

    /** Number of the present stream: what belongs to another is not to be taken. */
    int stream() {
        return stream;
    }

    /**
     * Begins the next stream; what the one before still holds is lost.
     *
     * @return its number
     */
    int nextStream() {
        forget();
        return ++stream;
    }

    /** A source of the present stream comes, in this format. */
    void comes(AudioFormat sourceFormat) {
        if (!sourceFormat.equals(format)) {
            // a wrong format gives noise or another language and no error: this is where to see it
            LOG.debug("Session {}: audio comes as {} and goes out as {}", sessionName, sourceFormat, wireFormat);
            format = sourceFormat;
        }
    }

    /**
     * A recording comes, or a part of one.
     *
     * @param  ends whether its end is the end of the recording
     * @return      whether it is a part: it follows on what came before, or what comes next follows on it
     */
    boolean isPart(boolean ends) {
        boolean part = unfinished || !ends;
        unfinished = !ends;
        return part;
    }

    /** What the pieces before still hold, if this source does not go on where they ended. */
    byte[] before(AudioIntake intake) {
        return intake.converter() != null || pieces.goesOn(intake.format()) ? NOTHING : heard(pieces.end());
    }

    /** What this source gives. {@link #before} comes first. */
    byte[] next(AudioIntake intake, byte[] audio, int offset, int length) {
        AudioConverter own = intake.converter();
        return heard(own == null
                ? pieces.convert(intake.format(), audio, offset, length)
                : own.convert(audio, offset, length));
    }

    /** What a source that has ended still holds; of a piece that is nothing, as its stream goes on. */
    byte[] last(AudioIntake intake) {
        return intake.converter() == null ? NOTHING : heard(intake.converter().finish());
    }

    /** What the pieces still hold, as a turn ends here though their stream goes on. */
    byte[] turnOver() {
        return heard(pieces.turnOver());
    }

    /** What the pieces still hold, as they end here. */
    byte[] end() {
        unfinished = false;
        return heard(pieces.end());
    }

    /** What the pieces still hold is not wanted: the next one begins anew. */
    void forget() {
        unfinished = false;
        pieces.end();
    }
}
