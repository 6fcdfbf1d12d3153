// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tunnel;

import io.nvremote.core.ErrorCode;
import io.nvremote.core.Remedy;

/** What can go wrong with a tunnel. */
public enum TunnelError implements ErrorCode {
    SOCKET_UNAVAILABLE(Remedy.OPERATOR, "No UDP socket could be opened. The message says why."),
    BAD_KEY(Remedy.PEER, "The peer's public key is not a usable Curve25519 key. Start the session again."),
    PORT_IN_USE(Remedy.BUG, "A port inside the tunnel was opened twice."),
    PEER_SILENT(
            Remedy.RETRY,
            "The other side does not answer through the tunnel. Check that it is online, then connect again."),
    CLOSED(Remedy.RETRY, "The tunnel is closed. Start a new session.");

    private final Remedy remedy;
    private final String advice;

    TunnelError(Remedy remedy, String advice) {
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
