// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory;

import io.nvremote.core.HostId;
import io.nvremote.core.OrgId;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A machine that can be streamed from.
 *
 * @param gpuInfo what the host said of its GPU at enrolment: name, vram_total_mb, driver_version, cuda_version; may be empty
 * @param osInfo platform, version, arch; may be empty
 * @param maxSessions sessions it may run at once
 * @param figures the newest heartbeat, or null before the first
 */
public record Host(
        HostId id,
        OrgId org,
        String hostname,
        @Nullable String displayName,
        HostStatus status,
        Map<String, String> gpuInfo,
        Map<String, String> osInfo,
        @Nullable String agentVersion,
        int maxSessions,
        @Nullable HostMetrics figures,
        @Nullable Instant lastHeartbeatAt,
        @Nullable Instant certificateExpiresAt,
        Instant registeredAt) {

    public Host {
        gpuInfo = Map.copyOf(gpuInfo);
        osInfo = Map.copyOf(osInfo);
    }

    /** The display name if it has one, else the host name. */
    public String label() {
        return displayName == null ? hostname : displayName;
    }
}
