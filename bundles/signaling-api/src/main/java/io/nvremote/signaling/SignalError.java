// SPDX-License-Identifier: Apache-2.0
package io.nvremote.signaling;

import io.nvremote.core.ErrorCode;
import io.nvremote.core.Remedy;

/** What can go wrong on a signaling channel; each closes the socket with code 1008 (1009 when too large). */
public enum SignalError implements ErrorCode {
    MALFORMED(Remedy.PEER, "A message is not a JSON object of the protocol. Check the sender's version."),
    UNKNOWN_TYPE(Remedy.PEER, "A message has a type that this version does not know. Check the sender's version."),
    TOO_LARGE(Remedy.PEER, "A message is larger than 64 KiB. Send less at once."),
    INVALID_FIELD(Remedy.PEER, "A field of a message is missing or breaks its rule. The message names the field."),
    NOT_AUTHENTICATED(
            Remedy.CALLER,
            "The first message must be an auth message with a valid access token, within 5 seconds. Sign in again."),
    NOT_ALLOWED(Remedy.CALLER, "The message concerns a host or session that is not the sender's.");

    private final Remedy remedy;
    private final String advice;

    SignalError(Remedy remedy, String advice) {
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
