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
package io.github.camelrealtime.spool;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/**
 * Keeps what was accepted and not delivered, over the end of the process too. Entries belong to a lane; within a lane they
 * are in the order of their positions, which rise. What an entry says is text, and nobody's business here.
 *
 * <p>May be used from any thread; each call may wait for a disk. A call that fails changes nothing, and may be repeated:
 * what was wrong may have passed.
 */
public interface EventSpool extends Closeable {

    /**
     * Something to keep.
     *
     * @param lane     whose; any text but U+0000
     * @param position its place in the lane, above all that the lane has had since it was last empty
     * @param content  what it says
     */
    record Entry(String lane, long position, String content) {
    }

    /**
     * Keeps entries, in the order of the list, as far as there is room. When this returns they are kept, whatever happens to
     * the process or the machine. Without entries it finds out whether any could be kept.
     *
     * @return             how many of them, from the first, were kept; fewer than all if the spool is full
     * @throws IOException if they cannot be kept; none is
     */
    int append(List<Entry> entries) throws IOException;

    /**
     * The first entry of a lane after a position, {@code null} if there is none.
     *
     * @throws IOException if it cannot be read
     */
    Entry next(String lane, long after) throws IOException;

    /**
     * The last entry of a lane, {@code null} if there is none.
     *
     * @throws IOException if it cannot be read
     */
    Entry last(String lane) throws IOException;

    /**
     * How many entries a lane has.
     *
     * @throws IOException if that cannot be found out
     */
    long count(String lane) throws IOException;

    /**
     * Lets go of an entry. An end of the process within a second or so may bring it back.
     *
     * @throws IOException if it cannot be let go
     */
    void remove(String lane, long position) throws IOException;

    /**
     * Makes sure that what was removed stays away.
     *
     * @throws IOException if that cannot be
     */
    void flush() throws IOException;

    /**
     * The lanes that have entries.
     *
     * @throws IOException if that cannot be found out
     */
    List<String> lanes() throws IOException;

    /** Entries kept now, as of the last call that did not fail. */
    long size();

    /** Bytes that the entries count as, as of the last call that did not fail. */
    long bytes();
}
