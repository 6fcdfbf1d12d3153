// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.nvremote.core.HostId;
import org.jspecify.annotations.Nullable;

/** A host as the list shows it. Immutable; null where the host did not say. */
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

    /** Reads a host of {@code GET /orgs/:id/hosts}; a guest sees fewer fields. */
    static HostEntry of(JsonNode host, String org) {
        JsonNode figures = host.path("figures");
        JsonNode system = host.path("os_info");
        String display = Json.textOrNull(host, "display_name");
        String gpu = Json.textOrNull(figures, "gpu_name");
        String named = Json.textOrNull(system, "name");
        String platform = named == null ? Json.textOrNull(system, "platform") : named;
        String version = Json.textOrNull(system, "version");
        return new HostEntry(
                HostId.of(Json.text(host, "id", ClientError.SESSION_REFUSED)),
                display == null ? Json.text(host, "hostname", ClientError.SESSION_REFUSED) : display,
                org,
                Json.text(host, "status", ClientError.SESSION_REFUSED),
                gpu == null ? Json.textOrNull(host.path("gpu_info"), "name") : gpu,
                real(figures, "gpu_usage"),
                real(figures, "cpu_usage"),
                whole(figures, "memory_used_mb"),
                whole(figures, "memory_total_mb"),
                figures.path("active_sessions").asInt(0),
                platform == null || version == null ? platform : platform + " " + version,
                Json.textOrNull(host, "last_heartbeat_at"));
    }

    HostEntry with(String newStatus, @Nullable Double newGpuUsage, int sessions, String seen) {
        return new HostEntry(
                id,
                name,
                org,
                newStatus,
                gpuName,
                newGpuUsage,
                cpuUsage,
                memoryUsedMb,
                memoryTotalMb,
                sessions,
                os,
                seen);
    }

    private static @Nullable Double real(JsonNode node, String field) {
        return node.path(field).isNumber() ? node.path(field).doubleValue() : null;
    }

    private static @Nullable Long whole(JsonNode node, String field) {
        return node.path(field).isNumber() ? node.path(field).longValue() : null;
    }
}
