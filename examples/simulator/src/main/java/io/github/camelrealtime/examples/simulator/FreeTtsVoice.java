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
package io.github.camelrealtime.examples.simulator;

import java.util.concurrent.locks.ReentrantLock;

import io.github.camelrealtime.simulator.Voice;

/**
 * A voice of words: FreeTTS, pure Java, American English. It writes 16 kHz, which is brought to the simulator's 24.
 *
 * <p>One text after the other: the synthesiser keeps state. A sentence takes a few hundred milliseconds.
 */
public final class FreeTtsVoice implements Voice {

    private final ReentrantLock speaking = new ReentrantLock();
    private KevinSynthesiser kevin;

    @Override
    public short[] speak(String text) {
        if (text.isBlank()) {
            return new short[0];
        }
        speaking.lock();
        try {
            if (kevin == null) {
                kevin = new KevinSynthesiser();
            }
            return To24kHz.resample(kevin.say(text));
        } finally {
            speaking.unlock();
        }
    }
}
