// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.hosts;

import io.nvremote.directory.Host;
import io.nvremote.directory.HostMetrics;
import io.nvremote.directory.Role;
import io.nvremote.rest.Says;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The JSON forms of hosts. */
final class HostViews {

    private HostViews() {}

    /** A host; guests see only id, org, name and status. */
    public record HostView(
            @Says(format = "uuid") String id,
            @Says(format = "uuid") String orgId,
            String hostname,
            @Nullable String displayName,

            @Says(values = {"ONLINE", "OFFLINE", "MAINTENANCE"})
            String status,

            @Nullable Map<String, String> gpuInfo,
            @Nullable Map<String, String> osInfo,
            @Nullable String agentVersion,
            @Nullable Integer maxSessions,
            @Says(format = "date-time") @Nullable String lastHeartbeatAt,
            @Says(format = "date-time") @Nullable String registeredAt,
            @Nullable HostMetricsView figures) {}

    /** Latest figures of a host. */
    public record HostMetricsView(
            @Says(format = "date-time") String at,
            double cpuUsage,
            @Nullable Long memoryTotalMb,
            @Nullable Long memoryUsedMb,
            @Nullable Double gpuUsage,
            @Nullable String gpuName,
            @Nullable Long gpuVramTotalMb,
            @Nullable Long gpuVramUsedMb,
            boolean streamerRunning,
            int activeSessions,
            long uptimeSeconds) {}

    /** How a host is now. */
    public record HostStatusView(
            @Says(format = "uuid") String hostId,

            @Says(values = {"ONLINE", "OFFLINE", "MAINTENANCE"})
            String status,

            @Says(format = "date-time") @Nullable String lastSeen,
            @Nullable HostMetricsView figures) {}

    static HostView host(Host host, Role role) {
        if (role == Role.GUEST) {
            return new HostView(
                    host.id().toString(),
                    host.org().toString(),
                    host.hostname(),
                    host.displayName(),
                    host.status().name(),
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null);
        }
        return new HostView(
                host.id().toString(),
                host.org().toString(),
                host.hostname(),
                host.displayName(),
                host.status().name(),
                host.gpuInfo(),
                host.osInfo(),
                host.agentVersion(),
                host.maxSessions(),
                text(host.lastHeartbeatAt()),
                host.registeredAt().toString(),
                figures(host.figures()));
    }

    static HostStatusView status(Host host) {
        return new HostStatusView(
                host.id().toString(), host.status().name(), text(host.lastHeartbeatAt()), figures(host.figures()));
    }

    private static @Nullable HostMetricsView figures(@Nullable HostMetrics f) {
        return f == null
                ? null
                : new HostMetricsView(
                        f.at().toString(),
                        f.cpuUsage(),
                        f.memoryTotalMb(),
                        f.memoryUsedMb(),
                        f.gpuUsage(),
                        f.gpuName(),
                        f.gpuVramTotalMb(),
                        f.gpuVramUsedMb(),
                        f.streamerRunning(),
                        f.activeSessions(),
                        f.uptimeSeconds());
    }

    private static @Nullable String text(@Nullable Instant at) {
        return at == null ? null : at.toString();
    }
}
