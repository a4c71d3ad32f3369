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

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.StringJoiner;

import io.github.camelrealtime.simulator.Expiry;
import io.github.camelrealtime.simulator.SessionFault;
import io.github.camelrealtime.simulator.SessionFaults;
import io.github.camelrealtime.simulator.SimulatedSession;
import io.github.camelrealtime.transport.memory.MemoryConnection.Way;

/**
 * What goes wrong in a run, and when: made of a seed, so that a run that fails can be had again. Faults strike the connection that
 * was dialled last; the last minutes are quiet, so that what is owed can come.
 *
 * @param seed    what it was made of
 * @param minutes how long it lasts, the quiet end included
 * @param entries in the order of their time
 */
public record FaultSchedule(long seed, int minutes, List<Entry> entries) {

    /** At the end, in which nothing goes wrong: longer than any time-out of a session by default. */
    public static final Duration QUIET = Duration.ofMinutes(3);

    private static final int MILLIS_PER_MINUTE = 60_000;
    private static final int MEAN_GAP_MILLIS = 2 * MILLIS_PER_MINUTE;
    private static final int LONGEST_HOLE_MILLIS = 50_000;
    private static final int LONGEST_DELAY_MILLIS = 8_000;
    private static final int LONGEST_JUMP_MILLIS = 3_600_000;
    private static final List<Integer> CLOSE_CODES = List.of(1000, 1001, 1005, 1011, 1012, 1013);
    private static final List<String> LOSSES = List.of("session.updated", "input_audio_buffer.committed",
            "conversation.item.input_audio_transcription.completed", "conversation.item.done", "response.done");

    /** What can go wrong. */
    public enum Kind {
        /** Both ends find the connection gone. */
        CUT,
        /** The service closes with a code, without a reason that would explain it. */
        CLOSE,
        /** The session's time is up, in one of three shapes. */
        EXPIRE,
        /** Nothing arrives at the service for a while. */
        HOLE_TO_SERVICE,
        /** Nothing arrives at the client for a while. */
        HOLE_TO_CLIENT,
        /** Both ways. */
        HALF_OPEN,
        /** The service falls silent for good, and keeps the connection. */
        SILENCE,
        /** The service reads nothing more. */
        STALLED_READER,
        /** An event that is waited for never comes. */
        LOSS,
        /** An event that is waited for is late. */
        DELAY,
        /** Frames that make no sense. */
        NONSENSE,
        /** The connection is cut, and the next dials find nobody. */
        OUTAGE,
        /** The computer's clock is set. */
        CLOCK_JUMP
    }

    /**
     * One fault.
     *
     * @param atMillis after the beginning
     * @param kind     what
     * @param number   what the kind makes of it: code, length, seed
     */
    public record Entry(int atMillis, Kind kind, int number) {

        @Override
        public String toString() {
            return Duration.ofMillis(atMillis) + " " + kind + " " + number;
        }
    }

    public FaultSchedule {
        entries = List.copyOf(entries);
    }

    /** A schedule of faults of every kind, one every two minutes on average. */
    public static FaultSchedule random(long seed, int minutes) {
        return random(seed, minutes, EnumSet.allOf(Kind.class));
    }

    /** As {@link #random(long, int)}, of some kinds only. */
    public static FaultSchedule random(long seed, int minutes, Set<Kind> kinds) {
        Random random = new Random(seed);
        List<Kind> choice = kinds.stream().sorted().toList();
        List<Entry> entries = new ArrayList<>();
        long end = (long) minutes * MILLIS_PER_MINUTE - QUIET.toMillis();
        long at = random.nextInt(MEAN_GAP_MILLIS);
        while (at < end) {
            entries.add(new Entry((int) at, choice.get(random.nextInt(choice.size())), random.nextInt(Integer.MAX_VALUE)));
            // now and then close together: faults in the middle of the recovery from another are the interesting ones
            at += random.nextInt(4) == 0 ? random.nextInt(3_000) : random.nextInt(2 * MEAN_GAP_MILLIS);
        }
        return new FaultSchedule(seed, minutes, entries);
    }

    public Duration length() {
        return Duration.ofMinutes(minutes);
    }

    /** Has everything happen in this world, counted from now. */
    public void begin(VirtualWorld world) {
        entries.forEach(entry -> world.clock().schedule(entry.atMillis(), () -> strike(entry, world)));
    }

    private static void strike(Entry entry, VirtualWorld world) {
        if (world.links().isEmpty()) {
            return;
        }
        SimulatorLink link = world.link();
        int number = entry.number();
        switch (entry.kind()) {
            case CUT -> link.cut();
            case CLOSE -> strike(link, SessionFaults.close(CLOSE_CODES.get(number % CLOSE_CODES.size()), ""));
            case EXPIRE -> strike(link, SessionFaults.expire(Expiry.values()[number % Expiry.values().length]));
            case HOLE_TO_SERVICE -> hole(world, link, number, Way.TO_SERVICE);
            case HOLE_TO_CLIENT -> hole(world, link, number, Way.TO_CLIENT);
            case HALF_OPEN -> hole(world, link, number, Way.values());
            case SILENCE -> strike(link, SessionFaults.silence());
            case STALLED_READER -> strike(link, SessionFaults.stopReading());
            case LOSS -> strike(link, SessionFaults.lose(LOSSES.get(number % LOSSES.size()), 1));
            case DELAY -> strike(link, SessionFaults.delay(LOSSES.get(number % LOSSES.size()), 1,
                    Duration.ofMillis(1 + number % LONGEST_DELAY_MILLIS)));
            case NONSENSE -> strike(link, SessionFaults.nonsense(number, 20));
            case OUTAGE -> {
                world.unreachable(1 + number % 3);
                link.cut();
            }
            case CLOCK_JUMP -> world.jump(Duration.ofMillis(number % (2 * LONGEST_JUMP_MILLIS) - LONGEST_JUMP_MILLIS));
        }
    }

    private static void strike(SimulatorLink link, SessionFault fault) {
        SimulatedSession session = link.session();
        if (session != null && session.isOpen()) {
            session.strike(fault);
        }
    }

    private static void hole(VirtualWorld world, SimulatorLink link, int number, Way... ways) {
        for (Way way : ways) {
            link.blackHole(way);
            world.clock().schedule(1 + number % LONGEST_HOLE_MILLIS, () -> link.heal(way));
        }
    }

    /** All that is needed to have it again, and to understand what happened. */
    @Override
    public String toString() {
        StringJoiner lines = new StringJoiner("\n  ", "seed " + seed + ", " + minutes + " minutes\n  ", "");
        entries.forEach(entry -> lines.add(entry.toString()));
        return lines.toString();
    }
}
