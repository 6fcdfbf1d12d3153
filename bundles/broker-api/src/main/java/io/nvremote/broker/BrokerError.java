// SPDX-License-Identifier: Apache-2.0
package io.nvremote.broker;

import io.nvremote.core.ErrorCode;
import io.nvremote.core.Remedy;

/** What can go wrong with sessions. */
public enum BrokerError implements ErrorCode {
    HOST_UNKNOWN(404, Remedy.CALLER, "There is no such host in the organisation."),
    HOST_OFFLINE(Remedy.RETRY, "The host is not connected. Start its agent, or try again when it is online."),
    HOST_BUSY(Remedy.RETRY, "The host runs as many sessions as it may. Try again when one has ended."),
    HOST_IN_MAINTENANCE(Remedy.RETRY, "The host was taken out of use by an admin."),
    HOST_REJECTED(Remedy.RETRY, "The host refused the session. The message has its reason."),
    HOST_TIMEOUT(Remedy.RETRY, "The host did not answer in time. Try again; if it lasts, look at its agent's log."),
    KEY_REFUSED(
            Remedy.CALLER,
            "A public key is base64 of 32 bytes, in its one form, of no low order and nobody else's. Make a new pair of keys."),
    GATEWAY_UNKNOWN(Remedy.RETRY, "The gateway is not known. Try again when it has connected."),
    GATEWAY_UNAVAILABLE(
            Remedy.RETRY, "No gateway is connected. Try again; if it lasts, an operator must look at the gateway."),
    ADDRESS_POOL_EXHAUSTED(
            Remedy.RETRY,
            "All tunnel addresses of the gateway are in use or in quarantine. Try again in a few minutes."),
    IDEMPOTENCY_MISMATCH(
            422, Remedy.CALLER, "This idempotency key was used for another request. Use a new key for a new request."),
    IDEMPOTENCY_KEY_REFUSED(Remedy.CALLER, "An idempotency key is 1 to 255 visible ASCII characters."),
    SESSION_UNKNOWN(404, Remedy.CALLER, "There is no such session."),
    SESSION_ENDED(409, Remedy.CALLER, "The session has ended. Ask for a new one."),
    ALREADY_ANSWERED(Remedy.PEER, "The host answered this session before, with another key."),
    NOT_ANSWERED(Remedy.BUG, "A session was to become active before its host answered.");

    private final int status;
    private final Remedy remedy;
    private final String advice;

    BrokerError(Remedy remedy, String advice) {
        this(0, remedy, advice);
    }

    /** @param status the HTTP status, where it is not the remedy's */
    BrokerError(int status, Remedy remedy, String advice) {
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
