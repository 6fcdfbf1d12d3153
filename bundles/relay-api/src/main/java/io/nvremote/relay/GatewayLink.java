// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay;

import io.nvremote.core.GatewayId;
import io.nvremote.core.SessionId;
import java.util.Collection;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * One gateway as its control plane sees it: a service for each configured gateway, there also while the gateway is not
 * reachable. The link keeps the set of sessions the gateway should have and brings it there again after every reconnect,
 * once {@link #replaceAll} was called for the first time (a control plane that has just started must not wipe live
 * sessions). All methods may be called from any thread, block for at most a few seconds, and are carried out in order.
 */
@ProviderType
public interface GatewayLink {

    /** Service property with the gateway's id as text. */
    String ID_PROPERTY = "gateway.id";

    /** The gateway this link was configured for. */
    GatewayId id();

    /** What the gateway last said about itself; empty until it was reached once. */
    Optional<GatewayInfo> info();

    /** Whether the gateway is reachable now. */
    boolean connected();

    /**
     * Adds or replaces a session and waits until the gateway has it.
     *
     * @throws io.nvremote.core.StreamException {@link RelayError#GATEWAY_UNAVAILABLE}: the session is not in the set
     *     then, and does not come back by a reconnect
     */
    void upsert(RelaySession session);

    /**
     * Takes a session out.
     *
     * @return true when the gateway confirmed that it passes no datagram of it any more; false when it could not be
     *     asked: the next reconnect takes the session out
     */
    boolean remove(SessionId session);

    /**
     * Makes this the set of sessions; sent at once when the gateway is reachable, otherwise at the reconnect.
     *
     * @return true when the gateway has it
     */
    boolean replaceAll(Collection<RelaySession> sessions);

    /**
     * The gateway's figures now.
     *
     * @throws io.nvremote.core.StreamException {@link RelayError#GATEWAY_UNAVAILABLE}
     */
    RelayCounters metrics();
}
