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

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import javax.management.openmbean.CompositeDataSupport;
import javax.management.openmbean.CompositeType;
import javax.management.openmbean.OpenDataException;
import javax.management.openmbean.OpenType;
import javax.management.openmbean.SimpleType;
import javax.management.openmbean.TabularData;
import javax.management.openmbean.TabularDataSupport;
import javax.management.openmbean.TabularType;

import io.github.camelrealtime.session.RealtimeSession;

/** Sessions as a table for JMX, a row each, what {@link SessionReport} has in columns. */
final class SessionTable {

    private static final String KEY = "name";
    /** In the order of the columns; numbers are all long. */
    private static final Map<String, OpenType<?>> COLUMNS = columns();

    private SessionTable() {
    }

    private static Map<String, OpenType<?>> columns() {
        Map<String, OpenType<?>> columns = new LinkedHashMap<>();
        for (String text : List.of(KEY, "type", "model", "state", "sessionId", "fatalError")) {
            columns.put(text, SimpleType.STRING);
        }
        for (String number : List.of("epoch", "ageMillis", "lastEventAgeMillis", "expiresInMillis", "queuedAudioMillis",
                "droppedAudioMillis", "sentAudioMillis", "deliveredEvents", "owedTranscripts", "pendingResponses")) {
            columns.put(number, SimpleType.LONG);
        }
        return columns;
    }

    static TabularData of(List<RealtimeSession> sessions, long now) throws OpenDataException {
        String[] names = COLUMNS.keySet().toArray(String[]::new);
        CompositeType row = new CompositeType(
                "session", "A session of the OpenAI Realtime API", names, names, COLUMNS.values().toArray(OpenType<?>[]::new));
        TabularData table = new TabularDataSupport(new TabularType("sessions", "All sessions", row, new String[] { KEY }));
        for (RealtimeSession session : sessions) {
            Map<String, Object> report = SessionReport.of(session, now);
            Map<String, Object> cells = new LinkedHashMap<>();
            COLUMNS.keySet().forEach(column -> cells.put(
                    column, report.get(column) instanceof Number number ? (Object) number.longValue() : report.get(column)));
            table.put(new CompositeDataSupport(row, cells));
        }
        return table;
    }
}
