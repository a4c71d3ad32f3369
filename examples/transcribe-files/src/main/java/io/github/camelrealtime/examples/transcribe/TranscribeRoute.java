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
package io.github.camelrealtime.examples.transcribe;

import org.apache.camel.builder.RouteBuilder;

/**
 * A folder of recordings becomes a folder of transcripts. The same route in YAML is {@code routes/transcribe-files.yaml}.
 * <p/>
 * Nothing waits for the service: the file's exchange is parked until its transcript comes, so one polling thread keeps four
 * sessions busy. A file that cannot be transcribed goes to {@code errors} with the reason beside it; the others go on.
 */
public final class TranscribeRoute extends RouteBuilder {

    @Override
    public void configure() {
        onException(Exception.class)
                .logExhausted(false)
                .setBody(simple("${exception.message}"))
                .to("file:{{folder}}/errors?fileName=${file:name}.reason.txt")
                .to("bean:progress?method=failed");

        from("file:{{folder}}/inbox?include=.*\\.wav&sortBy=file:name&initialDelay=0"
             + "&move=../done/${file:name}&moveFailed=../errors/${file:name}")
                .routeId("transcribe-files")
                .throttle(4).concurrentRequestsMode()
                .to("bean:progress?method=begun")
                .to("openai-realtime:transcriber?operation=transcribe&sessionType=transcription&model={{model}}"
                    + "&poolSize=4&audioFormat=wav&dataFormat=event")
                .setProperty("transcript", body())
                .setBody(simple("${exchangeProperty.transcript.toJson}"))
                .to("file:{{folder}}/transcripts?fileName=${file:name.noext}.json")
                .setBody(simple("${exchangeProperty.transcript.text}"))
                .to("file:{{folder}}/transcripts?fileName=${file:name.noext}.txt")
                .to("bean:progress?method=done");
    }
}
