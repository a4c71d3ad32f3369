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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What becomes of requests, and of the place of the conversation, as one connection follows another: after a loss, and while
 * both stand. A part of {@link ResponseSequencer}, whose lock guards it: methods are called with that lock.
 */
final class ResponseConnections {

    private final Outbox outbox;
    private final ResponseBook book;
    private final ResponsePlace place;
    private final ResponseAttempts attempts;
    private final AutomaticAnswers answers;
    private final Consumer<ObjectNode> announce;
    /** Whether those who wait their turn get it on the next connection only. */
    private boolean paused;
    /** The connection by which things left when that began. */
    private long pausedOn;
    /** What may still wait in the outbox of those whom the last cut took out. */
    private final Set<String> withdrawn = new HashSet<>();
    private final List<CompletableFuture<Void>> quietWaiters = new ArrayList<>();

    ResponseConnections(
            Outbox outbox, ResponseBook book, ResponsePlace place, ResponseAttempts attempts, AutomaticAnswers answers,
            Consumer<ObjectNode> announce) {
        this.outbox = outbox;
        this.book = book;
        this.place = place;
        this.attempts = attempts;
        this.answers = answers;
        this.announce = announce;
    }

    /** See {@link ResponseSequencer#reset}. */
    void begin() {
        place.cut();
        book.forgetGivenUp();
        answers.reset();
        attempts.heard();
        paused = false;
    }

    // ---- one after the other

    /** See {@link ResponseSequencer#pause}. */
    CompletableFuture<Void> pause() {
        CompletableFuture<Void> quiet = new CompletableFuture<>();
        paused = true;
        pausedOn = outbox.admissions();
        quietWaiters.add(quiet);
        return quiet;
    }

    boolean isPaused() {
        return paused;
    }

    /** See {@link ResponseSequencer#goOn}. */
    void goOn() {
        if (paused && pausedOn != 0 && outbox.admissions() != pausedOn) {
            place.moved(outbox.admissions());
        }
        paused = false;
        pausedOn = 0;
    }

    /** Those who wait until nothing runs, for the caller to tell without the lock. */
    List<CompletableFuture<Void>> takeQuietWaiters() {
        List<CompletableFuture<Void>> taken = new ArrayList<>(quietWaiters);
        quietWaiters.clear();
        return taken;
    }

    // ---- losses

    /** See {@link ResponseSequencer#cut}. */
    List<ResponseRequest> cut(List<Runnable> after) {
        withdrawn.clear();
        long connection = outbox.admissions();
        Predicate<ResponseRequest> here = request -> request.connection == 0 || request.connection == connection;
        book.all().stream().filter(here).forEach(request -> withdrawn.addAll(request.eventIds()));
        List<ResponseRequest> lost = takeLost(here, place.ids(), after);
        place.cut();
        book.forgetGivenUp();
        attempts.heard();
        answers.connectionLost();
        paused = true;
        pausedOn = 0;
        return lost;
    }

    /** See {@link ResponseSequencer#withdrawn}. */
    Set<String> withdrawn() {
        return Set.copyOf(withdrawn);
    }

    /** See {@link ResponseSequencer#drained}. */
    List<ResponseRequest> drained(long connection, List<Runnable> after) {
        return takeLost(request -> request.connection == connection, new HashSet<>(), after);
    }

    /**
     * Takes out requests whose responses are over with their connection; the others wait to be asked for again (ROLL-15).
     *
     * @param running ids of responses that have run there, of whomever
     */
    private List<ResponseRequest> takeLost(Predicate<ResponseRequest> there, Set<String> running, List<Runnable> after) {
        List<ResponseRequest> lost = new ArrayList<>();
        List<ResponseRequest> staying = new ArrayList<>();
        for (ResponseRequest request : book.all()) {
            if (there.test(request)) {
                boolean over = request.begun || request.cancelWished || request.done.isDone();
                (over ? lost : staying).add(request);
            }
        }
        for (ResponseRequest request : lost) {
            if (request.responseId != null) {
                running.add(request.responseId);
            }
            attempts.forget(request);
            book.remove(request);
        }
        // whoever has heard that a response began hears of its end
        for (String id : running) {
            after.add(() -> announce.accept(ResponseEvents.members(id, "interrupted", "connection_lost")));
        }
        for (int i = staying.size() - 1; i >= 0; i--) {
            // the first that was asked for is the first again
            attempts.putBack(staying.get(i));
        }
        return lost;
    }
}
