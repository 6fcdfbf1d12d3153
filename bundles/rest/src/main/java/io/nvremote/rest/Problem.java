// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest;

import io.nvremote.core.ErrorCode;
import io.nvremote.core.StreamException;
import java.util.HashMap;
import java.util.Map;

/**
 * The body of every error: the original's {@code error} member, and the members of RFC 9457 beside it.
 *
 * @param type a stable URI for this kind of error
 * @param title the advice: what happened and what to do
 */
record Problem(Detail error, String type, String title, int status) {

    record Detail(String code, String message, Map<String, String> details) {}

    /** Codes whose status is not the one that their remedy suggests. */
    private static final Map<String, Integer> STATUS = statuses();

    static Problem of(StreamException e) {
        return of(e.code(), e.getMessage() == null ? e.code().advice() : e.getMessage());
    }

    static Problem of(ErrorCode code, String message) {
        return of(code, message, Map.of());
    }

    /** @param more details beside remedy and advice */
    static Problem of(ErrorCode code, String message, Map<String, String> more) {
        Map<String, String> details = new HashMap<>(more);
        details.put("remedy", code.remedy().name());
        details.put("advice", code.advice());
        return new Problem(
                new Detail(code.name(), message, Map.copyOf(details)),
                "urn:nvremote:error:" + code.name(),
                code.advice(),
                status(code));
    }

    static int status(ErrorCode code) {
        Integer special = STATUS.get(code.name());
        if (special != null) {
            return special;
        }
        return switch (code.remedy()) {
            case CALLER, PEER -> 400;
            case RETRY, OPERATOR -> 503;
            case BUG -> 500;
        };
    }

    private static Map<String, Integer> statuses() {
        Map<String, Integer> map = new HashMap<>();
        for (String code : new String[] {
            "TOKEN_MISSING", "TOKEN_INVALID", "TOKEN_EXPIRED", "REFRESH_INVALID", "REFRESH_REUSED", "TOKEN_REFUSED"
        }) {
            map.put(code, 401);
        }
        for (String code : new String[] {"ROLE_INSUFFICIENT", "SIGN_IN_REFUSED", "IDENTITY_REFUSED"}) {
            map.put(code, 403);
        }
        for (String code : new String[] {
            "NOT_FOUND", "USER_UNKNOWN", "ORG_UNKNOWN", "HOST_UNKNOWN", "SESSION_UNKNOWN", "SESSION_HOST_UNKNOWN"
        }) {
            map.put(code, 404);
        }
        for (String code : new String[] {
            "SLUG_TAKEN",
            "LAST_ADMIN",
            "SESSION_HOST_OFFLINE",
            "SESSION_HOST_BUSY",
            "SESSION_HOST_IN_MAINTENANCE",
            "SESSION_REJECTED",
            "SESSION_ENDED",
            "IDEMPOTENCY_MISMATCH"
        }) {
            map.put(code, 409);
        }
        map.put("METHOD_NOT_ALLOWED", 405);
        map.put("BODY_TOO_LARGE", 413);
        map.put("MEDIA_TYPE_REFUSED", 415);
        map.put("TOO_MANY_REQUESTS", 429);
        map.put("ISSUER_INVALID", 502);
        map.put("SESSION_HOST_SILENT", 504);
        return Map.copyOf(map);
    }
}
