// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest;

import io.nvremote.core.ErrorCode;
import io.nvremote.core.Remedy;

/** Errors of the HTTP layer itself. */
enum RestError implements ErrorCode {
    BODY_MALFORMED(
            Remedy.CALLER, "The body is not the JSON that the operation takes. The message says where it broke."),
    BODY_TOO_LARGE(Remedy.CALLER, "The body is larger than 256 KiB."),
    FIELD_INVALID(Remedy.CALLER, "A field or parameter is missing or breaks its rule. The message names it."),
    NOT_FOUND(Remedy.CALLER, "There is nothing at this address, or you may not see it."),
    METHOD_NOT_ALLOWED(Remedy.CALLER, "This address does not take this method."),
    MEDIA_TYPE_REFUSED(Remedy.CALLER, "This operation takes and gives application/json."),
    REQUEST_INVALID(Remedy.CALLER, "The request breaks a rule of HTTP or of this operation."),
    ROLE_INSUFFICIENT(
            Remedy.CALLER, "Your role in the organisation does not allow this. Ask an admin of the organisation.");

    private final Remedy remedy;
    private final String advice;

    RestError(Remedy remedy, String advice) {
        this.remedy = remedy;
        this.advice = advice;
    }

    @Override
    public Remedy remedy() {
        return remedy;
    }

    @Override
    public String advice() {
        return advice;
    }
}
