// SPDX-License-Identifier: Apache-2.0
package io.nvremote.connect;

import io.nvremote.core.Actor;
import io.nvremote.core.OrgId;
import io.nvremote.core.SessionId;
import org.osgi.annotation.versioning.ProviderType;

/** Connects and disconnects. A service. Safe for any thread; blocks. Rights are the caller's to check. */
@ProviderType
public interface Connections {

    /**
     * Connects: takes addresses, tells the gateway, offers the session to the host and waits for its answer, at most 10 s.
     * With an idempotency key that the user used before, gives that session as it is now.
     *
     * @return the session, ACTIVE
     * @throws io.nvremote.core.StreamException a {@link ConnectError}; nothing stays allocated then
     */
    Connection connect(ConnectRequest request, Actor actor);

    /**
     * Ends a session: notes it, tells the host, takes it out of the gateway. One that has ended stays as it is.
     *
     * @param reason short and stable: {@code user_disconnect}, {@code admin_force}
     * @throws io.nvremote.core.StreamException {@link ConnectError#SESSION_UNKNOWN}
     */
    void disconnect(OrgId org, SessionId session, String reason, Actor actor);
}
