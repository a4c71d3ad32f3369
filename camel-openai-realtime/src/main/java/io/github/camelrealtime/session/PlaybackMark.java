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

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in the model's voice, as a text that a sink can be given along with the audio and gives back once it has played up
 * to there, such as the {@code mark} of a carrier (AOUT-2). The text says all of it, so that nothing has to be remembered for
 * marks that never come back. Its form is {@code <item id>:<content index>:<ms>}.
 *
 * @param itemId       item
 * @param contentIndex content part of it, from 0
 * @param playedMillis how much of that part has been played with this, ms
 */
public record PlaybackMark(String itemId, int contentIndex, long playedMillis) {

    private static final int MAX_LENGTH = 200;
    /** Ids of items have no colon today; should they get one, the two numbers at the end are found all the same. */
    private static final Pattern FORM = Pattern.compile("(\\S{1,128}):(\\d{1,4}):(\\d{1,12})");

    /**
     * Reads a mark.
     *
     * @throws IllegalArgumentException if it is none; the text itself is not shown, as anybody may have made it
     */
    public static PlaybackMark parse(String text) {
        Matcher mark = FORM.matcher(text.length() > MAX_LENGTH ? "" : text);
        if (!mark.matches()) {
            throw new IllegalArgumentException(
                    "a text of " + text.length() + " characters is no mark of this component; marks are what consumed audio has in "
                                               + "header CamelOpenAIRealtimePlaybackMark");
        }
        return new PlaybackMark(mark.group(1), Integer.parseInt(mark.group(2)), Long.parseLong(mark.group(3)));
    }

    @Override
    public String toString() {
        return itemId + ":" + contentIndex + ":" + playedMillis;
    }
}
