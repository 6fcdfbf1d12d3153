// SPDX-License-Identifier: Apache-2.0
package io.nvremote.presence;

import io.nvremote.core.ErrorCode;
import io.nvremote.core.Remedy;

/** What can go wrong with connections. */
public enum PresenceError implements ErrorCode {
    CLONED_IDENTITY(
            Remedy.OPERATOR,
            "Two machines show the identity of one host, as after a copied disk. Delete identity.pem on the copy and enrol it as a host of its own."),
    NO_ANSWER(Remedy.RETRY, "The host did not answer in time. Try again; if it lasts, look at its agent's log."),
    PEER_GONE(Remedy.RETRY, "The other side went away before it answered. Try again when it is back.");

    private final Remedy remedy;
    private final String advice;

    PresenceError(Remedy remedy, String advice) {
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
