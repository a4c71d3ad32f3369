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

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/** Which reply answers what: replies in a row first, then the first rule that fits, then the default. */
final class ReplyRules {

    private final List<Reply> inARow;
    private final List<Rule> rules;
    private final Function<ReplyContext, Reply> otherwise;
    private final boolean listen;

    private ReplyRules(List<Reply> inARow, List<Rule> rules, Function<ReplyContext, Reply> otherwise, boolean listen) {
        this.listen = listen;
        this.inARow = List.copyOf(inARow);
        this.rules = List.copyOf(rules);
        this.otherwise = otherwise;
    }

    Reply replyTo(ReplyContext context) {
        if (context.response() < inARow.size()) {
            return inARow.get(context.response());
        }
        return rules.stream()
                .filter(rule -> rule.fits().test(context))
                .findFirst()
                .map(Rule::reply)
                .orElseGet(() -> otherwise.apply(context));
    }

    /** Whether a rule goes by what is heard. */
    boolean listen() {
        return listen;
    }

    static Reply standard(ReplyContext context) {
        return switch (context.kind()) {
            case TEXT -> Reply.text("You said: " + context.text());
            case AUDIO -> Reply.text(context.text().isEmpty() ? "I heard " + context.audioMillis() + " ms of audio."
                    : "You said: " + context.text());
            case TOOL_OUTPUT -> Reply.text("The tool said: " + context.text());
            case NOTHING -> Reply.text("Hello.");
        };
    }

    private record Rule(Predicate<ReplyContext> fits, Reply reply) {
    }

    static final class Builder {

        private final List<Reply> inARow = new ArrayList<>();
        private final List<Rule> rules = new ArrayList<>();
        private Function<ReplyContext, Reply> otherwise = ReplyRules::standard;

        private boolean listen;

        /** A rule that follows goes by what is heard. */
        Builder listening() {
            listen = true;
            return this;
        }

        void next(List<Reply> replies) {
            inARow.addAll(replies);
        }

        void rule(Predicate<ReplyContext> fits, Reply reply) {
            rules.add(new Rule(fits, reply));
        }

        void otherwise(Function<ReplyContext, Reply> reply) {
            otherwise = reply;
        }

        ReplyRules build() {
            return new ReplyRules(inARow, rules, otherwise, listen);
        }
    }
}
