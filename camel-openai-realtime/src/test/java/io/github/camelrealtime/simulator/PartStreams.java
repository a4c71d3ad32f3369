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

import java.util.function.BiConsumer;
import java.util.function.Consumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the streams that the parts of a reply become. One per session, on its lane. */
final class PartStreams {

    private static final Logger LOG = LoggerFactory.getLogger(PartStreams.class);

    private final SessionContext context;
    private final Voice voice;
    private final ToolImports imports;
    private final BiConsumer<String, Reply> whenAsked;
    private boolean nextIsApproved;

    /**
     * @param voice     null for the synthetic one
     * @param whenAsked told the id of an approval request that ends its response, and what remains of the reply
     */
    PartStreams(SessionContext context, Voice voice, ToolImports imports, BiConsumer<String, Reply> whenAsked) {
        this.context = context;
        this.voice = voice;
        this.imports = imports;
        this.whenAsked = whenAsked;
    }

    /** The next remote call has been approved already, or has been left out because it was not. */
    void approveNext(boolean approved) {
        nextIsApproved = approved;
    }

    /** Whether the voice has to speak this first. */
    boolean isSlow(ResponseRun run, Reply.Message message) {
        return voice != null && message.sound() == null && run.settings().spoken();
    }

    /** Has the voice speak; on the lane again for what follows. */
    void speak(String text, Consumer<short[]> receiver, Consumer<String> failed) {
        context.background().run(() -> {
            try {
                return voice.speak(text);
            } catch (RuntimeException e) {
                LOG.warn("The voice failed", e);
                return null;
            }
        }, sound -> {
            if (sound == null) {
                failed.accept("The voice could not say the text.");
            } else {
                receiver.accept(sound);
            }
        });
    }

    /** A message with its sound. */
    ItemStream message(ResponseRun run, int index, Reply.Message message, short[] sound) {
        Item item = Item.message(context.ids().item(), "assistant", "in_progress");
        if (context.config().model().reasoning()) {
            item.json().put("phase", message.commentary() ? "commentary" : "final_answer");
        }
        return run.settings().spoken() ? new SpeechStream(context, run, index, item, message.text(), sound)
                : new TextStream(context, run, index, item, message.text());
    }

    /** A part that needs no voice. */
    ItemStream make(ResponseRun run, int index, Reply reply) {
        Reply.Part part = reply.parts().get(index);
        if (part instanceof Reply.Message message) {
            boolean synthetic = message.sound() == null && run.settings().spoken();
            return message(run, index, message, synthetic ? SpeechStream.synthetic(message.text()) : message.sound());
        }
        if (part instanceof Reply.Call call) {
            return new CallStream(context, run, index, call);
        }
        return remote(run, index, reply, (Reply.McpCall) part);
    }

    private ItemStream remote(ResponseRun run, int index, Reply reply, Reply.McpCall call) {
        boolean asks = !nextIsApproved && run.settings().inConversation()
                && imports.needsApproval(run.settings().tools(), call);
        nextIsApproved = false;
        boolean ends = context.behaviour().assumes(Assumption.APPROVAL_ENDS_RESPONSE)
                || context.behaviour().assumes(Assumption.APPROVAL_NEEDS_RESPONSE_CREATE);
        if (!asks || !ends) {
            return new McpCallStream(context, run, index, call, asks);
        }
        ApprovalRequestStream request = new ApprovalRequestStream(context, run, index, call);
        whenAsked.accept(request.item().id(), reply.from(index));
        run.endAfterOpen();
        return request;
    }
}
