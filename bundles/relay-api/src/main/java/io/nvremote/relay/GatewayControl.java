// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay;

import org.osgi.annotation.versioning.ProviderType;

/**
 * The open control port of a gateway: a service while its control plane can reach it. All methods may be called from any
 * thread.
 */
@ProviderType
public interface GatewayControl {

    /** What the gateway tells its control plane about itself. */
    GatewayInfo info();

    /** The TCP port that is served. */
    int port();
}
