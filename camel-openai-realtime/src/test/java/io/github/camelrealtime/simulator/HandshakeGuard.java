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

import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

import okhttp3.HttpUrl;

/** The rules of the WebSocket handshake (API reference section 1.3). */
final class HandshakeGuard {

    private static final String REALTIME_PATH = "/v1/realtime";
    private static final String AZURE_PATH = "/openai/v1/realtime";

    private static final String BEARER = "Bearer ";
    private static final String KEY_PROTOCOL = "openai-insecure-api-key.";

    private final Set<String> keys;
    private final Set<String> models;
    private final Set<String> forbidden;
    private final boolean azure;

    /**
     * @param keys      accepted API keys
     * @param models    models that hold conversations
     * @param forbidden models that exist, but not for these keys
     * @param azure     path and key as with Azure
     */
    HandshakeGuard(Set<String> keys, Set<String> models, Set<String> forbidden, boolean azure) {
        this.keys = keys;
        this.models = models;
        this.forbidden = forbidden;
        this.azure = azure;
    }

    /** @param keyLater a wrong key is let in, to be closed out with 3000 */
    SessionRequest admit(HandshakeRequest request, boolean keyLater) throws HttpRefusal {
        HttpUrl url = request.url();
        if (!url.encodedPath().equals(azure ? AZURE_PATH : REALTIME_PATH)) {
            throw new HttpRefusal(404, null, "Invalid URL (" + request.method() + " " + url.encodedPath() + ")", null);
        }
        boolean known = hasGoodKey(request);
        if (!known && !keyLater) {
            throw new HttpRefusal(401, "invalid_api_key", "Incorrect API key provided.", null);
        }
        if (!"websocket".equalsIgnoreCase(request.headers().get("Upgrade"))) {
            throw new HttpRefusal(400, null, "This endpoint expects a WebSocket handshake.", null);
        }
        if (!known) {
            return new SessionRequest(SessionType.REALTIME, modelOf(url, "gpt-realtime"), false, ProtocolError.wrongKey());
        }
        if (request.headers().get("OpenAI-Beta") != null) {
            return new SessionRequest(SessionType.REALTIME, modelOf(url, "gpt-realtime"), false,
                    ProtocolError.fatal("beta_api_shape_disabled",
                            "The Realtime Beta API is no longer supported. Please use /v1/realtime without the OpenAI-Beta"
                                    + " header.", null));
        }
        return request(url);
    }

    /** The subprotocol to select, null for none. */
    static String subprotocol(HandshakeRequest request) {
        return offered(request).anyMatch("realtime"::equals) ? "realtime" : null;
    }

    private SessionRequest request(HttpUrl url) throws HttpRefusal {
        String model = url.queryParameter("model");
        String intent = url.queryParameter("intent");
        String call = url.queryParameter("call_id");
        if (call != null) {
            throw new HttpRefusal(404, "call_id_not_found", "No session found for the provided call_id", "call_id");
        }
        if (model == null && intent == null) {
            throw new HttpRefusal(400, "missing_required_parameter", "Missing required parameter: 'model'.", "model");
        }
        if (model == null) {
            ProtocolError refusal = intent.equals("transcription") ? null : ProtocolError.fatal("invalid_intent",
                    "Invalid intent: '" + intent + "'. Supported values are: 'transcription'.", "intent");
            return new SessionRequest(SessionType.TRANSCRIPTION, null, false, refusal);
        }
        if (forbidden.contains(model)) {
            throw new HttpRefusal(403, null, "Project does not have access to model '" + model + "'.", "model");
        }
        if (ModelProfile.OTHER.contains(model) && !models.contains(model)) {
            return new SessionRequest(SessionType.REALTIME, model, intent != null, ProtocolError.fatal("invalid_model",
                    "Model '" + model + "' is not supported in realtime mode.", "model"));
        }
        if (!models.contains(model)) {
            throw new HttpRefusal(404, "model_not_found", "The model '" + model
                    + "' does not exist or you do not have access to it.", "model");
        }
        return new SessionRequest(SessionType.REALTIME, model, intent != null, null);
    }

    private boolean hasGoodKey(HandshakeRequest request) throws HttpRefusal {
        String authorization = request.headers().get("Authorization");
        String fromProtocol = offered(request).filter(name -> name.startsWith(KEY_PROTOCOL))
                .map(name -> name.substring(KEY_PROTOCOL.length())).findFirst().orElse(null);
        if (authorization != null && fromProtocol != null) {
            throw new HttpRefusal(401, "invalid_api_key",
                    "Give the API key in the Authorization header or as a subprotocol, not both.", null);
        }
        String key = authorization != null && authorization.startsWith(BEARER)
                ? authorization.substring(BEARER.length()) : fromProtocol;
        if (azure && key == null) {
            key = request.headers().get("api-key");
        }
        if (key == null) {
            throw new HttpRefusal(401, null, "Missing bearer authentication in header", null);
        }
        return keys.contains(key);
    }

    private static Stream<String> offered(HandshakeRequest request) {
        return request.headers().values("Sec-WebSocket-Protocol").stream()
                .flatMap(line -> Arrays.stream(line.split(",")))
                .map(String::trim);
    }

    private static String modelOf(HttpUrl url, String otherwise) {
        return Objects.requireNonNullElse(url.queryParameter("model"), otherwise);
    }
}
