package io.nvremote.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.nvremote.core.HostId;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A host as the list shows it. Immutable; null where the host did not say. */
record Remote(
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

    static Remote of(JsonNode host, String org) {
        JsonNode figures =
                host.path("figures").isObject() ? host.path("figures") : host;
        JsonNode gpu = host.path("gpu_info");
        String gpuName = Json.textOrNull(figures, "gpu_name");
        String id = Json.textOrNull(host, "id");
        return new Remote(
                HostId.of(id == null ? Json.text(host, "host_id", ClientError.SESSION_REFUSED) : id),
                first(Json.textOrNull(host, "name"), Json.textOrNull(host, "hostname"), "host"),
                org,
                first(Json.textOrNull(host, "status"), null, "OFFLINE").toUpperCase(Locale.ROOT),
                gpuName != null ? gpuName : gpu.isTextual() ? gpu.textValue() : Json.textOrNull(gpu, "name"),
                real(figures, "gpu_usage"),
                real(figures, "cpu_usage"),
                whole(figures, "memory_used_mb"),
                whole(figures, "memory_total_mb"),
                figures.path("active_sessions").asInt(0),
                host.path("os_info").isTextual()
                        ? host.path("os_info").textValue()
                        : Json.textOrNull(host.path("os_info"), "name"),
                Json.textOrNull(host, "last_seen"));
    }

    Remote with(String newStatus, @Nullable Double newGpuUsage, int sessions, String seen) {
        return new Remote(
                id, name, org, newStatus, gpuName, newGpuUsage, cpuUsage, memoryUsedMb, memoryTotalMb, sessions, os, seen);
    }

    private static String first(@Nullable String a, @Nullable String b, String otherwise) {
        return a != null ? a : b != null ? b : otherwise;
    }

    private static @Nullable Double real(JsonNode node, String field) {
        return node.path(field).isNumber() ? node.path(field).doubleValue() : null;
    }

    private static @Nullable Long whole(JsonNode node, String field) {
        return node.path(field).isNumber() ? node.path(field).longValue() : null;
    }
}
