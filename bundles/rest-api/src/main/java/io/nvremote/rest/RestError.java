// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest;

import io.nvremote.core.ErrorCode;
import io.nvremote.core.Remedy;

/** Errors of the HTTP layer itself. */
public enum RestError implements ErrorCode {
    BODY_MALFORMED(
            Remedy.CALLER, "The body is not the JSON that the operation takes. The message says where it broke."),
    BODY_CUT_OFF(Remedy.CALLER, "The connection ended before the body was complete. Send the request again."),
    BODY_TOO_LARGE(413, Remedy.CALLER, "The body is larger than 256 KiB."),
    FIELD_INVALID(Remedy.CALLER, "A field or parameter is missing or breaks its rule. The message names it."),
    NOT_FOUND(404, Remedy.CALLER, "There is nothing at this address, or you may not see it."),
    METHOD_NOT_ALLOWED(405, Remedy.CALLER, "This address does not take this method."),
    NOT_ACCEPTABLE(406, Remedy.CALLER, "Answers are application/json: let the Accept header have it, or leave it out."),
    MEDIA_TYPE_REFUSED(415, Remedy.CALLER, "This operation takes application/json. Say so in the Content-Type."),
    REQUEST_INVALID(Remedy.CALLER, "The request breaks a rule of HTTP or of this operation."),
    PRECONDITION_REQUIRED(
            428,
            Remedy.CALLER,
            "A change names the state that it is made of: get the thing, and send its ETag as If-Match (RFC 6585)."),
    PRECONDITION_FAILED(
            412,
            Remedy.CALLER,
            "Somebody has changed it since you got it. Get it again, and look whether yours still fits."),
    IDEMPOTENCY_KEY_INVALID(Remedy.CALLER, "An Idempotency-Key is one header of 1 to 255 visible ASCII characters."),
    IDEMPOTENCY_KEY_REUSED(
            422, Remedy.CALLER, "This Idempotency-Key was used for another request. Make a new key for a new request."),
    IDEMPOTENCY_KEY_IN_FLIGHT(
            409, Remedy.RETRY, "The same request is being done. Ask again in a moment, with the same Idempotency-Key."),
    IDEMPOTENCY_OUTCOME_UNKNOWN(
            409,
            Remedy.CALLER,
            "The request was begun, and how it ended was lost. Look whether it was done; if not, ask again with a new"
                    + " Idempotency-Key."),
    IDEMPOTENCY_KEYS_EXHAUSTED(
            429,
            Remedy.RETRY,
            "You have used as many Idempotency-Keys as are remembered for a day. Ask without one, or later."),
    ROLE_INSUFFICIENT(
            403, Remedy.CALLER, "Your role in the organisation does not allow this. Ask an admin of the organisation.");

    private final int status;
    private final Remedy remedy;
    private final String advice;

    RestError(Remedy remedy, String advice) {
        this(0, remedy, advice);
    }

    /** @param status the HTTP status, where it is not the remedy's */
    RestError(int status, Remedy remedy, String advice) {
        this.status = status;
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

    @Override
    public int httpStatus() {
        return status == 0 ? ErrorCode.super.httpStatus() : status;
    }
}
