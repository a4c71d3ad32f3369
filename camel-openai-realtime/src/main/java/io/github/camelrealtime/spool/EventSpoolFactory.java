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

import java.io.IOException;

/** Opens spools; a bean of this type in the registry takes the place of {@link FileSpool}. */
@FunctionalInterface
public interface EventSpoolFactory {

    /**
     * Opens the spool of one consumer, with what was left in it.
     *
     * @param  location what the option {@code spool} says
     * @param  maxBytes how much it may hold, at least 1
     * @throws IOException if it cannot be opened, or is another's: saying which and why
     */
    EventSpool open(String location, long maxBytes) throws IOException;
}
