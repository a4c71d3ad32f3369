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

/**
 * Somebody who gets the events of a session, in order. Attached to the session and not to its socket, so that it
 * neither matters who opened the session nor how often it reconnects.
 */
public interface Subscription {

    /**
     * One event. Called on the socket's reader thread (or whoever made a {@code camel.*} event): it must not block, must
     * not run a route and must not throw.
     */
    void onEvent(SessionEvent event);

    /** Whether events of this type are of any use to it. From any thread. */
    default boolean wants(String type) {
        return true;
    }
}
