// SPDX-License-Identifier: Apache-2.0
package io.nvremote.control;

import io.nvremote.core.Actor;
import io.nvremote.core.Clock;
import io.nvremote.core.HostId;
import io.nvremote.core.OrgId;
import io.nvremote.directory.Directory;
import io.nvremote.directory.Host;
import io.nvremote.directory.HostDescription;
import io.nvremote.directory.HostMetrics;
import io.nvremote.presence.Audience;
import io.nvremote.presence.Holder;
import io.nvremote.presence.Presence;
import io.nvremote.signaling.Signal;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** What clients hear of hosts. Safe for any thread. */
@Component(service = HostNews.class)
public final class HostNews {

    private final Presence presence;
    private final Directory directory;
    private final Clock clock = Clock.system();

    @Activate
    public HostNews(@Reference Presence presence, @Reference Directory directory) {
        this.presence = presence;
        this.directory = directory;
    }

    /** A heartbeat: asks nobody, tells those who hear of the host if its figures changed. */
    void beat(Holder.Host host, Signal.HostMetrics f) {
        HostMetrics figures = new HostMetrics(
                clock.instant(),
                f.cpuUsage(),
                f.memoryTotalMb(),
                f.memoryUsedMb(),
                f.gpuUsage(),
                f.gpuName(),
                f.gpuVramTotalMb(),
                f.gpuVramUsedMb(),
                f.nvremoteHostRunning(),
                f.activeSessions(),
                f.uptimeSeconds());
        directory.heartbeat(host.org(), host.host(), figures);
        presence.published(host.host())
                .ifPresent(last -> presence.publish(
                        host.org(),
                        new Signal.HostStatus(
                                last.hostId(),
                                last.status(),
                                figures.gpuUsage(),
                                figures.activeSessions(),
                                figures.at(),
                                load(figures),
                                last.label())));
    }

    /** What a host says of itself: kept, and told to those who hear of it, if it is not as it was. */
    void described(Holder.Host host, Signal.HostDescription said, Actor actor) {
        HostDescription now = new HostDescription(said.hostname(), said.osInfo(), said.gpuInfo(), said.agentVersion());
        directory.describe(host.org(), host.host(), now, actor).ifPresent(this::publish);
    }

    /** How the database has it now. */
    void publish(Host host) {
        presence.publish(host.org(), of(host, clock.instant()));
    }

    /** The host is gone from its organisation: everybody who hears of its hosts is told, guests too. */
    void removed(OrgId org, HostId host) {
        Signal.HostRemoved removed = new Signal.HostRemoved(host);
        presence.send(new Audience.Members(org), removed);
        presence.send(new Audience.Guests(org), removed);
    }

    /** How a host was at that time. */
    static Signal.HostStatus of(Host host, Instant at) {
        HostMetrics figures = host.figures();
        return new Signal.HostStatus(
                host.id(),
                host.status().name(),
                figures == null ? null : figures.gpuUsage(),
                figures == null ? 0 : figures.activeSessions(),
                at,
                figures == null ? null : load(figures),
                new Signal.HostLabel(
                        host.org(),
                        host.label(),
                        figures != null && figures.gpuName() != null
                                ? figures.gpuName()
                                : host.gpuInfo().get("name"),
                        system(host.osInfo()),
                        host.lastHeartbeatAt()));
    }

    /** The same as guests may hear it: no more than they can read. */
    static Signal.HostStatus forGuests(Host host, Instant at) {
        return new Signal.HostStatus(
                host.id(),
                host.status().name(),
                null,
                0,
                at,
                null,
                new Signal.HostLabel(host.org(), host.label(), null, null, null));
    }

    private static Signal.HostLoad load(HostMetrics figures) {
        return new Signal.HostLoad(figures.cpuUsage(), figures.memoryTotalMb(), figures.memoryUsedMb());
    }

    private static @Nullable String system(Map<String, String> facts) {
        String name = facts.get("name") == null ? facts.get("platform") : facts.get("name");
        String version = facts.get("version");
        return name == null || version == null ? name : name + " " + version;
    }
}
