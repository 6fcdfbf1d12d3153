// SPDX-License-Identifier: Apache-2.0
package io.nvremote.viewer;

import java.time.Duration;
import org.osgi.annotation.versioning.ProviderType;

/** Whether the host is there. Safe for any thread. */
@ProviderType
public interface ControlLink {

    /** Tells the host that we live; its answer says that it does. */
    void ping();

    /** Of the last ping that was answered; zero before. */
    Duration roundTrip();

    /** How long nothing was heard of the host. */
    Duration silence();
}
