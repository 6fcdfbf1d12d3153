// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay;

import io.nvremote.core.ErrorCode;
import io.nvremote.core.Remedy;

/** What can go wrong around a relay and its gateway. */
public enum RelayError implements ErrorCode {
    BAD_SESSION(Remedy.BUG, "A relay session is malformed. The message names the value and the rule."),
    BAD_TICKET(Remedy.CALLER, "A relay ticket is not base64 text of 16 to 64 bytes. Start the session again."),
    STALE_CHANGE(
            Remedy.RETRY,
            "A change of the relay's sessions is older than what the relay already knows. Send the full set."),
    PORT_IN_USE(
            Remedy.OPERATOR,
            "The gateway's port is taken by another program. Stop that program or configure another port."),
    SOCKET_UNAVAILABLE(Remedy.OPERATOR, "The gateway's socket can't be opened. The message says why."),
    GATEWAY_UNAVAILABLE(
            Remedy.RETRY, "No gateway is reachable now. Try again; if it stays so, check that the gateway runs."),
    GATEWAY_REFUSED(
            Remedy.OPERATOR,
            "The gateway and the control plane don't trust each other. Check certificates and the gateway id.");

    private final Remedy remedy;
    private final String advice;

    RelayError(Remedy remedy, String advice) {
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
