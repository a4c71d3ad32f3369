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
package io.github.camelrealtime.examples.transcribe;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.camelrealtime.session.Transcript;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;

/** Told by the route of every file; prints a line for each and keeps the results. Called by several threads at once. */
public final class Progress {

    private static final int SHOWN = 60;

    private final PrintStream out;
    private final Map<String, String> references;
    private final int expected;
    private final CountDownLatch left;
    private final AtomicInteger settled = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();
    private final Map<String, Long> begun = new ConcurrentHashMap<>();
    private final Map<String, Result> results = new ConcurrentHashMap<>();

    /**
     * @param references file name to what is said in it, for the word error rate; other files may come too
     * @param expected   how many files there will be
     */
    Progress(PrintStream out, Map<String, String> references, int expected) {
        this.out = out;
        this.references = references;
        this.expected = expected;
        this.left = new CountDownLatch(expected);
    }

    /** A file is taken in hand. */
    public void begun(@Header(Exchange.FILE_NAME) String file) {
        begun.put(file, System.nanoTime());
    }

    /** Its transcript is there and written. */
    public void done(@Header(Exchange.FILE_NAME) String file, @ExchangeProperty("transcript") Transcript transcript) {
        long taken = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun.get(file));
        String text = transcript.getText();
        String reference = references.get(file);
        results.put(file, new Result(file, transcript.getAudioMillis(), taken, WordErrorRate.words(text).size(),
                reference == null ? null : WordErrorRate.of(reference, text)));
        print(file, ResultTable.seconds(taken) + " s  " + shortened(text));
    }

    /** It could not be transcribed. */
    public void failed(@Header(Exchange.FILE_NAME) String file, @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception reason) {
        failures.incrementAndGet();
        print(file, "failed: " + reason.getMessage());
    }

    /**
     * Waits for the last file.
     *
     * @return false if it did not come in time
     */
    boolean await(Duration time) throws InterruptedException {
        return left.await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Those transcribed so far. */
    Collection<Result> results() {
        return results.values();
    }

    /** How many could not be transcribed so far. */
    int failures() {
        return failures.get();
    }

    private void print(String file, String outcome) {
        out.printf("[%2d/%d] %-28s %s%n", settled.incrementAndGet(), expected, file, outcome);
        left.countDown();
    }

    private static String shortened(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
    }
}
