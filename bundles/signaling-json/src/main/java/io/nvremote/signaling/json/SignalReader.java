// SPDX-License-Identifier: Apache-2.0
package io.nvremote.signaling.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvremote.core.Secret;
import io.nvremote.core.StreamException;
import io.nvremote.signaling.Signal;
import io.nvremote.signaling.SignalError;
import java.util.List;

/** JSON to records. Fields that are not known are ignored: a sender may be newer. Safe for any thread. */
final class SignalReader {

    private static final int REASON = 1024;
    /** PEM of a request for an RSA key of 8192 bits, and some. */
    private static final int REQUEST = 8 * 1024;
    /** PEM of a chain of a few certificates. */
    private static final int CHAIN = 24 * 1024;
    /** A part in base64. */
    private static final int PART = (Signal.BundlePart.PART_BYTES + 2) / 3 * 4;

    private static final List<String> HOST_STATES = List.of("ONLINE", "OFFLINE", "BUSY", "MAINTENANCE");
    private static final List<String> SESSION_STATES = List.of("PENDING", "ACTIVE", "TERMINATED", "FAILED", "EXPIRED");

    private final StrictJson json;

    SignalReader(StrictJson json) {
        this.json = json;
    }

    Signal read(String text) {
        ObjectNode object = json.read(text);
        JsonNode type = object.get("type");
        if (type == null || !type.isTextual()) {
            throw Fields.invalid("type", "is a text");
        }
        Fields fields = new Fields(object);
        return switch (type.textValue()) {
            case "heartbeat" ->
                new Signal.Heartbeat(
                        fields.hostId("host_id"), fields.instant("timestamp"), figures(fields.object("payload")));
            case "host_description" ->
                new Signal.HostDescription(
                        fields.text("hostname", 255),
                        fields.facts("os_info"),
                        fields.facts("gpu_info"),
                        fields.optionalText("agent_version", 64));
            case "session_answer" -> answer(fields);
            case "session_closed" ->
                new Signal.SessionClosed(fields.sessionId("session_id"), fields.text("reason", REASON));
            case "session_list" -> new Signal.SessionList(fields.sessionIds("session_ids"));
            case "certificate_request" -> new Signal.CertificateRequest(fields.text("csr", REQUEST));
            case "certificate" -> new Signal.Certificate(fields.text("certificate", CHAIN), fields.text("ca", CHAIN));
            case "connection_move" -> new Signal.ConnectionMove();
            case "bundle_read" -> new Signal.BundleRead(fields.digest("sha256"), fields.longCount("offset"));
            case "bundle_outcome" ->
                new Signal.BundleOutcome(
                        fields.digest("sha256"),
                        fields.word("outcome", Signal.BundleState.class),
                        fields.text("detail", REASON));
            case "bundle_offer" ->
                new Signal.BundleOffer(
                        fields.digest("sha256"),
                        fields.text("name", 255),
                        fields.text("version", 255),
                        fields.longCount("bytes"),
                        fields.flag("at_restart"));
            case "bundle_part" ->
                new Signal.BundlePart(fields.digest("sha256"), fields.longCount("offset"), fields.text("data", PART));
            case "session_offer" -> offer(fields);
            case "session_terminate" ->
                new Signal.SessionTerminate(fields.sessionId("session_id"), fields.text("reason", REASON));
            case "candidates" ->
                new Signal.Candidates(fields.sessionId("session_id"), fields.endpoints("candidates", 64));
            case "error" -> new Signal.Refusal(fields.text("code", 128), fields.text("message", REASON));
            case "auth" -> new Signal.ClientAuth(new Secret(fields.text("token", 16 * 1024)));
            case "ready" -> new Signal.Ready(fields.count("version"));
            case "host_status" -> hostStatus(fields);
            case "hosts_complete" -> new Signal.HostsComplete(fields.count("count"));
            case "host_removed" -> new Signal.HostRemoved(fields.hostId("host_id"));
            case "session_update" -> sessionUpdate(fields);
            default ->
                throw new StreamException(
                        SignalError.UNKNOWN_TYPE, "the type of a message is not known to this version");
        };
    }

    /** The original leaves memory out, so it may be missing; a GPU need not exist. */
    private static Signal.HostMetrics figures(Fields payload) {
        return new Signal.HostMetrics(
                payload.percent("cpu_usage"),
                payload.optionalCount("memory_total_mb"),
                payload.optionalCount("memory_used_mb"),
                payload.optionalPercent("gpu_usage"),
                payload.optionalText("gpu_name", 256),
                payload.optionalCount("gpu_vram_total_mb"),
                payload.optionalCount("gpu_vram_used_mb"),
                payload.flag("nvremote-host_running"),
                payload.count("active_sessions"),
                payload.longCount("uptime_seconds"));
    }

    private static Signal.SessionAnswer answer(Fields fields) {
        Signal.SessionAnswer answer = new Signal.SessionAnswer(
                fields.sessionId("session_id"),
                fields.optionalKey("host_public_key"),
                fields.word("status", Signal.AnswerStatus.class),
                fields.optionalText("reason", REASON));
        if (answer.status() == Signal.AnswerStatus.READY && answer.hostPublicKey() == null) {
            throw Fields.invalid("host_public_key", "is required with READY");
        }
        if (answer.status() == Signal.AnswerStatus.REJECTED && answer.reason() == null) {
            throw Fields.invalid("reason", "is required with REJECTED");
        }
        return answer;
    }

    private static Signal.SessionOffer offer(Fields fields) {
        return new Signal.SessionOffer(
                fields.sessionId("session_id"),
                fields.key("client_public_key"),
                fields.tunnelAddress("client_tunnel_ip"),
                fields.tunnelAddress("host_tunnel_ip"),
                fields.endpoint("gateway_endpoint"),
                fields.gatewayKey("gateway_public_key"),
                new Secret(fields.base64("relay_ticket")),
                fields.pathPolicy("path_policy"));
    }

    private static Signal.HostStatus hostStatus(Fields fields) {
        return new Signal.HostStatus(
                fields.hostId("host_id"),
                fields.word("status", HOST_STATES),
                fields.optionalPercent("gpu_usage"),
                fields.count("active_sessions"),
                fields.instant("updated_at"),
                fields.has("cpu_usage")
                        ? new Signal.HostLoad(
                                fields.percent("cpu_usage"),
                                fields.optionalCount("memory_total_mb"),
                                fields.optionalCount("memory_used_mb"))
                        : null,
                fields.has("name")
                        ? new Signal.HostLabel(
                                fields.orgId("org_id"),
                                fields.text("name", 512),
                                fields.optionalText("gpu_name", 256),
                                fields.optionalText("os", 256),
                                fields.has("last_seen") ? fields.instant("last_seen") : null)
                        : null);
    }

    private static Signal.SessionUpdate sessionUpdate(Fields fields) {
        return new Signal.SessionUpdate(
                fields.sessionId("session_id"),
                fields.word("status", SESSION_STATES),
                fields.optionalKey("host_public_key"),
                fields.optionalTunnelAddress("host_tunnel_ip"),
                fields.optionalTunnelAddress("client_tunnel_ip"),
                fields.optionalText("reason", REASON));
    }
}
