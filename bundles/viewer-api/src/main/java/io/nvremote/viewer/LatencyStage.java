// SPDX-License-Identifier: Apache-2.0
package io.nvremote.viewer;

/** What a picture goes through between the host's screen and ours, in order. */
public enum LatencyStage {
    CAPTURE,
    CONVERT,
    ENCODE,
    PACKETISE,
    NETWORK,
    DECODE,
    SHOW,
    /** From the host's screen to ours. */
    TOTAL
}
