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

import io.github.camelrealtime.audio.AudioFormat;
import io.github.camelrealtime.event.ServerEvent;

/**
 * One stretch of the model's voice, that is one content part of one item: how much of it has come and how much of it has
 * been heard. All but the counting is guarded by the ledger's lock; only the reader thread counts.
 */
final class SpokenPart {

    static final long NEVER = -1;
    /** Sinks tell in steps, such as the marks of a carrier; the last one, up to its end, is often never told. */
    private static final long STEP_MILLIS = 250;
    /** A text longer than this is not needed to estimate what was heard of it. */
    private static final int MAX_TEXT = 100_000;

    final String itemId;
    final int contentIndex;
    final String responseId;
    /** Number of the connection that it came by: its item is known by this id there and nowhere else. */
    final int epoch;
    private final AudioFormat format;
    /** Written by the reader thread only. */
    private volatile long receivedBytes;
    private volatile long firstMillis = NEVER;
    private final StringBuilder text = new StringBuilder();
    /** Whether no more of it comes. */
    boolean complete;
    /** Whether nothing more is to be decided about it: it was cut, or the service has cut it. */
    boolean settled;
    /** How much of it was heard when it was last judged, ms. */
    long judgedMillis;
    private long toldMillis = NEVER;
    private long toldAt = NEVER;
    private long handedMillis = NEVER;
    /** Whether all of it that a paced consumer holds has been handed out. */
    boolean handedOut;

    SpokenPart(String itemId, int contentIndex, String responseId, int epoch, AudioFormat format) {
        this.itemId = itemId;
        this.contentIndex = contentIndex;
        this.responseId = responseId;
        this.epoch = epoch;
        this.format = format;
    }

    boolean isOf(ServerEvent event) {
        return itemId.equals(event.getItemId())
                && contentIndex == (event.getContentIndex() == null ? 0 : event.getContentIndex());
    }

    /**
     * On the reader thread: so many bytes more have come.
     *
     * @return where in this part they end, in bytes
     */
    long received(int bytes, long nowMillis) {
        if (firstMillis == NEVER) {
            firstMillis = nowMillis;
        }
        long end = receivedBytes + bytes;
        receivedBytes = end;
        return end;
    }

    /** Bytes that have come. */
    long receivedBytes() {
        return receivedBytes;
    }

    /** Whole ms that have come, rounded down. */
    long receivedMillis() {
        return format.millisOf(receivedBytes);
    }

    /** When the first of it came, {@link #NEVER} if nothing has. */
    long firstMillis() {
        return firstMillis;
    }

    /** A sink says how far it has played. It cannot go back. */
    void told(long playedMillis, long nowMillis) {
        if (playedMillis > toldMillis) {
            toldMillis = playedMillis;
            toldAt = nowMillis;
        }
    }

    /** It is handed out at the pace of speech: nothing of it is heard that has not been handed out. */
    void pace() {
        handedMillis = Math.max(handedMillis, 0);
    }

    /** It has been handed out up to here. Where several consumers pace it, the one that is furthest counts. */
    void handed(long endBytes) {
        handedMillis = Math.max(handedMillis, format.millisOf(endBytes));
    }

    boolean isPaced() {
        return handedMillis != NEVER;
    }

    /** How much of it can have been heard at all, ms: what has come or, if it is paced, what has been handed out. */
    long audibleMillis() {
        return isPaced() ? Math.min(handedMillis, receivedMillis()) : receivedMillis();
    }

    /** How far a sink says it has played in ms, {@link #NEVER} if none has said anything. */
    long toldMillis() {
        return toldMillis;
    }

    /** How far a sink has played: as it said, but the last step is taken for played once its time has passed (INT-6). */
    long playedMillis(long nowMillis) {
        long received = receivedMillis();
        long rest = received - toldMillis;
        boolean over = complete && rest <= STEP_MILLIS && nowMillis - toldAt >= rest;
        return Math.min(over ? received : toldMillis, audibleMillis());
    }

    /** When it said so. */
    long toldAt() {
        return toldAt;
    }

    void says(String piece) {
        if (piece != null && text.length() < MAX_TEXT) {
            text.append(piece);
        }
    }

    void saidAll(String whole) {
        if (whole != null) {
            text.setLength(0);
            says(whole);
        }
    }

    /**
     * The words that were heard, as far as can be told: the same share of the text as of the audio, to the end of the word
     * that was begun. The service keeps none of it once the item is truncated (trap T-17).
     */
    String heardText(long heardMillis) {
        long received = receivedMillis();
        if (heardMillis <= 0 || received == 0) {
            return "";
        }
        // first the lesser: what is said to be heard may be any number
        int end = (int) (text.length() * Math.min(heardMillis, received) / received);
        while (end < text.length() && !Character.isWhitespace(text.charAt(end))) {
            end++;
        }
        return text.substring(0, end).trim();
    }
}
