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

import java.util.ArrayDeque;
import java.util.Deque;

/** The arguments of a call, which are sent in small pieces. */
final class ArgumentPieces {

    private static final int PIECE = 8;

    private final Deque<String> left = new ArrayDeque<>();
    private final StringBuilder sent = new StringBuilder();

    ArgumentPieces(String arguments) {
        for (int at = 0; at < arguments.length(); at += PIECE) {
            left.add(arguments.substring(at, Math.min(at + PIECE, arguments.length())));
        }
    }

    boolean isEmpty() {
        return left.isEmpty();
    }

    /** The next piece, which counts as sent from now on. */
    String next() {
        String piece = left.remove();
        sent.append(piece);
        return piece;
    }

    /** All that has been sent so far. */
    String sent() {
        return sent.toString();
    }

    /** Forgets the second half of what has not been sent. */
    void halve() {
        for (int drop = left.size() - left.size() / 2; drop > 0; drop--) {
            left.removeLast();
        }
    }

    /** What has been sent so far, as the service counts it. */
    long tokens() {
        return TokenMeter.tokens(sent.length());
    }
}
