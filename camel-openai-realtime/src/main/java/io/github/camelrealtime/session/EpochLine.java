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

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntFunction;

/**
 * The connections of a session, each in its place: the present one, which has all input; a standby, which is made ready while
 * the present one still stands; draining ones, which are listened to and get nothing any more; and leaving ones, to which the
 * close frame has been sent.
 *
 * <p>Guarded by {@link #lock}, the connection's lock, which those share who take steps ({@link ConnectionState},
 * {@link StandbyState}). What is read for every event is volatile.
 */
final class EpochLine {

    final ReentrantLock lock = new ReentrantLock();
    private final IntFunction<Epoch> maker;
    private int count;

    /** {@code null} if there is none. */
    volatile Epoch present;
    /** The present one or the last there was. */
    Epoch latest;
    /** {@code null} if there is none. */
    volatile Epoch standby;
    private volatile List<Epoch> draining = List.of();
    private final List<Epoch> leaving = new ArrayList<>();

    /** @param maker makes the epoch of this number */
    EpochLine(IntFunction<Epoch> maker) {
        this.maker = maker;
    }

    private Epoch next() {
        return maker.apply(++count);
    }

    /** A new one takes the empty place of the present one. */
    Epoch nextPresent() {
        latest = next();
        present = latest;
        return latest;
    }

    Epoch nextStandby() {
        standby = next();
        return standby;
    }

    /** The standby takes the place of the present one, which is empty or whose holder goes on as a draining one. */
    void promote() {
        if (present != null) {
            List<Epoch> more = new ArrayList<>(draining);
            more.add(present);
            draining = List.copyOf(more);
        }
        present = standby;
        latest = standby;
        standby = null;
    }

    boolean isDraining(Epoch epoch) {
        return draining.contains(epoch);
    }

    /** Whether events of an old connection still count. */
    boolean isAnyDraining() {
        return !draining.isEmpty();
    }

    List<Epoch> draining() {
        return draining;
    }

    /** Nothing that it says counts any more. Returns whether it was a draining one. */
    boolean drained(Epoch epoch) {
        if (!draining.contains(epoch)) {
            return false;
        }
        draining = draining.stream().filter(one -> one != epoch).toList();
        return true;
    }

    /** The close frame is sent; it is remembered until the connection is gone. */
    void leaves(Epoch epoch) {
        leaving.add(epoch);
    }

    /** Returns whether it was one that was leaving. */
    boolean left(Epoch epoch) {
        return leaving.remove(epoch);
    }

    List<Epoch> takeDraining() {
        List<Epoch> taken = draining;
        draining = List.of();
        return taken;
    }

    List<Epoch> takeLeaving() {
        List<Epoch> taken = List.copyOf(leaving);
        leaving.clear();
        return taken;
    }

    /** {@code null} if there was none. */
    Epoch takeStandby() {
        Epoch taken = standby;
        standby = null;
        return taken;
    }

    /** Connections that stand or are being made. */
    int sockets() {
        return (present == null ? 0 : 1) + (standby == null ? 0 : 1) + draining.size() + leaving.size();
    }
}
