// SPDX-License-Identifier: Apache-2.0
package io.nvremote.signaling.json;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvremote.signaling.Signal;
import org.jspecify.annotations.Nullable;

/** Records to JSON, {@code type} first; what is null is left out. Safe for any thread. */
final class SignalWriter {

    private final StrictJson json;

    SignalWriter(StrictJson json) {
        this.json = json;
    }

    String write(Signal signal) {
        return json.write(
                switch (signal) {
                    case Signal.Heartbeat s -> heartbeat(s);
                    case Signal.HostDescription s -> description(s);
                    case Signal.SessionAnswer s -> answer(s);
                    case Signal.SessionClosed s ->
                        typed("session_closed")
                                .put("session_id", s.sessionId().toString())
                                .put("reason", s.reason());
                    case Signal.SessionList s -> sessionList(s);
                    case Signal.CertificateRequest s ->
                        typed("certificate_request").put("csr", s.csr());
                    case Signal.Certificate s ->
                        typed("certificate").put("certificate", s.certificate()).put("ca", s.ca());
                    case Signal.ConnectionMove s -> typed("connection_move");
                    case Signal.BundleRead s ->
                        typed("bundle_read").put("sha256", s.sha256()).put("offset", s.offset());
                    case Signal.BundleOutcome s ->
                        typed("bundle_outcome")
                                .put("sha256", s.sha256())
                                .put("outcome", s.outcome().name())
                                .put("detail", s.detail());
                    case Signal.BundleOffer s ->
                        typed("bundle_offer")
                                .put("sha256", s.sha256())
                                .put("name", s.name())
                                .put("version", s.version())
                                .put("bytes", s.bytes())
                                .put("at_restart", s.atRestart());
                    case Signal.BundlePart s ->
                        typed("bundle_part")
                                .put("sha256", s.sha256())
                                .put("offset", s.offset())
                                .put("data", s.data());
                    case Signal.SessionOffer s -> offer(s);
                    case Signal.SessionTerminate s ->
                        typed("session_terminate")
                                .put("session_id", s.sessionId().toString())
                                .put("reason", s.reason());
                    case Signal.Candidates s -> candidates(s);
                    case Signal.Refusal s ->
                        typed("error").put("code", s.code()).put("message", s.message());
                    case Signal.ClientAuth s ->
                        typed("auth").put("token", s.token().reveal());
                    case Signal.Ready s -> typed("ready").put("version", s.version());
                    case Signal.HostStatus s -> hostStatus(s);
                    case Signal.HostsComplete s -> typed("hosts_complete").put("count", s.count());
                    case Signal.HostRemoved s ->
                        typed("host_removed").put("host_id", s.hostId().toString());
                    case Signal.SessionUpdate s -> sessionUpdate(s);
                });
    }

    private ObjectNode typed(String type) {
        return json.object().put("type", type);
    }

    private ObjectNode heartbeat(Signal.Heartbeat s) {
        ObjectNode node = typed("heartbeat")
                .put("host_id", s.hostId().toString())
                .put("timestamp", s.timestamp().toString());
        Signal.HostMetrics f = s.payload();
        ObjectNode payload = node.putObject("payload").put("cpu_usage", f.cpuUsage());
        putLong(payload, "memory_total_mb", f.memoryTotalMb());
        putLong(payload, "memory_used_mb", f.memoryUsedMb());
        putDouble(payload, "gpu_usage", f.gpuUsage());
        putText(payload, "gpu_name", f.gpuName());
        putLong(payload, "gpu_vram_total_mb", f.gpuVramTotalMb());
        putLong(payload, "gpu_vram_used_mb", f.gpuVramUsedMb());
        payload.put("nvremote-host_running", f.nvremoteHostRunning())
                .put("active_sessions", f.activeSessions())
                .put("uptime_seconds", f.uptimeSeconds());
        return node;
    }

    private ObjectNode description(Signal.HostDescription s) {
        ObjectNode node = typed("host_description").put("hostname", s.hostname());
        s.osInfo().forEach(node.putObject("os_info")::put);
        s.gpuInfo().forEach(node.putObject("gpu_info")::put);
        putText(node, "agent_version", s.agentVersion());
        return node;
    }

    private ObjectNode answer(Signal.SessionAnswer s) {
        ObjectNode node =
                typed("session_answer").put("session_id", s.sessionId().toString());
        putText(node, "host_public_key", s.hostPublicKey());
        node.put("status", s.status().name());
        putText(node, "reason", s.reason());
        return node;
    }

    private ObjectNode sessionList(Signal.SessionList s) {
        ObjectNode node = typed("session_list");
        ArrayNode ids = node.putArray("session_ids");
        s.sessionIds().forEach(id -> ids.add(id.toString()));
        return node;
    }

    private ObjectNode offer(Signal.SessionOffer s) {
        return typed("session_offer")
                .put("session_id", s.sessionId().toString())
                .put("client_public_key", s.clientPublicKey().toString())
                .put("client_tunnel_ip", s.clientTunnelIp().toString())
                .put("host_tunnel_ip", s.hostTunnelIp().toString())
                .put("gateway_endpoint", s.gatewayEndpoint().toString())
                .put("gateway_public_key", s.gatewayPublicKey().toString())
                .put("relay_ticket", s.relayTicket().reveal())
                .put("path_policy", s.pathPolicy().wireName());
    }

    private ObjectNode candidates(Signal.Candidates s) {
        ObjectNode node = typed("candidates").put("session_id", s.sessionId().toString());
        ArrayNode list = node.putArray("candidates");
        s.candidates().forEach(candidate -> list.add(candidate.toString()));
        return node;
    }

    private ObjectNode hostStatus(Signal.HostStatus s) {
        ObjectNode node =
                typed("host_status").put("host_id", s.hostId().toString()).put("status", s.status());
        putDouble(node, "gpu_usage", s.gpuUsage());
        node.put("active_sessions", s.activeSessions())
                .put("updated_at", s.updatedAt().toString());
        Signal.HostLoad load = s.load();
        if (load != null) {
            node.put("cpu_usage", load.cpuUsage());
            putLong(node, "memory_total_mb", load.memoryTotalMb());
            putLong(node, "memory_used_mb", load.memoryUsedMb());
        }
        Signal.HostLabel label = s.label();
        if (label != null) {
            node.put("org_id", label.org().toString()).put("name", label.name());
            putText(node, "gpu_name", label.gpuName());
            putText(node, "os", label.os());
            putText(node, "last_seen", label.lastSeen());
        }
        return node;
    }

    private ObjectNode sessionUpdate(Signal.SessionUpdate s) {
        ObjectNode node = typed("session_update")
                .put("session_id", s.sessionId().toString())
                .put("status", s.status());
        putText(node, "host_public_key", s.hostPublicKey());
        putText(node, "host_tunnel_ip", s.hostTunnelIp());
        putText(node, "client_tunnel_ip", s.clientTunnelIp());
        putText(node, "reason", s.reason());
        return node;
    }

    /** Also a value that has one text. */
    private static void putText(ObjectNode node, String name, @Nullable Object value) {
        if (value != null) {
            node.put(name, value.toString());
        }
    }

    private static void putLong(ObjectNode node, String name, @Nullable Long value) {
        if (value != null) {
            node.put(name, value);
        }
    }

    private static void putDouble(ObjectNode node, String name, @Nullable Double value) {
        if (value != null) {
            node.put(name, value);
        }
    }
}
