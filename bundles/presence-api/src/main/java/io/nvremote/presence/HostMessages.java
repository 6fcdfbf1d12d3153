// SPDX-License-Identifier: Apache-2.0
package io.nvremote.presence;

import io.nvremote.signaling.Signal;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Takes what hosts say that brokering has no use for. A service, of any bundle that has something to say to hosts: what it says goes by
 * {@link Presence#send}.
 *
 * <p><b>Threads.</b> Called on the thread of the host's socket, one message of a host at a time; may block for as long as a database does.
 */
@ConsumerType
public interface HostMessages {

    /**
     * A host said something.
     *
     * @param host who it is by its certificate
     * @return whether this was meant for it; what nobody takes is refused, and the host's socket closed
     */
    boolean received(Holder.Host host, Signal signal);
}
