// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport;

import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ConsumerType;

/** Takes what arrives on a control channel, in order, one call at a time. */
@ConsumerType
@FunctionalInterface
public interface ControlListener {

    /** One message; lent until the call returns. */
    void message(ByteBuffer message);
}
