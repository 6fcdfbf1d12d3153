// SPDX-License-Identifier: Apache-2.0
package io.nvremote.signaling;

/** The two channels of the control plane. */
public enum SignalChannel {
    /** {@code /ws/host}: mutual TLS. */
    HOST,
    /** {@code /ws/client}: token in the first message. */
    CLIENT
}
