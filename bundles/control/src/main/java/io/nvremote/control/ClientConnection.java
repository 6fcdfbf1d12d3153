// SPDX-License-Identifier: Apache-2.0
package io.nvremote.control;

import io.nvremote.auth.Caller;
import io.nvremote.core.OrgId;
import io.nvremote.core.UserId;
import io.nvremote.signaling.SignalSession;
import java.util.Set;

/** A client's open socket after it showed its token; {@code orgs} are those whose hosts it hears about. Immutable. */
record ClientConnection(SignalSession socket, Caller caller, Set<OrgId> orgs) {

    UserId user() {
        return caller.user();
    }
}
