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
package io.github.camelrealtime.event;

import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Random;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The fast way against plain Jackson and java.util.Base64, written here without any of the codec's classes. */
class AudioDeltaDifferentialTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String TYPE = "response.output_audio.delta";

    @Test
    @DisplayName("P4, P5 100,000 generated frames, plain and odd, decode as with Jackson or fail as with Jackson")
    void sameAsJackson() {
        Random random = new Random(20261121);
        int fast = 0;
        int failed = 0;
        for (int i = 0; i < 100_000; i++) {
            String frame = frame(random);
            if (compare(frame)) {
                failed++;
            } else if (AudioDeltaScanner.scan(frame) != null) {
                fast++;
            }
        }
        // the corpus is only worth something if it goes all three ways, and often
        assertThat(fast).isGreaterThan(20_000);
        assertThat(failed).isGreaterThan(10_000);
        assertThat(100_000 - fast - failed).isGreaterThan(10_000);
    }

    @Test
    @DisplayName("P4, P5 a plain frame cut at every place, and with every character replaced, does as with Jackson")
    void everyCutAndEveryReplacement() {
        String frame = "{\"type\":\"" + TYPE + "\",\"event_id\":\"e1\",\"output_index\":0,\"delta\":\"AAECAwQ=\"}";
        for (int i = 0; i < frame.length(); i++) {
            compare(frame.substring(0, i));
            for (char c : "\"\\{}[]:, \t\n\0\u00e9\u0141\ud83d=A0-/".toCharArray()) {
                compare(frame.substring(0, i) + c + frame.substring(i + 1));
                compare(frame.substring(0, i) + c + frame.substring(i));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = { 0, 1, 2, 3, 1535, 1536, 1537, 4800, 98_304, 98_305, 300_000, 6_000_000 })
    @DisplayName("P4 sizes around every buffer come out whole, and leave nothing behind for the next")
    void sizes(int length) {
        byte[] audio = new byte[length];
        new Random(length).nextBytes(audio);
        String frame = "{\"type\":\"" + TYPE + "\",\"delta\":\"" + Base64.getEncoder().encodeToString(audio) + "\"}";
        assertThat(AudioDeltaScanner.scan(frame).getAudio()).isEqualTo(audio);
        String small = "{\"type\":\"" + TYPE + "\",\"delta\":\"AQID\"}";
        assertThat(AudioDeltaScanner.scan(small).getAudio()).containsExactly(1, 2, 3);
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "{\"type\":\"response.output_audio.delta\",\"event_id\":\"event_14\",\"response_id\":\"resp_1\",\"item_id\":\"item_a1\","
                            + "\"output_index\":0,\"content_index\":0,\"delta\":\"AAAA\"}",
            "{\"type\":\"session.output_audio.delta\",\"event_id\":\"event_c5\",\"delta\":\"AAAA\",\"sample_rate\":24000,"
                    + "\"channels\":1,\"format\":\"pcm16\",\"elapsed_ms\":1800}",
            "{\"type\": \"response.output_audio.delta\", \"content_index\": 0, \"delta\": \"AAAA\", \"obfuscation\": \"x7\"}",
            "{\"type\":\"response.audio.delta\",\"event_id\":\"event_14\",\"delta\":\"AAAA\"}"
    })
    @DisplayName("P4 the frames the service sends take the fast way")
    void realFramesAreFast(String frame) {
        assertThat(AudioDeltaScanner.scan(frame)).isNotNull();
        compare(frame);
    }

    @ParameterizedTest
    @ValueSource(strings = {
            // type not first
            "{\"event_id\":\"e\",\"type\":\"response.output_audio.delta\",\"delta\":\"AAAA\"}",
            // an escape in the delta: \/ is legal JSON and legal base64
            "{\"type\":\"response.output_audio.delta\",\"delta\":\"AA\\/A\"}",
            "{\"type\":\"response.output_audio.delta\",\"delta\":\"AA\\u0041A\"}",
            // something follows
            "{\"type\":\"response.output_audio.delta\",\"delta\":\"AAAA\",\"news\":[1]}",
            "{\"type\":\"response.output_audio.delta\",\"delta\":\"AAAA\",\"delta\":\"BBBB\"}",
            "{\"type\":\"response.output_audio.delta\",\"delta\":\"AAAA\",\"type\":\"response.done\"}",
            "{\"type\":\"response.output_audio.delta\",\"item\":{\"id\":\"i\"},\"delta\":\"AAAA\"}",
            "{\"type\":\"response.output_audio.delta\",\"delta\":null}",
            "{\"type\":\"response.output_audio.delta\"}",
            "{\"type\":\"response.output_audio\\u002edelta\",\"delta\":\"AAAA\"}"
    })
    @DisplayName("P5 type not first, escapes, or anything else unusual: the full parse decides")
    void unusualFramesFallBack(String frame) {
        assertThat(AudioDeltaScanner.scan(frame)).isNull();
        assertThat(compare(frame)).as("Jackson accepts it").isFalse();
    }

    @Test
    @DisplayName("P5 characters beyond a byte are not cut down to base64")
    void wideCharactersAreNotAudio() {
        // the low byte of each is an 'A'
        assertThat(compare("{\"type\":\"" + TYPE + "\",\"delta\":\"\u0141\u0241\u4e41A\"}")).as("refused").isTrue();
        assertThat(compare("{\"type\":\"" + TYPE + "\",\"item_id\":\"\u0141\",\"delta\":\"AAAA\"}")).as("refused").isFalse();
    }

    /** Compares the two ways; true if both refused. */
    private static boolean compare(String frame) {
        Expected expected = jackson(frame);
        ServerEvent event;
        try {
            event = EventCodec.decode(frame);
        } catch (MalformedEventException e) {
            assertThat(expected).as(frame).isNull();
            return true;
        }
        assertThat(expected).as(frame).isNotNull();
        assertThat(event.getType()).as(frame).isEqualTo(expected.json.get("type").textValue());
        assertThat(event.getEventId()).as(frame).isEqualTo(id(text(expected.json, "event_id")));
        assertThat(event.getItemId()).as(frame).isEqualTo(idOf(expected.json, "item_id", "item"));
        assertThat(event.getResponseId()).as(frame).isEqualTo(idOf(expected.json, "response_id", "response"));
        assertThat(event.getPreviousItemId()).as(frame).isEqualTo(id(text(expected.json, "previous_item_id")));
        assertThat(event.getOutputIndex()).as(frame).isEqualTo(integer(expected.json, "output_index"));
        assertThat(event.getContentIndex()).as(frame).isEqualTo(integer(expected.json, "content_index"));
        assertThat(event.getTranscript()).as(frame).isEqualTo(text(expected.json, "transcript"));
        assertThat(event.getText()).as(frame).isEqualTo(text(expected.json, "text"));
        assertThat(event.getAudio()).as(frame).isEqualTo(expected.audio);
        assertThat(event.getJson()).as(frame).isEqualTo(expected.json);
        assertThat(event.getRaw()).isSameAs(frame);
        return false;
    }

    private record Expected(JsonNode json, byte[] audio) {
    }

    /** Null if refused. */
    private static Expected jackson(String frame) {
        try (JsonParser parser = MAPPER.createParser(frame)) {
            JsonNode json = parser.readValueAsTree();
            if (json == null || !json.isObject() || parser.nextToken() != null || text(json, "type") == null
                    || text(json, "type").isEmpty()) {
                return null;
            }
            if (text(json, "type").equals("response.audio.delta")) {
                ((ObjectNode) json).put("type", TYPE);
            }
            boolean audio = List.of(TYPE, "session.output_audio.delta").contains(text(json, "type"));
            if (!audio || !json.hasNonNull("delta")) {
                return new Expected(json, null);
            }
            return json.get("delta").isTextual()
                    ? new Expected(json, Base64.getDecoder().decode(json.get("delta").textValue())) : null;
        } catch (Exception e) {
            return null;
        }
    }

    private static String text(JsonNode json, String member) {
        return json.path(member).textValue();
    }

    private static String idOf(JsonNode json, String member, String object) {
        String id = id(text(json, member));
        return id != null ? id : id(json.path(object).path("id").textValue());
    }

    /** What is longer is no id, and counts as absent. */
    private static String id(String text) {
        return text == null || text.length() > HeadReader.LONGEST_ID ? null : text;
    }

    private static Integer integer(JsonNode json, String member) {
        JsonNode value = json.path(member);
        return value.isIntegralNumber() && value.canConvertToInt() ? value.intValue() : null;
    }

    private static String frame(Random random) {
        List<String> members = new ArrayList<>();
        for (String name : List.of("event_id", "item_id", "response_id")) {
            if (random.nextInt(3) > 0) {
                members.add(quoted(name) + blank(random) + ":" + blank(random) + string(random));
            }
        }
        for (String name : List.of("output_index", "content_index", "elapsed_ms", "sample_rate")) {
            if (random.nextInt(3) == 0) {
                members.add(quoted(name) + ":" + blank(random) + number(random));
            }
        }
        if (random.nextInt(10) == 0) {
            members.add("\"previous_item_id\":" + string(random));
        }
        if (random.nextInt(8) == 0) {
            members.add(odd(random));
        }
        if (random.nextInt(20) > 0) {
            members.add("\"delta\"" + blank(random) + ":" + blank(random) + "\"" + delta(random) + "\"");
        }
        Collections.shuffle(members, random);
        int place = random.nextInt(10) == 0 ? random.nextInt(members.size() + 1) : 0;
        members.add(place, "\"type\":" + blank(random) + type(random));
        String frame = blank(random) + "{" + blank(random) + String.join("," + blank(random), members) + blank(random) + "}"
                       + blank(random);
        return switch (random.nextInt(25)) {
            case 0 -> frame.substring(0, random.nextInt(frame.length()));
            case 1 -> frame + odd(random);
            case 2 -> frame + "}";
            case 3 -> {
                int at = random.nextInt(frame.length());
                yield frame.substring(0, at) + (char) random.nextInt(0x250) + frame.substring(at + 1);
            }
            default -> frame;
        };
    }

    private static String type(Random random) {
        return switch (random.nextInt(20)) {
            case 0 -> "\"session.output_audio.delta\"";
            case 1 -> "\"response.output_audio.done\"";
            case 2 -> "\"response.output_audio\\u002edelta\"";
            case 3 -> List.of("null", "1", "\"\"", "true", "\"x.y\"").get(random.nextInt(5));
            default -> quoted(TYPE);
        };
    }

    private static String string(Random random) {
        return switch (random.nextInt(80)) {
            case 0 -> "\"a\\\"b\\\\\"";
            case 1 -> "\"\\ud83d\\ude00 \u0141\u00fc\"";
            case 2 -> "null";
            case 3 -> "12";
            case 4 -> "\"tab\there\"";
            case 5 -> "\"{\\\"delta\\\":\\\"AAAA\\\"}\"";
            case 6 -> quoted("x".repeat(random.nextInt(3000)));
            case 7 -> "\"\u0141\ud83d\"";
            default -> quoted("item_" + Integer.toString(random.nextInt(), 36));
        };
    }

    private static String number(Random random) {
        return switch (random.nextInt(80)) {
            case 0 -> "-1";
            case 1 -> "01";
            case 2 -> "1.0";
            case 3 -> "1e2";
            case 4 -> "99999999999";
            case 5 -> "2147483647";
            case 6 -> "null";
            case 7 -> "+1";
            case 8 -> "\"3\"";
            default -> Integer.toString(random.nextInt(1_000_000_000));
        };
    }

    private static String delta(Random random) {
        byte[] audio = new byte[random.nextInt(20) == 0 ? random.nextInt(40_000) : random.nextInt(300)];
        random.nextBytes(audio);
        String base64 = Base64.getEncoder().encodeToString(audio);
        int at = random.nextInt(base64.length() + 1);
        return switch (random.nextInt(24)) {
            case 0 -> base64.replace("/", "\\/");
            case 1 -> base64.replace("=", "");
            case 2 -> base64 + "=";
            case 3 -> base64.substring(0, at);
            case 4 -> base64.substring(0, at) + List.of("-", "_", " ", "\\n", "\n", "\u00e9", "\u0141", "\\u0041", "=", "\\")
                    .get(random.nextInt(10)) + base64.substring(at);
            case 5 -> Base64.getUrlEncoder().encodeToString(audio);
            case 6 -> Base64.getMimeEncoder().encodeToString(audio);
            default -> base64;
        };
    }

    private static String odd(Random random) {
        return List.of("\"obfuscation\":\"a1b2\"", "\"item\":{\"id\":\"nested\",\"delta\":\"BBBB\"}",
                "\"response\":{\"id\":\"r\"}",
                "\"delta\":\"BBBB\"", "\"item_id\":\"again\"", "\"transcript\":\"words\"", "\"text\":\"words\"",
                "\"x\":[1,2,{\"y\":null}]", "\"logprobs\":null", "\"\":0", "\"obfuscation\":1", "nonsense",
                "\"format\":\"pcm16\"")
                .get(random.nextInt(13));
    }

    private static String quoted(String text) {
        return "\"" + text + "\"";
    }

    private static String blank(Random random) {
        return switch (random.nextInt(12)) {
            case 0 -> " ";
            case 1 -> "\n\t ";
            default -> "";
        };
    }
}
