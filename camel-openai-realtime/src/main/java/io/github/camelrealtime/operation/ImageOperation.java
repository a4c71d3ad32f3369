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
package io.github.camelrealtime.operation;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelrealtime.session.RealtimeSession;
import org.apache.camel.Exchange;
import org.apache.camel.WrappedFile;

/**
 * {@code append-image}: a picture becomes a user message of the conversation. Asks for no response, so that several pictures, or
 * a picture and a question, make one turn.
 */
final class ImageOperation {

    /** Beside the image: the rest of its frame, and what may wait in the transport before it. */
    private static final int REST_BYTES = 256 * 1024;
    /** Base64 makes four characters of three bytes. */
    static final int MAX_IMAGE_BYTES = (RealtimeSession.MAX_EVENT_BYTES - REST_BYTES) / 4 * 3;

    private static final byte[] PNG = { (byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n' };
    private static final byte[] JPEG = { (byte) 0xFF, (byte) 0xD8, (byte) 0xFF };

    private ImageOperation() {
    }

    static CompletableFuture<OperationResult> append(Exchange exchange, OperationContext context) {
        Await await = Answers.await(context, Operation.APPEND_IMAGE);
        Object body = exchange.getMessage().getBody();
        if (body instanceof byte[] bytes) {
            return append(bytes, await, context);
        }
        if (body instanceof ByteBuffer buffer) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.duplicate().get(bytes);
            return append(bytes, await, context);
        }
        if (body == null || body instanceof String) {
            throw new IllegalArgumentException("append-image: the body is " + (body == null ? "empty" : "a String")
                                               + "; a PNG or JPEG is expected as byte[], InputStream or File");
        }
        refuseAtOnce(body);
        InputStream stream = stream(exchange, body);
        return CompletableFuture.supplyAsync(() -> read(stream), context.worker())
                .thenCompose(image -> append(image, await, context));
    }

    private static InputStream stream(Exchange exchange, Object body) {
        try {
            return Bodies.stream(exchange, body);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "append-image: " + e.getMessage() + "; a PNG or JPEG is expected as byte[], InputStream or File", e);
        }
    }

    /** A file tells its size without being read. */
    private static void refuseAtOnce(Object body) {
        Object inner = body instanceof WrappedFile<?> wrapped ? wrapped.getFile() : body;
        if (inner instanceof File file && file.length() > MAX_IMAGE_BYTES) {
            throw tooLarge(file.length() + " bytes");
        }
    }

    private static byte[] read(InputStream stream) {
        try (InputStream in = stream) {
            return in.readNBytes(MAX_IMAGE_BYTES + 1);
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    private static CompletableFuture<OperationResult> append(byte[] image, Await await, OperationContext context) {
        if (image.length > MAX_IMAGE_BYTES) {
            throw tooLarge("more than " + MAX_IMAGE_BYTES + " bytes");
        }
        ObjectNode item = JsonNodeFactory.instance.objectNode().put("type", "message").put("role", "user");
        ArrayNode content = item.putArray("content");
        if (context.overrides().imageText() != null) {
            content.addObject().put("type", "input_text").put("text", context.overrides().imageText());
        }
        ObjectNode part = content.addObject().put("type", "input_image")
                .put("image_url", "data:" + mediaType(image) + ";base64," + Base64.getEncoder().encodeToString(image));
        if (context.settings().imageDetail() != null) {
            part.put("detail", context.settings().imageDetail().name().toLowerCase(Locale.ROOT));
        }
        return ItemOperations.create(item, null, null, await, context, Operation.APPEND_IMAGE)
                .thenApply(created -> created.withImage(image.length));
    }

    /** By what the bytes are: names lie. */
    private static String mediaType(byte[] image) {
        if (startsWith(image, PNG)) {
            return "image/png";
        }
        if (startsWith(image, JPEG)) {
            return "image/jpeg";
        }
        throw new IllegalArgumentException(
                "append-image: the " + image.length + " bytes of the body are neither a PNG nor a JPEG, and the service takes "
                                           + "no other image: convert it first");
    }

    private static boolean startsWith(byte[] image, byte[] magic) {
        return image.length >= magic.length && Arrays.equals(image, 0, magic.length, magic, 0, magic.length);
    }

    private static IllegalArgumentException tooLarge(String size) {
        return new IllegalArgumentException(
                "append-image: the image has " + size + "; " + MAX_IMAGE_BYTES + " bytes fit into a frame of 12 MiB, so scale "
                                            + "it down or compress it more");
    }
}
