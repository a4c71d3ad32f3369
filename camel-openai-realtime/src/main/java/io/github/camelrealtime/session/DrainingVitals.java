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

/** What tells whether a connection lives that is being drained: it says what it owes, or nothing. Thread-safe. */
final class DrainingVitals implements LivenessWatch.Vitals {

    private final Epoch epoch;
    private final Outbox outbox;

    DrainingVitals(Epoch epoch, Outbox outbox) {
        this.epoch = epoch;
        this.outbox = outbox;
    }

    @Override
    public long heardMillis() {
        return epoch.heardMillis;
    }

    @Override
    public String owed() {
        return epoch.dues.owed();
    }

    /** It gets no audio any more. */
    @Override
    public ServerTurns given() {
        return null;
    }

    @Override
    public OpenTurn turn() {
        return null;
    }

    @Override
    public Outbox outbox() {
        return outbox;
    }
}
