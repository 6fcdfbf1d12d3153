// SPDX-License-Identifier: Apache-2.0
package io.nvremote.connect;

import io.nvremote.core.ErrorCode;
import io.nvremote.core.Remedy;

/** Why a connect or disconnect did not succeed. */
public enum ConnectError implements ErrorCode {
    SESSION_HOST_UNKNOWN(404, Remedy.CALLER, "There is no such host."),
    SESSION_HOST_OFFLINE(
            409, Remedy.RETRY, "The host is not connected. Start its agent, or try again when it is online."),
    SESSION_HOST_BUSY(409, Remedy.RETRY, "The host runs as many sessions as it may. Try again when one has ended."),
    SESSION_HOST_IN_MAINTENANCE(409, Remedy.RETRY, "The host was taken out of use by an admin."),
    SESSION_HOST_SILENT(
            504, Remedy.RETRY, "The host did not answer in time. Try again; if it lasts, look at its agent's log."),
    SESSION_REJECTED(409, Remedy.RETRY, "The host refused the session. The message has its reason."),
    SESSION_ENDED(
            409,
            Remedy.CALLER,
            "The session ended while it was being set up, or before this repeated request. Ask for a new one."),
    SESSION_UNKNOWN(404, Remedy.CALLER, "There is no such session."),
    SESSION_KEY_INVALID(
            Remedy.CALLER,
            "A public key is base64 of 32 bytes, in its one form, of no low order and nobody else's. Make a new pair of keys."),
    IDEMPOTENCY_KEY_INVALID(Remedy.CALLER, "The idempotency key is malformed or was used for another request."),
    NO_GATEWAY(Remedy.RETRY, "No gateway is connected. Try again; if it lasts, an operator must look at the gateway."),
    NO_ADDRESSES(Remedy.RETRY, "All tunnel addresses are in use or in quarantine. Try again in a few minutes.");

    private final int status;
    private final Remedy remedy;
    private final String advice;

    ConnectError(Remedy remedy, String advice) {
        this(0, remedy, advice);
    }

    /** @param status the HTTP status, where it is not the remedy's */
    ConnectError(int status, Remedy remedy, String advice) {
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
