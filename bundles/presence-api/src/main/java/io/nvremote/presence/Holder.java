// SPDX-License-Identifier: Apache-2.0
package io.nvremote.presence;

import io.nvremote.core.HostId;
import io.nvremote.core.OrgId;
import io.nvremote.core.UserId;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;

/** Who a socket showed to be, whatever its messages say. Immutable. */
public sealed interface Holder {

    /**
     * A host.
     *
     * @param serial of the certificate it showed
     * @param renewing whether it got its next certificate on this connection, with which it will come again
     * @param moving whether it said on this connection that it comes again on another
     */
    record Host(OrgId org, HostId host, BigInteger serial, boolean renewing, boolean moving) implements Holder {

        /** One that has just come. */
        public Host(OrgId org, HostId host, BigInteger serial) {
            this(org, host, serial, false, false);
        }

        /** The same host, about to come again with another certificate. */
        public Host renewed() {
            return new Host(org, host, serial, true, moving);
        }

        /** The same host, about to come again on another connection. */
        public Host moved() {
            return new Host(org, host, serial, renewing, true);
        }

        /** Whether that one is this host, come again as it was to. */
        public boolean expects(Host next) {
            return moving || (renewing && !serial.equals(next.serial));
        }
    }

    /**
     * A client.
     *
     * @param signIn the sign-in its token descends from
     * @param expires when the token ends
     * @param orgs organisations of whose hosts it hears everything
     * @param guestOf organisations of whose hosts it hears only what guests may know
     */
    record Client(UserId user, UUID signIn, Instant expires, Set<OrgId> orgs, Set<OrgId> guestOf) implements Holder {

        public Client {
            orgs = Set.copyOf(orgs);
            guestOf = Set.copyOf(guestOf);
        }
    }
}
