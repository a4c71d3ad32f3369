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
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.audio.AudioFormat;
import io.github.camelrealtime.event.ClientEvent;
import io.github.camelrealtime.event.ServerEvent;

import static org.assertj.core.api.Assertions.assertThat;

/** One seed of {@link ResponsePropertyTest}: clients and a service that do what chance says, and what must hold at each step. */
final class RandomTalk {

    private static final int MOST_STEPS_TO_REST = 200_000;

    private final Random random;
    private final boolean hostile;
    private final ManualTimers timers = new ManualTimers();
    private final Refusals refusals = new Refusals();
    private final Outbox outbox
            = new Outbox("s", AudioFormat.PCM_24K, new SessionConfig.AudioQueue(1_000, Overflow.BLOCK), timers);
    private final ResponseSequencer sequencer = new ResponseSequencer(
            "s", outbox, refusals, timers, new ResponseRetries(1, new SessionConfig.Backoff(500, 30_000, 3), timers), announced -> {
            });
    private final ResponseWatch watch = new ResponseWatch(timers);
    private final List<ResponseRequest> requests = new ArrayList<>();
    private final Map<String, ResponseRequest> byKey = new HashMap<>();
    private final Map<ResponseRequest, Integer> settled = new HashMap<>();
    private final Met met = new Met();
    private ModelService present;
    private ModelService draining;
    private long drainingBy;
    private boolean paused;
    private boolean down;
    private int connections;

    RandomTalk(long seed, boolean hostile) {
        this.random = new Random(seed);
        this.hostile = hostile;
        outbox.onLeaving(event -> {
            refusals.leaves(event.getEventId());
            return event;
        });
        connect();
    }

    Met met() {
        return met;
    }

    void run(int steps) {
        for (int i = 0; i < steps; i++) {
            step();
            check();
        }
        rest();
    }

    private void step() {
        switch (random.nextInt(hostile ? 28 : 26)) {
            case 0, 1 -> ask(false);
            case 2 -> ask(true);
            case 3 -> automatic();
            case 4 -> cancel();
            case 5 -> abandon();
            case 6, 7, 8, 9 -> present.takeIn();
            case 10, 11, 12, 13, 14 -> giveOut(present);
            case 15, 16, 17 -> present.end();
            case 18 -> present.goOn();
            case 19 -> turn();
            case 20 -> timers.advance(random.nextInt(1_500));
            case 21 -> drain();
            case 22 -> rarely(20, this::lose);
            case 23 -> rarely(20, this::rollOver);
            case 24 -> rarely(5, this::pauseOrGoOn);
            case 25 -> rarely(20, () -> timers.advance(random.nextInt(20_000)));
            default -> present.mischief();
        }
    }

    private void rarely(int oneIn, Runnable what) {
        if (random.nextInt(oneIn) == 0) {
            what.run();
        }
    }

    // ---- clients

    private void ask(boolean outOfBand) {
        ObjectNode response = JsonNodeFactory.instance.objectNode();
        if (outOfBand) {
            response.put("conversation", "none");
        }
        ClientEvent before = random.nextInt(3) == 0 ? ClientEvent.userText("words") : null;
        ResponseRequest request = new ResponseRequest(before, response, random.nextBoolean());
        follow(request);
        sequencer.request(request);
    }

    private void automatic() {
        ResponseRequest request = sequencer.requestAutomatic("chance");
        if (!requests.contains(request)) {
            follow(request);
        }
    }

    private void follow(ResponseRequest request) {
        requests.add(request);
        byKey.put(request.key, request);
        request.done.whenComplete((done, failure) -> {
            settled.merge(request, 1, Integer::sum);
            met.ended(failure);
        });
    }

    private void cancel() {
        ClientEvent cancel = sequencer.prepareCancel(null, null);
        if (cancel != null) {
            outbox.sendUrgent(cancel);
        }
    }

    private void abandon() {
        List<ResponseRequest> open = requests.stream().filter(request -> !request.done.isDone()).toList();
        if (!open.isEmpty()) {
            ResponseRequest request = open.get(random.nextInt(open.size()));
            watch.givenUp(request);
            request.done.completeExceptionally(new TimedOutException("enough", 1));
            sequencer.abandon(request);
        }
    }

    // ---- the service

    private void turn() {
        if (!down && present.turn()) {
            watch.interrupted();
            sequencer.interruptedByService();
        }
    }

    private void giveOut(ModelService from) {
        ObjectNode event = down && from == present ? null : from.giveOut();
        if (event == null) {
            return;
        }
        if (from == present) {
            watch.comes(event);
        } else {
            watch.comesElsewhere(event);
        }
        ServerEvent told = Events.of(event.toString());
        boolean wanted = !sequencer.cancellations().drops(told);
        if (from == present) {
            sequencer.onEvent(told);
        } else {
            sequencer.onEventElsewhere(told, drainingBy);
        }
        watch.passed(event, wanted);
        if ("error".equals(event.path("type").asText())) {
            error(event.path("error"), from == present);
        }
    }

    /** As {@link EventIntake} does it: by an old connection only who is named can be meant. */
    private void error(JsonNode error, boolean byPresent) {
        String id = error.path("event_id").asText(null);
        if (id == null && !byPresent) {
            return;
        }
        String code = error.path("code").asText();
        var addressee = refusals.take(id, code, error.path("param").asText(null), null);
        if (addressee != null) {
            addressee.test(new RequestRefusedException("s", "invalid_request_error", code, "no", null, id));
        }
    }

    // ---- connections

    private void connect() {
        present = new ModelService(random, "c" + connections++, active -> {
            // one that we gave up, or whose end we may have waited for in vain
            ResponseRequest request = byKey.get(active.key());
            return hostile || request == null || request.done.isDone() || request.cancelWished
                    || sequencer.cancellations().contains(active.id);
        });
        ModelService connected = present;
        connected.transport.onSend(frame -> {
            watch.sent(frame);
            connected.receive(frame);
        });
        outbox.admit(connected.transport);
        sequencer.configured(JsonNodeFactory.instance.objectNode().setAll(turnDetection(connected)));
        down = false;
        outbox.drain();
    }

    private static ObjectNode turnDetection(ModelService service) {
        ObjectNode session = JsonNodeFactory.instance.objectNode();
        session.withObject("/audio/input/turn_detection").put("create_response", service.createsResponses)
                .put("interrupt_response", service.interrupts);
        return session;
    }

    /** As {@link SessionLife} does it. */
    private void lose() {
        if (down) {
            connect();
            return;
        }
        watch.lost();
        outbox.shut();
        down = true;
        paused = false;
        Exception reason = new SessionClosedException("s", "lost");
        List<ResponseRequest> lost = sequencer.cut();
        OutboxCut cut = outbox.cut(sequencer.withdrawn(), new byte[0]);
        refusals.cut(cut.staying);
        cut.settle(reason);
        lost.forEach(request -> request.fail(reason));
        sequencer.goOn();
    }

    private void rollOver() {
        if (down || draining != null) {
            return;
        }
        sequencer.pause();
        draining = present;
        drainingBy = outbox.admissions();
        watch.moved();
        connect();
        sequencer.goOn();
        paused = false;
    }

    /** The old connection says what it has to say, and is closed in the end. */
    private void drain() {
        if (draining == null) {
            return;
        }
        draining.takeIn();
        draining.end();
        giveOut(draining);
        if (draining.isIdle() || random.nextInt(20) == 0) {
            draining = null;
            sequencer.drained(drainingBy).forEach(request -> request.fail(new SessionClosedException("s", "gone")));
        }
    }

    private void pauseOrGoOn() {
        if (paused) {
            sequencer.goOn();
        } else {
            sequencer.pause();
        }
        paused = !paused;
    }

    // ---- what must hold

    private void check() {
        met.states.add(sequencer.state());
        assertThat(settled.values()).as("RESP-16 settled once").allMatch(times -> times == 1);
        assertThat(present.conflicts).as("RESP-1 conflicts caused by us").isZero();
        long open = requests.size() - settled.size();
        assertThat((long) sequencer.pending()).as("nobody is forgotten").isGreaterThanOrEqualTo(open);
        assertThat(sequencer.pending()).as("FLOW-6").isLessThan(4 * ResponseQueue.MAX_WAITING);
        met.rejections = Math.max(met.rejections, present.rejections);
    }

    private void rest() {
        if (down) {
            lose();
        }
        sequencer.goOn();
        for (int i = 0; i < MOST_STEPS_TO_REST && !isAtRest(); i++) {
            present.takeIn();
            present.end();
            giveOut(present);
            drain();
            if (present.isIdle()) {
                timers.advance(1_000);
            }
        }
        assertThat(sequencer.state()).as("RESP-5 no place is kept for ever").isEqualTo(ResponseState.IDLE);
        assertThat(sequencer.isQuiet()).isTrue();
        assertThat(sequencer.pending()).isZero();
        assertThat(requests).as("RESP-16 all are settled").allMatch(request -> request.done.isDone());
        check();
    }

    private boolean isAtRest() {
        return draining == null && present.isIdle() && sequencer.isQuiet() && sequencer.pending() == 0;
    }

    /** What has come about. */
    static final class Met {
        private final Set<ResponseState> states = EnumSet.noneOf(ResponseState.class);
        private int rejections;
        private int completed;
        private int failed;
        private int timedOut;

        private void ended(Throwable failure) {
            completed += failure == null ? 1 : 0;
            failed += failure == null ? 0 : 1;
            timedOut += failure instanceof TimedOutException ? 1 : 0;
        }

        void add(Met other) {
            states.addAll(other.states);
            rejections += other.rejections;
            completed += other.completed;
            failed += other.failed;
            timedOut += other.timedOut;
        }

        Set<ResponseState> states() {
            return states;
        }

        int rejections() {
            return rejections;
        }

        int completed() {
            return completed;
        }

        int failed() {
            return failed;
        }

        int timedOut() {
            return timedOut;
        }
    }
}
