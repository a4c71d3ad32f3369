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
 * Overrides what errors of the service mean, as codes change faster than components (ERR-2). Put one into the registry, or
 * set component option {@code errorClassifier}.
 *
 * <p>Called on a thread of the socket that must not be held, for every {@code error} event, every close that nobody asked
 * for, and every connection that failed. An exception is logged, and what is usual holds.
 */
@FunctionalInterface
public interface RealtimeErrorClassifier {

    /**
     * What the error means.
     *
     * @param  error what the service said; its texts are the service's and not to be trusted
     * @return       {@code null} for {@link ReportedError#usual()}
     */
    ErrorClass classify(ReportedError error);
}
