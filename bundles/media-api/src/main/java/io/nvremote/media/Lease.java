// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media;

import org.osgi.annotation.versioning.ConsumerType;

/** Memory of a picture that its owner uses again when nobody holds it any more. Holds are taken and released by any thread. */
@ConsumerType
public interface Lease {

    /** Where the pixels are. Valid while held. */
    Surface surface();

    /** The pixels in memory that the CPU reads; memory of a device overrides it with a {@link Download}. Valid while held. */
    default HostSurface host() {
        return HostSurface.of(surface());
    }

    /** One more hold; whoever takes it releases what this returns, once. It may be this lease itself. */
    Lease hold();

    /** Ends a hold. */
    void release();
}
