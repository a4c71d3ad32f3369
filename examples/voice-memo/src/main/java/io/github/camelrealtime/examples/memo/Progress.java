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
package io.github.camelrealtime.examples.memo;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.camelrealtime.OpenAIRealtimeConstants;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;

/** Told by the route of every question, and prints what became of it. Called by one thread after another. */
public final class Progress {

    private final PrintStream out;
    private final int expected;
    private final CountDownLatch left;
    private final AtomicInteger settled = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();
    private final Set<String> answered = ConcurrentHashMap.newKeySet();

    /** @param expected how many questions there will be */
    Progress(PrintStream out, int expected) {
        this.out = out;
        this.expected = expected;
        this.left = new CountDownLatch(expected);
    }

    /** Its answer is there, and both files are written. */
    public void answered(
            @Header(Exchange.FILE_NAME) String file,
            @Header(OpenAIRealtimeConstants.INPUT_TRANSCRIPT) String question,
            @Header(OpenAIRealtimeConstants.TRANSCRIPT) String answer) {
        answered.add(file);
        print(file, "question: " + question, "answer:   " + answer, "written:  " + String.join(", ", written(file)));
    }

    /** It could not be answered. */
    public void failed(@Header(Exchange.FILE_NAME) String file, @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception reason) {
        failures.incrementAndGet();
        print(file, "failed:   " + reason.getMessage());
    }

    /**
     * Waits for the last question.
     *
     * @return false if it did not come in time
     */
    boolean await(Duration time) throws InterruptedException {
        return left.await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The files of the questions answered so far. */
    Collection<String> answered() {
        return answered;
    }

    /** How many could not be answered so far. */
    int failures() {
        return failures.get();
    }

    private static String[] written(String file) {
        String name = file.substring(0, file.lastIndexOf('.'));
        return new String[] {name + ".answer.wav", name + ".txt"};
    }

    private void print(String file, String... lines) {
        out.printf("[%d/%d] %s%n", settled.incrementAndGet(), expected, file);
        for (String line : lines) {
            out.println("      " + line);
        }
        left.countDown();
    }
}
