// SPDX-License-Identifier: Apache-2.0
package io.nvremote.identity;

import io.nvremote.core.StreamException;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** This machine as a host of an organisation. A service. Safe for any thread. */
@ProviderType
public interface HostIdentity {

    /**
     * The identity that was kept, or a new one; one that has expired comes back by proof of its key. Blocks until there is one:
     * what can pass is tried again, with pauses. For a host that finds its credentials expired, to be called again.
     *
     * @throws StreamException with an {@link IdentityError} that trying again does not help against
     * @throws InterruptedException if the caller is interrupted meanwhile
     */
    Credentials obtain() throws InterruptedException;

    /** What this machine is now: the control plane is told at enrolment, and each time it connects. Cheap. */
    HostFacts facts();

    /**
     * A request for the next certificate (RFC 2986, in PEM) if it is time for one, with a new key that is kept in memory until the
     * answer. Cheap while it is not; may be asked as often as one likes.
     */
    Optional<String> renewalRequest();

    /**
     * Takes the answer to the last request and keeps what came of it.
     *
     * @param certificate the certificate and its issuers, in PEM
     * @param authority whose servers are believed from now on, in PEM
     * @throws StreamException {@link IdentityError#CERTIFICATE_UNUSABLE}; the present identity stays in force
     */
    Credentials renewed(String certificate, String authority);
}
