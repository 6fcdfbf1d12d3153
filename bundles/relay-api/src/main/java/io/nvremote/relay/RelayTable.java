// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay;

import io.nvremote.core.SessionId;
import java.util.Collection;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The sessions a relay may forward, as its control plane wants them. All methods may be called from any thread; a change
 * holds for every datagram that is handled after the call returned.
 *
 * <p><b>Order.</b> Every change carries a sequence number that its author raises. A change whose number is not above that
 * of the last one is refused, so that a late repetition can't bring a removed session back.
 */
@ConsumerType
public interface RelayTable {

    /**
     * Adds a session or replaces it; addresses already bound stay bound unless their ticket changed.
     *
     * @throws io.nvremote.core.StreamException {@link RelayError#STALE_CHANGE}
     */
    void upsert(long sequence, RelaySession session);

    /**
     * Takes a session out: no datagram of it passes afterwards. Unknown sessions are fine.
     *
     * @throws io.nvremote.core.StreamException {@link RelayError#STALE_CHANGE}
     */
    void remove(long sequence, SessionId session);

    /**
     * Makes the table exactly this set. Sessions that stay keep their bound addresses.
     *
     * @throws io.nvremote.core.StreamException {@link RelayError#STALE_CHANGE}
     */
    void replaceAll(long sequence, Collection<RelaySession> sessions);

    /** The number of the last change, 0 at first. */
    long sequence();

    /** Figures now. Cheap. */
    RelayCounters counters();
}
