// SPDX-License-Identifier: Apache-2.0
package io.nvremote.signaling;

import io.nvremote.core.Endpoint;
import io.nvremote.core.GatewayKey;
import io.nvremote.core.HostId;
import io.nvremote.core.OrgId;
import io.nvremote.core.PathPolicy;
import io.nvremote.core.Secret;
import io.nvremote.core.SessionId;
import io.nvremote.core.TunnelAddress;
import io.nvremote.core.TunnelPublicKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One message of a channel. Component names are the JSON names in camel case; unknown JSON fields are ignored, unknown
 * types are refused. {@code host_id} fields are written for people: a receiver trusts the socket's identity alone.
 */
public sealed interface Signal {

    // ---- host -> control plane ----

    /** {@code heartbeat}, every 10 s. */
    record Heartbeat(HostId hostId, Instant timestamp, HostMetrics payload) implements Signal {}

    /** Figures of a host; null where there is no such device. JSON of the last flag: {@code nvremote-host_running}. */
    record HostMetrics(
            double cpuUsage,
            @Nullable Long memoryTotalMb,
            @Nullable Long memoryUsedMb,
            @Nullable Double gpuUsage,
            @Nullable String gpuName,
            @Nullable Long gpuVramTotalMb,
            @Nullable Long gpuVramUsedMb,
            boolean nvremoteHostRunning,
            int activeSessions,
            long uptimeSeconds) {}

    /**
     * {@code host_description}: what the host is, told each time it connects, since a machine's name, system and GPU change after
     * it enrolled. At most 16 facts each. Not in the original.
     */
    record HostDescription(
            String hostname,
            Map<String, String> osInfo,
            Map<String, String> gpuInfo,
            @Nullable String agentVersion) implements Signal {
        public HostDescription {
            osInfo = Map.copyOf(osInfo);
            gpuInfo = Map.copyOf(gpuInfo);
        }
    }

    /** {@code session_answer}: exactly one per offer. {@code hostPublicKey} with READY, {@code reason} with REJECTED. */
    record SessionAnswer(
            SessionId sessionId,
            @Nullable TunnelPublicKey hostPublicKey,
            AnswerStatus status,
            @Nullable String reason) implements Signal {}

    /** The host's word on an offer. */
    enum AnswerStatus {
        READY,
        REJECTED
    }

    /** {@code session_closed}: the host tore a session down and discarded its keys, asked to or by itself. */
    record SessionClosed(SessionId sessionId, String reason) implements Signal {}

    /** {@code session_list}: after (re)connecting, the sessions the host still runs; the rest is reconciled. */
    record SessionList(List<SessionId> sessionIds) implements Signal {}

    /** {@code certificate_request}: a PKCS#10 request (PEM) for the next certificate, with a new key. Not in the original. */
    record CertificateRequest(String csr) implements Signal {}

    /**
     * {@code connection_move}: the host comes again on another connection, and this one ends then. Who shows its certificate without that has
     * copied it. Not in the original.
     */
    record ConnectionMove() implements Signal {}

    /**
     * {@code bundle_read}: the host wants the next part of a bundle that it was offered, from this byte on. Answered by
     * {@link BundlePart}. Not in the original.
     */
    record BundleRead(String sha256, long offset) implements Signal {}

    /** {@code bundle_outcome}: what became of an offer; said again whenever the offer is. Not in the original. */
    record BundleOutcome(String sha256, BundleState outcome, String detail) implements Signal {}

    /** How far a host is with a bundle that it was offered. */
    enum BundleState {
        /** That version runs. */
        REPLACED,
        /** The host has it, and takes it when nothing ends with it or at its next start. */
        WAITING,
        /** It was tried, something did not run with it, and the version before is back. */
        UNDONE,
        /** Not taken: {@code detail} says why. */
        REFUSED,
        /** The host has no such bundle, or is not set up for updates of single ones: nothing against the version. */
        NOT_CONCERNED
    }

    // ---- control plane -> host ----

    /**
     * {@code bundle_offer}: another version of a bundle that the host runs. The host takes it if its own operator trusts whoever signed it.
     * Not in the original.
     *
     * @param name symbolic name of the bundle
     * @param sha256 of the signed jar, 64 lower-case digits
     * @param atRestart to be taken at the host's next start, where nothing else will do
     */
    record BundleOffer(String sha256, String name, String version, long bytes, boolean atRestart) implements Signal {}

    /** {@code bundle_part}: bytes of a bundle from that offset on, at most {@value #PART_BYTES}, in base64. Not in the original. */
    record BundlePart(String sha256, long offset, String data) implements Signal {

        public static final int PART_BYTES = 32 * 1024;
    }

    /**
     * {@code certificate}: the answer to {@link CertificateRequest}. The chain and the authority's root, in PEM. Not in the
     * original. The present certificate stays valid to its end.
     */
    record Certificate(String certificate, String ca) implements Signal {}

    /** {@code session_offer}. The fields after {@code gatewayPublicKey} are additions to the original. */
    record SessionOffer(
            SessionId sessionId,
            TunnelPublicKey clientPublicKey,
            TunnelAddress clientTunnelIp,
            TunnelAddress hostTunnelIp,
            Endpoint gatewayEndpoint,
            GatewayKey gatewayPublicKey,
            Secret relayTicket,
            PathPolicy pathPolicy)
            implements Signal {}

    /** {@code session_terminate}: tear this session down and confirm with {@link SessionClosed}. */
    record SessionTerminate(SessionId sessionId, String reason) implements Signal {}

    // ---- both channels, both ways ----

    /** {@code candidates}: numeric addresses where this side of the session might be reached directly. */
    record Candidates(SessionId sessionId, List<Endpoint> candidates) implements Signal {}

    /** {@code error}: the last message was refused; the socket closes with 1008 after serious ones. */
    record Refusal(String code, String message) implements Signal {}

    // ---- client channel ----

    /** {@code auth}: the client's first message, within 5 s. */
    record ClientAuth(Secret token) implements Signal {}

    /** {@code ready}: the control plane's answer to {@link ClientAuth} and its first message to a host. */
    record Ready(int version) implements Signal {}

    /**
     * {@code host_status}: how a host is. After {@link Ready} one for each host the client may hear of, ended by
     * {@link HostsComplete}; then one for each change.
     *
     * @param status ONLINE, OFFLINE, BUSY or MAINTENANCE
     * @param gpuUsage of 100; null without a GPU, without figures and for guests
     * @param updatedAt when this was so: what is older than what the client knows changes nothing
     * @param load null for guests and before the first figures
     * @param label what the host is called; null in changes of figures alone
     */
    record HostStatus(
            HostId hostId,
            String status,
            @Nullable Double gpuUsage,
            int activeSessions,
            Instant updatedAt,
            @Nullable HostLoad load,
            @Nullable HostLabel label)
            implements Signal {}

    /** How busy a host is; fields of {@link HostStatus} in JSON. Usage of 100. */
    record HostLoad(
            double cpuUsage,
            @Nullable Long memoryTotalMb,
            @Nullable Long memoryUsedMb) {}

    /** What a host is called and what it is; fields of {@link HostStatus} in JSON. All but the first two null for guests. */
    record HostLabel(
            OrgId org,
            String name,
            @Nullable String gpuName,
            @Nullable String os,
            @Nullable Instant lastSeen) {}

    /** {@code hosts_complete}: each host was told of once since {@link Ready}; what was not is gone. */
    record HostsComplete(int count) implements Signal {}

    /** {@code host_removed}: the host is gone from its organisation, or the client's right to hear of it. */
    record HostRemoved(HostId hostId) implements Signal {}

    /** {@code session_update}: PENDING, ACTIVE, TERMINATED, FAILED, EXPIRED. Keys and addresses only on ACTIVE. */
    record SessionUpdate(
            SessionId sessionId,
            String status,
            @Nullable TunnelPublicKey hostPublicKey,
            @Nullable TunnelAddress hostTunnelIp,
            @Nullable TunnelAddress clientTunnelIp,
            @Nullable String reason)
            implements Signal {}
}
