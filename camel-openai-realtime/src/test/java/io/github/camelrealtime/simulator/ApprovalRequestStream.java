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
package io.github.camelrealtime.simulator;

/** A request for approval as an item of its own, which ends its response. */
final class ApprovalRequestStream extends ItemStream {

    ApprovalRequestStream(SessionContext context, ResponseRun run, int outputIndex, Reply.McpCall call) {
        super(context, run, outputIndex, McpCallStream.approvalRequest(context, call));
    }

    @Override
    boolean hasMore() {
        return false;
    }

    @Override
    void next() {
        throw new IllegalStateException("A request comes whole");
    }

    @Override
    long tokens() {
        return TokenMeter.tokens(item().json().path("arguments").asText().length());
    }

    @Override
    void halve() {
        // it comes whole or not at all
    }

    @Override
    void begin() {
        // it has no parts
    }

    @Override
    void finish() {
        // it was whole from the beginning
    }

    @Override
    void mark(String status) {
        // requests have no status
    }

    @Override
    boolean namesPreviousWhenDone() {
        return false;
    }
}
