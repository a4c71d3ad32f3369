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
package io.github.camelrealtime;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.github.camelrealtime.simulator.AudioClip;
import io.github.camelrealtime.simulator.SampleRange;
import io.github.camelrealtime.simulator.Transcriber;
import io.github.camelrealtime.simulator.Transcription;

/** Remembers which stretches of a {@link StreamPattern} the service has transcribed, whether or not anybody got to know it. */
final class HeardLog implements Transcriber {

    private final Transcriber ears = StreamPattern.transcriber();
    private final ConcurrentLinkedQueue<String> heard = new ConcurrentLinkedQueue<>();

    @Override
    public Transcription transcribe(AudioClip clip) {
        Transcription transcription = ears.transcribe(clip);
        heard.add(transcription.text());
        return transcription;
    }

    /** In the order of hearing; neighbours are one. */
    List<SampleRange> heard() {
        return StreamPattern.ranges(new ArrayList<>(heard));
    }
}
