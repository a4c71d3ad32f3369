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

import io.github.camelrealtime.event.EventCodec;
import io.github.camelrealtime.event.MalformedEventException;
import io.github.camelrealtime.event.ServerEvent;

/** Events of the service, written with single quotes. */
final class Events {

    private Events() {
    }

    static ServerEvent of(String json) {
        try {
            return EventCodec.decode(json.replace('\'', '"'));
        } catch (MalformedEventException e) {
            throw new IllegalArgumentException(json, e);
        }
    }

    static ServerEvent committed(String itemId) {
        return of("{'type':'input_audio_buffer.committed','item_id':" + (itemId == null ? "null" : "'" + itemId + "'") + "}");
    }
}
