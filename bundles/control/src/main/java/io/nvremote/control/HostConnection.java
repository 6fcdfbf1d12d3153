// SPDX-License-Identifier: Apache-2.0
package io.nvremote.control;

import io.nvremote.core.Actor;
import io.nvremote.core.HostId;
import io.nvremote.core.OrgId;
import io.nvremote.signaling.SignalSession;
import java.math.BigInteger;

/** A host's open socket: what its certificate says it is, whatever its messages say. */
record HostConnection(SignalSession socket, OrgId org, HostId host, BigInteger serial) {

    Actor actor() {
        return Actor.host(host, socket.remote().getAddress());
    }
}
