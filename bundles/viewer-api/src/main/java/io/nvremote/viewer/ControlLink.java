// SPDX-License-Identifier: Apache-2.0
package io.nvremote.viewer;

import io.nvremote.stream.StreamMessage;
import java.time.Duration;
import org.osgi.annotation.versioning.ProviderType;

/** The control channel, and whether the host is there. Safe for any thread. */
@ProviderType
public interface ControlLink {

    /** Says something, in order and without loss as long as the session lives. */
    void say(StreamMessage message);

    /** Tells the host that we live; its answer says that it does. */
    void ping();

    /** Of the last ping that was answered; zero before. */
    Duration roundTrip();

    /** How long nothing was heard of the host. */
    Duration silence();
}
