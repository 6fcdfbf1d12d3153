// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import io.nvremote.core.HostId;
import io.nvremote.signaling.Signal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A host as the list shows it. Immutable; null where the host did not say, or guests may not know.
 *
 * @param org the organisation's name; empty until it is known
 * @param status ONLINE, OFFLINE, BUSY or MAINTENANCE
 * @param lastSeen ISO-8601, or null if it never was
 */
record HostEntry(
        HostId id,
        String name,
        String org,
        String status,
        @Nullable String gpuName,
        @Nullable Double gpuUsage,
        @Nullable Double cpuUsage,
        @Nullable Long memoryUsedMb,
        @Nullable Long memoryTotalMb,
        int activeSessions,
        @Nullable String os,
        @Nullable String lastSeen) {

    /** A host as the control plane's channel told of it. */
    static HostEntry of(Signal.HostStatus told, Signal.HostLabel label, String org) {
        Signal.HostLoad load = told.load();
        boolean heard = load != null && !told.status().equals("OFFLINE");
        Instant seen = heard ? told.updatedAt() : label.lastSeen();
        return new HostEntry(
                told.hostId(),
                label.name(),
                org,
                told.status(),
                label.gpuName(),
                told.gpuUsage(),
                load == null ? null : load.cpuUsage(),
                load == null ? null : load.memoryUsedMb(),
                load == null ? null : load.memoryTotalMb(),
                told.activeSessions(),
                label.os(),
                seen == null ? null : seen.toString());
    }
}
