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
import java.util.Base64;
import java.util.List;
import java.util.Random;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.camelrealtime.event.EventCodec;
import io.github.camelrealtime.event.MalformedEventException;
import io.github.camelrealtime.event.ServerEvent;
import io.github.camelrealtime.session.LocalEvents;
import io.github.camelrealtime.session.SessionEvent;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

class EventLaneTest {

    private static final long PLENTY = 1 << 30;

    private static SessionEvent event(String json) {
        try {
            return new SessionEvent(EventCodec.decode(json.replace('\'', '"')), "s", "sess", 1, 0, null, null);
        } catch (MalformedEventException e) {
            throw new IllegalArgumentException(json, e);
        }
    }

    private static SessionEvent audio(int bytes) {
        return event("{'type':'response.output_audio.delta','item_id':'i','delta':'"
                     + Base64.getEncoder().encodeToString(new byte[bytes]) + "'}");
    }

    private static SessionEvent text(String delta) {
        return event("{'type':'response.output_text.delta','item_id':'i','delta':'" + delta + "'}");
    }

    private static SessionEvent done(int number) {
        return event("{'type':'response.output_text.done','item_id':'i','text':'" + number + "'}");
    }

    private static SessionEvent local(String type) {
        return new SessionEvent(ServerEvent.local(type, JsonNodeFactory.instance.objectNode()), "s", "sess", 1, 0, null, null);
    }

    private static List<EventLane.Numbered> drained(EventLane lane) {
        List<EventLane.Numbered> all = new ArrayList<>();
        for (EventLane.Numbered next = lane.poll(); next != null; next = lane.poll()) {
            all.add(next);
        }
        return all;
    }

    @Test
    @DisplayName("TRX-17 events keep their order and are numbered without a hole")
    void order() {
        EventLane lane = new EventLane(100, PLENTY, BackpressureStrategy.FAIL);
        for (int i = 0; i < 100; i++) {
            lane.offer(i % 2 == 0 ? done(i) : text("t"));
        }
        assertThat(lane.size()).isEqualTo(100);
        List<EventLane.Numbered> all = drained(lane);
        for (int i = 0; i < 100; i++) {
            assertThat(all.get(i).sequence()).isEqualTo(i + 1);
            assertThat(all.get(i).dropped()).isZero();
        }
        assertThat(lane.isEmpty()).isTrue();
        assertThat(lane.dropped()).isZero();
    }

    @Test
    @DisplayName("FLOW-4 overrun: the route is told where it happens, nothing comes in until it has caught up, then it says how many")
    void overrun() {
        EventLane lane = new EventLane(4, PLENTY, BackpressureStrategy.FAIL);
        for (int i = 0; i < 10; i++) {
            lane.offer(done(i));
        }
        assertThat(lane.isOverrun()).isTrue();
        assertThat(lane.dropped()).isEqualTo(6);
        List<EventLane.Numbered> all = drained(lane);
        assertThat(all).hasSize(5);
        assertThat(all.get(4).event().event().getType()).isEqualTo(LocalEvents.ERROR_OVERRUN);
        assertThat(all.get(4).event().event().getJson().path("reason").asText()).contains("queueSize");
        assertThat(lane.isOverrun()).isFalse();
        lane.offer(done(10));
        EventLane.Numbered next = lane.poll();
        assertThat(next.dropped()).isEqualTo(6);
        assertThat(next.sequence() - all.get(4).sequence()).isEqualTo(7);
    }

    @Test
    @DisplayName("FLOW-4 a flood of deltas pushes out no final event, under any strategy")
    void deltasPushNothingOut() {
        for (BackpressureStrategy strategy : BackpressureStrategy.values()) {
            EventLane lane = new EventLane(10, PLENTY, strategy);
            for (int i = 0; i < 1_000; i++) {
                lane.offer(i % 3 == 0 ? audio(10) : text("x"));
                if (i % 200 == 0) {
                    lane.offer(done(i));
                }
            }
            assertThat(drained(lane)).filteredOn(numbered -> numbered.event().event().getType().endsWith(".done")).hasSize(5);
        }
    }

    @Test
    @DisplayName("FLOW-4 drop-newest loses the audio that comes, drop-oldest the audio that waits, and neither is an overrun")
    void dropping() {
        EventLane newest = new EventLane(3, PLENTY, BackpressureStrategy.DROP_NEWEST);
        EventLane oldest = new EventLane(3, PLENTY, BackpressureStrategy.DROP_OLDEST);
        for (EventLane lane : List.of(newest, oldest)) {
            for (int i = 0; i < 5; i++) {
                lane.offer(audio(i));
            }
            assertThat(lane.isOverrun()).isFalse();
            assertThat(lane.dropped()).isEqualTo(2);
        }
        assertThat(drained(newest)).extracting(numbered -> numbered.event().event().getAudio().length).containsExactly(0, 1, 2);
        assertThat(drained(oldest)).extracting(numbered -> numbered.event().event().getAudio().length).containsExactly(2, 3, 4);
    }

    @Test
    @DisplayName("FLOW-6 events are bounded in bytes too, but one of any size passes an empty lane")
    void bytes() {
        EventLane lane = new EventLane(1_000, 10_000, BackpressureStrategy.DROP_OLDEST);
        lane.offer(audio(50_000));
        assertThat(lane.size()).isEqualTo(1);
        lane.offer(audio(3_000));
        assertThat(lane.poll().event().event().getAudio()).hasSize(3_000);
        for (int i = 0; i < 20; i++) {
            lane.offer(audio(1_000));
        }
        long bytes = drained(lane).stream().mapToLong(numbered -> numbered.event().bytes()).sum();
        assertThat(bytes).isBetween(7_000L, 10_000L);
    }

    @Test
    void whatNobodyAskedForHasNoNumberAndLeavesNoHole() {
        EventLane lane = new EventLane(10, PLENTY, BackpressureStrategy.FAIL);
        lane.offer(done(1));
        lane.offerUnnumbered(done(0));
        lane.offer(done(2));
        assertThat(drained(lane)).extracting(EventLane.Numbered::sequence).containsExactly(1L, 0L, 2L);
    }

    @Test
    @DisplayName("FLOW-4 the end of a session comes into a full lane too, asked for or not: it is told once, and the lane goes with it")
    void theEndIsAlwaysTakenIn() {
        EventLane lane = new EventLane(2, PLENTY, BackpressureStrategy.FAIL);
        for (int i = 0; i < 5; i++) {
            lane.offer(done(i));
        }
        lane.offer(local(LocalEvents.SESSION_FAILED));
        lane.offerUnnumbered(local(LocalEvents.SESSION_CLOSED));
        assertThat(drained(lane)).extracting(numbered -> numbered.event().event().getType())
                .endsWith(LocalEvents.SESSION_FAILED, LocalEvents.SESSION_CLOSED);
    }

    @Test
    void whatIsClearedIsCounted() {
        EventLane lane = new EventLane(2, PLENTY, BackpressureStrategy.FAIL);
        lane.offer(done(1));
        lane.offer(text("x"));
        lane.clear();
        assertThat(lane.dropped()).isEqualTo(2);
        assertThat(lane.isEmpty()).isTrue();
        lane.offer(done(2));
        lane.offer(done(3));
        assertThat(lane.poll().dropped()).isEqualTo(2);
        assertThat(lane.poll().dropped()).isZero();
    }

    @ParameterizedTest
    @EnumSource(BackpressureStrategy.class)
    @DisplayName("TRX-17 at random: numbers rise, each hole is as wide as the next event says, and the counter is their sum")
    void laws(BackpressureStrategy strategy) {
        for (int seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            EventLane lane = new EventLane(1 + random.nextInt(8), 500 + random.nextInt(3_000), strategy);
            long last = 0;
            long missing = 0;
            int seen = 0;
            for (int i = 0; i < 2_000; i++) {
                if (random.nextInt(3) < 2) {
                    lane.offer(switch (random.nextInt(3)) {
                        case 0 -> audio(random.nextInt(500));
                        case 1 -> text("x");
                        default -> done(i);
                    });
                } else {
                    EventLane.Numbered next = lane.poll();
                    if (next != null) {
                        assertThat(next.sequence() - last - 1).isEqualTo(next.dropped());
                        last = next.sequence();
                        missing += next.dropped();
                        seen++;
                    }
                }
            }
            for (EventLane.Numbered next : drained(lane)) {
                assertThat(next.sequence() - last - 1).isEqualTo(next.dropped());
                last = next.sequence();
                missing += next.dropped();
                seen++;
            }
            lane.offer(done(0));
            EventLane.Numbered end = lane.poll();
            missing += end.dropped();
            assertThat(missing).isEqualTo(lane.dropped());
            assertThat(end.sequence()).isEqualTo(seen + missing + 1);
        }
    }
}
