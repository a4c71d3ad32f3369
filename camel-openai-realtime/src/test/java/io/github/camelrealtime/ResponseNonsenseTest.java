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

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.github.camelrealtime.session.SessionState;
import io.github.camelrealtime.simulator.Scenario;
import io.github.camelrealtime.simulator.SessionFaults;
import io.github.camelrealtime.simulator.SimulatedSession;
import io.github.camelrealtime.simulator.Trigger;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/** A service that says of responses what no service should: nothing of it ends the session, a route, or somebody's exchange. */
class ResponseNonsenseTest {

    /** Events that can be read, written with single quotes. */
    private static final List<String> READABLE = List.of(
            "{'type':'response.done'}",
            "{'type':'response.done','event_id':null,'response':null}",
            "{'type':'response.done','response':'finished'}",
            "{'type':'response.done','response':[1,2]}",
            "{'type':'response.done','response':{'id':null,'status':null,'status_details':null,'output':null,'usage':null,"
                    + "'metadata':null,'conversation_id':null}}",
            "{'type':'response.done','response':{'id':7,'status':8,'status_details':9,'output':10,'usage':'much','metadata':[]}}",
            "{'type':'response.done','response':{'id':'r_never','status':'completed','output':[null,7,{},{'type':null}]}}",
            "{'type':'response.done','response':{'id':'r_never','status':'completed','conversation_id':'c'}}",
            "{'type':'response.done','response':{'id':'r_never','status':'failed','status_details':'overloaded'}}",
            "{'type':'response.created'}",
            "{'type':'response.created','response':null}",
            "{'type':'response.created','response':{'id':null,'metadata':{'camel_request':null},'audio':null}}",
            "{'type':'response.created','response':{'id':'r_twice','conversation_id':'c','metadata':{'camel_request':7}}}",
            "{'type':'response.created','response':{'id':'r_twice','conversation_id':'c'}}",
            "{'type':'response.output_item.added','response_id':null,'output_index':null,'item':null}",
            "{'type':'response.output_item.added','response_id':'r_twice','item':'message'}",
            "{'type':'response.content_part.added','response_id':null,'item_id':null,'part':null}",
            "{'type':'response.output_audio.delta','response_id':null,'item_id':null,'content_index':null,'delta':null}",
            "{'type':'response.output_audio.delta','response_id':'r_other','item_id':'i','content_index':-1,'delta':'AAAA'}",
            "{'type':'response.output_text.delta','response_id':'r_other','delta':null}",
            "{'type':'response.done','response':{'id':'r_twice','status':'completed','conversation_id':'c'}}",
            "{'type':'response.done','response':{'id':'r_twice','status':'cancelled','conversation_id':'c'}}",
            "{'type':'response.created','response':{'id':'r_twice','conversation_id':'c'}}",
            "{'type':'input_audio_buffer.committed','item_id':null,'previous_item_id':null}",
            "{'type':'error','error':null}",
            "{'type':'error','error':{'code':'conversation_already_has_active_response','event_id':'nobody'}}");

    private static final List<String> UNREADABLE = List.of(
            "{'type':'response.output_audio.delta','response_id':'r','delta':7}",
            "{'type':'response.output_audio.delta','response_id':'r','delta':'no base64!'}",
            "{'type':null,'response':{'id':'r'}}",
            "{'type':'response.done','response':{'id':'r'");

    @RegisterExtension
    final RealtimeCamel camel = new RealtimeCamel();

    private final Received received = new Received();

    private SimulatedSession start(Scenario scenario) throws Exception {
        camel.scenario(scenario);
        camel.start(
                route -> route.from("openai-realtime:support?eventTypes=response.*,error,camel.*").process(received),
                route -> route.from("direct:ask").to("openai-realtime:support?operation=send-text&await=response"),
                route -> route.from("direct:listen").to("openai-realtime:support?operation=send-text&replyFormat=pcm"),
                route -> route.from("direct:create").to("openai-realtime:support?operation=create-response&await=response"));
        camel.awaitState("support", SessionState.READY);
        return camel.server(0);
    }

    private static void say(SimulatedSession server, String event) {
        server.send(event.replace('\'', '"'));
    }

    private void goesOn() throws Exception {
        Exchange asked = RealtimeCamel.done(camel.ask("direct:ask", "Still there?"));
        assertThat(asked.getException()).isNull();
        assertThat(asked.getMessage().getBody(String.class)).contains("Still there?");
        assertThat(camel.session("support").state()).isEqualTo(SessionState.READY);
        assertThat(camel.simulator().sessions()).as("one connection all the time").hasSize(1);
        assertThat(received.types()).doesNotContain("camel.session.reconnecting", "camel.session.failed");
    }

    @Test
    @DisplayName("RESP-7 RESP-10 done without created, twice, created twice, null and wrong members everywhere: "
                 + "the next is answered")
    void nobodyWaits() throws Exception {
        SimulatedSession server = start(Scenario.builder().build());
        READABLE.forEach(event -> say(server, event));
        goesOn();
        // what has been said of a response after its end is told to nobody
        assertThat(received.ofType("response.done")).extracting(event -> event.header(OpenAIRealtimeConstants.RESPONSE_ID))
                .filteredOn("r_twice"::equals).hasSize(1);
    }

    @Test
    @DisplayName("RESP-7 RESP-16 the same while somebody waits: the exchange ends once, and the session goes on")
    void somebodyWaits() throws Exception {
        SimulatedSession server = start(Scenario.builder()
                .fault(Trigger.atClientEvent("response.create", 1), SessionFaults.lose("response.done", 1)).build());
        CompletableFuture<Exchange> asked = camel.ask("direct:listen", "Hello");
        received.await("response.output_item.done");
        byte[] spoken = WireAudio.spoken(server);
        READABLE.forEach(event -> say(server, event));
        Message answer = RealtimeCamel.done(asked).getMessage();
        assertThat(asked.get().getException()).isNull();
        assertThat(answer.getBody(byte[].class)).as("what was heard, though the end lists nothing")
                .isEqualTo(spoken);
        goesOn();
    }

    @Test
    @DisplayName("RESP-7 CONN-18 what cannot be read about a response is counted and an error event; the exchange is answered")
    void unreadable() throws Exception {
        SimulatedSession server = start(Scenario.builder().build());
        UNREADABLE.forEach(event -> say(server, event));
        goesOn();
        assertThat(camel.session("support").status().malformedFrames()).isEqualTo(UNREADABLE.size());
        received.await("camel.error.malformed", UNREADABLE.size());
    }

    @Test
    @DisplayName("RESP-16 metadata that leave no room for ours fail their exchange before anything is sent; "
                 + "fifteen entries come back")
    void metadata() throws Exception {
        SimulatedSession server = start(Scenario.builder().build());
        Exchange refused = RealtimeCamel.done(camel.ask("direct:create", Map.of("metadata", entries(16))));
        assertThat(refused.getException()).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("metadata").hasMessageContaining("at most 15");
        assertThat(server.received("response.create")).isEmpty();
        assertThat(RealtimeCamel.done(camel.ask("direct:create", Map.of("metadata", entries(15)))).getException()).isNull();
        assertThat(server.sent("response.done").get(0).at("/response/metadata")).hasSize(16);
        assertThat(server.sent("error")).isEmpty();
    }

    private static Map<String, String> entries(int number) {
        return IntStream.range(0, number).boxed().collect(Collectors.toMap(i -> "k" + i, i -> "v"));
    }
}
