// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tunnel;

/** Who starts handshakes. One side only: two initiations that cross delay the tunnel by seconds. */
public enum TunnelRole {
    /** The client. */
    INITIATOR,
    /** The host. */
    RESPONDER
}
