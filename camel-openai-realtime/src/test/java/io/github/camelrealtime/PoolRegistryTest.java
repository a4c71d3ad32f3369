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

import java.util.concurrent.atomic.AtomicInteger;

import io.github.camelrealtime.session.ManualTimers;
import io.github.camelrealtime.session.SessionPool;
import io.github.camelrealtime.session.SessionRegistry;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class PoolRegistryTest {

    private final ManualTimers timers = new ManualTimers();
    private final SessionRegistry sessions = new SessionRegistry(timers, 1);
    private final PoolRegistry pools = new PoolRegistry();
    private final AtomicInteger made = new AtomicInteger();

    private SessionPool pool(int size) {
        made.incrementAndGet();
        return new SessionPool("a", size, sessions, name -> null, timers);
    }

    @Test
    void allWhoTranscribeShareOnePoolAndTheLastClosesIt() {
        SessionPool pool = pools.acquire("a", 2, "one", () -> pool(2));
        assertThat(pools.acquire("a", 2, "two", () -> pool(2))).isSameAs(pool);
        assertThat(made).hasValue(1);
        assertThat(pools.release("a")).isCompleted();
        assertThat(pools.acquire("a", 2, "three", () -> pool(2))).isSameAs(pool);
        pools.release("a");
        assertThat(pools.release("a")).isCompleted();
        assertThat(pool.lease(0)).isCompletedExceptionally();
        assertThat(pools.acquire("a", 3, "four", () -> pool(3))).isNotSameAs(pool);
    }

    @Test
    @DisplayName("CFG-8 two sizes of one pool are refused, naming both endpoints")
    void sizes() {
        pools.acquire("a", 2, "first endpoint", () -> pool(2));
        assertThatIllegalArgumentException().isThrownBy(() -> pools.acquire("a", 3, "second endpoint", () -> pool(3)))
                .withMessageContaining("poolSize").withMessageContaining("first endpoint").withMessageContaining("second endpoint");
        pools.release("a");
        assertThat(pools.acquire("a", 3, "second endpoint", () -> pool(3)).size()).isEqualTo(3);
    }

    @Test
    @DisplayName("CFG-8 a name is for transcribe alone or for all else, whichever comes first")
    void conflict() {
        pools.share("a", "talks");
        pools.share("a", "talks too");
        assertThatIllegalArgumentException().isThrownBy(() -> pools.acquire("a", 1, "transcribes", () -> pool(1)))
                .withMessageContaining("talks").withMessageContaining("transcribes").withMessageContaining("different names");
        assertThat(made).hasValue(0);
        pools.release("a");
        pools.release("a");
        pools.acquire("a", 1, "transcribes", () -> pool(1));
        assertThatIllegalArgumentException().isThrownBy(() -> pools.share("a", "talks"))
                .withMessageContaining("transcribes").withMessageContaining("talks");
        pools.release("a");
        pools.share("a", "talks");
    }

    @Test
    void whatCouldNotBeMadeIsNotThere() {
        assertThatIllegalStateException().isThrownBy(() -> pools.acquire("a", 1, "one", () -> {
            throw new IllegalStateException("stopped");
        }));
        pools.share("a", "another");
        assertThat(pools.release("b")).isCompleted();
    }
}
