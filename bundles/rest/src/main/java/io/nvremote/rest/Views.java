// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest;

import io.nvremote.broker.StreamSession;
import io.nvremote.directory.Host;
import io.nvremote.directory.HostMetrics;
import io.nvremote.directory.Membership;
import io.nvremote.directory.Org;
import io.nvremote.directory.Role;
import io.nvremote.directory.User;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The JSON forms of what there is. */
final class Views {

    private Views() {}

    /** A user as others may see them. */
    public record UserView(
            String id, String email, String name, @Nullable String avatarUrl) {}

    /** The caller. */
    public record MeView(UserView user, List<MembershipView> memberships) {}

    /** A place in an organisation. */
    public record MembershipView(String orgId, String orgName, String orgSlug, String role) {}

    /** An organisation. */
    public record OrgView(String id, String name, String slug, String createdAt, String role) {}

    /** All of a list. */
    public record ItemsView(List<?> items) {}

    /** A host; guests see only id, org, name and status. */
    public record HostView(
            String id,
            String orgId,
            String hostname,
            @Nullable String displayName,
            String status,
            @Nullable Map<String, String> gpuInfo,
            @Nullable Map<String, String> osInfo,
            @Nullable String agentVersion,
            @Nullable Integer maxSessions,
            @Nullable String lastHeartbeatAt,
            @Nullable String registeredAt,
            @Nullable MetricsView figures) {}

    /** Latest figures of a host. */
    public record MetricsView(
            String at,
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
    public record StatusView(
            String hostId,
            String status,
            @Nullable String lastSeen,
            @Nullable MetricsView figures) {}

    /** A session; keys and addresses stay with its owner's connect answer. */
    public record SessionView(
            String sessionId,
            String orgId,
            String userId,
            String hostId,
            String status,
            String createdAt,
            @Nullable String startedAt,
            @Nullable String endedAt,
            @Nullable String reason) {}

    static UserView user(User user) {
        return new UserView(user.id().toString(), user.email(), user.name(), user.avatarUrl());
    }

    static MembershipView membership(Membership m) {
        return new MembershipView(m.org().toString(), m.orgName(), m.orgSlug(), role(m.role()));
    }

    static OrgView org(Org org, Role role) {
        return new OrgView(
                org.id().toString(), org.name(), org.slug(), org.createdAt().toString(), role(role));
    }

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

    static StatusView status(Host host) {
        return new StatusView(
                host.id().toString(), host.status().name(), text(host.lastHeartbeatAt()), figures(host.figures()));
    }

    static SessionView session(StreamSession session) {
        return new SessionView(
                session.id().toString(),
                session.org().toString(),
                session.user().toString(),
                session.host().toString(),
                session.status().name(),
                session.createdAt().toString(),
                text(session.startedAt()),
                text(session.endedAt()),
                session.endReason());
    }

    private static @Nullable MetricsView figures(@Nullable HostMetrics f) {
        return f == null
                ? null
                : new MetricsView(
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

    private static String role(Role role) {
        return role.name().toLowerCase(Locale.ROOT);
    }
}
