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

/** What happens to events when a route is slower than they come. The socket is read all the same. */
public enum BackpressureStrategy {
    /**
     * Events beyond the bounds are lost to this consumer, which says so: by an error event, a counter, and health DOWN until
     * the route has caught up.
     */
    FAIL,
    /** The oldest waiting audio delta makes room; other events are never dropped for it. */
    DROP_OLDEST,
    /** New audio deltas are dropped; other events are not. */
    DROP_NEWEST
}
