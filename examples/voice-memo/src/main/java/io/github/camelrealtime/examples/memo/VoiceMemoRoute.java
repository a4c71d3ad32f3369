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
package io.github.camelrealtime.examples.memo;

import org.apache.camel.builder.RouteBuilder;

/**
 * A spoken question in, the spoken answer and what both said out. The same route in YAML is {@code routes/voice-memo.yaml}.
 * <p/>
 * One question at a time, as a session has one input buffer and that belongs to one speaker; no thread waits meanwhile.
 * {@code append-audio} goes on when the question has its transcript, so that this is there to be written when the answer
 * comes. Without {@code await=completed} the answer would not wait for it, as in a conversation it should not. A file that
 * cannot be answered goes to {@code errors} with the reason beside it; the others go on.
 */
public final class VoiceMemoRoute extends RouteBuilder {

    @Override
    public void configure() {
        onException(Exception.class)
                .logExhausted(false)
                .setBody(simple("${exception.message}"))
                .to("file:{{folder}}/errors?fileName=${file:name}.reason.txt")
                .to("bean:progress?method=failed");

        from("file:{{folder}}/questions?include=.*\\.wav&sortBy=file:name&initialDelay=0"
             + "&move=../done/${file:name}&moveFailed=../errors/${file:name}")
                .routeId("voice-memo")
                .throttle(1).concurrentRequestsMode()
                .to("openai-realtime:memo?operation=append-audio&await=completed&turnDetection=none"
                    + "&transcriptionModel=gpt-4o-mini-transcribe&voice=marin"
                    + "&instructions=Answer each message in one short sentence.")
                .to("openai-realtime:memo?operation=end-turn&replyFormat=wav")
                .to("file:{{folder}}/answers?fileName=${file:name.noext}.answer.wav")
                .setBody(simple("""
                        Question: ${header.CamelOpenAIRealtimeInputTranscript}
                        Answer: ${header.CamelOpenAIRealtimeTranscript}"""))
                .to("file:{{folder}}/answers?fileName=${file:name.noext}.txt")
                .to("bean:progress?method=answered");
    }
}
