// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tunnel;

/** Figures of a tunnel since it began. {@code rejected}: datagrams that were forged, replayed, malformed or unknown. */
public record TunnelStats(
        long sentDatagrams,
        long sentBytes,
        long receivedDatagrams,
        long receivedBytes,
        long rejected,
        long handshakes,
        long pathChanges) {}
