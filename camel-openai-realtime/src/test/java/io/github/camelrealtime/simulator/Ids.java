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
package io.github.camelrealtime.simulator;

import java.util.Random;

/** Ids of the shapes seen on the wire, repeatable for a seed. One instance per session, used on its lane. */
final class Ids {

    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final int TAIL = 21;
    private static final int CALL_TAIL = 16;

    private final Random random;

    Ids(long seed) {
        random = new Random(seed);
    }

    String event() {
        return "event_" + tail(TAIL);
    }

    String item() {
        return "item_" + tail(TAIL);
    }

    String response() {
        return "resp_" + tail(TAIL);
    }

    String session() {
        return "sess_" + tail(TAIL);
    }

    String conversation() {
        return "conv_" + tail(TAIL);
    }

    String call() {
        return "call_" + tail(CALL_TAIL);
    }

    /** Random characters that hide the length of a delta, as the service adds them. */
    String padding(int length) {
        return tail(length);
    }

    private String tail(int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return text.toString();
    }
}
