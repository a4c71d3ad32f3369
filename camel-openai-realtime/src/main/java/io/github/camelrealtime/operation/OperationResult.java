package io.github.camelrealtime.operation;

import io.github.camelrealtime.session.ResponseResult;
import io.github.camelrealtime.session.Transcript;

/**
 * What came of an operation.
 *
 * @param reply      the new body, or {@code null} to leave the body alone
 * @param response   the response that the reply was made of
 * @param transcript the transcript that the reply was made of
 * @param itemId     the conversation item made, or {@code null}
 */
public record OperationResult(Object reply, ResponseResult response, Transcript transcript, String itemId) {

    public static final OperationResult DONE = new OperationResult(null, null, null, null);

    static OperationResult ofItem(String itemId) {
        return itemId == null ? DONE : new OperationResult(null, null, null, itemId);
    }
}
