// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest;

import io.nvremote.core.ErrorCode;
import io.nvremote.core.StreamException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The body of every error: the original's {@code error} member, and the members of RFC 9457 beside it.
 *
 * @param type a stable URI for this kind of error
 * @param title the advice: what happened and what to do
 * @param instance names the request that failed, as the answer's X-Request-Id and the log do; null where there is none
 */
public record Problem(
        Detail error,
        String type,
        String title,
        int status,
        @Nullable String instance) {

    /** RFC 9457, 3. */
    public static final String MEDIA_TYPE = "application/problem+json";

    public record Detail(String code, String message, Map<String, String> details) {}

    /** What a failure tells its caller. */
    public static Problem of(StreamException e) {
        return of(e.code(), e.getMessage() == null ? e.code().advice() : e.getMessage());
    }

    /** A failure that is no exception. */
    public static Problem of(ErrorCode code, String message) {
        return of(code, message, Map.of());
    }

    /** A failure with more details beside remedy and advice. */
    public static Problem of(ErrorCode code, String message, Map<String, String> more) {
        Map<String, String> details = new HashMap<>(more);
        details.put("remedy", code.remedy().name());
        details.put("advice", code.advice());
        return new Problem(
                new Detail(code.name(), message, Map.copyOf(details)),
                "urn:nvremote:error:" + code.name(),
                code.advice(),
                code.httpStatus(),
                null);
    }

    /** The same, of the request with this name. */
    public Problem during(@Nullable String requestId) {
        return new Problem(error, type, title, status, requestId == null ? null : "urn:nvremote:request:" + requestId);
    }
}
