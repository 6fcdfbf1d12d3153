// SPDX-License-Identifier: Apache-2.0
package io.nvremote.control;

import io.nvremote.auth.AccessTokens;
import io.nvremote.auth.AuthError;
import io.nvremote.auth.Caller;
import io.nvremote.auth.SignIn;
import io.nvremote.core.Clock;
import io.nvremote.core.HostId;
import io.nvremote.core.Keys;
import io.nvremote.core.OrgId;
import io.nvremote.core.StreamException;
import io.nvremote.directory.Directory;
import io.nvremote.directory.Enrolled;
import io.nvremote.directory.Enrolment;
import io.nvremote.directory.Host;
import io.nvremote.directory.HostMetrics;
import io.nvremote.directory.HostStatus;
import io.nvremote.directory.Membership;
import io.nvremote.signaling.Signal;
import io.nvremote.signaling.SignalSession;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who may be on the line and what others hear of it. Safe for any thread; blocks on the database. */
@Component(service = Presence.class)
public final class Presence {

    private static final Logger LOG = LoggerFactory.getLogger(Presence.class);
    private static final int POLICY = 1008;

    private final ConnectionRegistry lines;
    private final Directory directory;
    private final Enrolment enrolment;
    private final AccessTokens tokens;
    private final SignIn signIn;
    private final Clock clock = Clock.system();

    @Activate
    public Presence(
            @Reference ConnectionRegistry lines,
            @Reference Directory directory,
            @Reference Enrolment enrolment,
            @Reference AccessTokens tokens,
            @Reference SignIn signIn) {
        this.lines = lines;
        this.directory = directory;
        this.enrolment = enrolment;
        this.tokens = tokens;
        this.signIn = signIn;
    }

    /** What a host certificate stands for now. */
    Enrolment.Standing standing(HostConnection line) {
        return enrolment.standing(line.serial());
    }

    Enrolment.Standing standing(BigInteger serial) {
        return enrolment.standing(serial);
    }

    /** The host's next certificate; the present one stays valid. */
    Enrolled renew(HostConnection line, String csr) {
        Enrolled next = enrolment.renew(line.org(), line.host(), csr, line.actor());
        LOG.atInfo()
                .addKeyValue(Keys.HOST, line.host())
                .addKeyValue("expires_at", next.expiresAt())
                .log("host certificate renewed");
        return next;
    }

    /** A host connected. */
    void hostCame(HostConnection line) {
        HostConnection before = lines.hostCame(line);
        if (before != null && !before.socket().name().equals(line.socket().name())) {
            before.socket().close(POLICY, "REPLACED by a newer connection of the same host");
        }
        tell(directory.presence(line.org(), line.host(), true, line.actor()));
        LOG.atInfo()
                .addKeyValue(Keys.HOST, line.host())
                .addKeyValue(Keys.ORG, line.org())
                .log("host online");
    }

    /** A host's socket is gone; true if the host has no other. */
    boolean hostWent(HostConnection line) {
        if (!lines.hostWent(line)) {
            return false;
        }
        tell(directory.presence(line.org(), line.host(), false, line.actor()));
        LOG.atInfo().addKeyValue(Keys.HOST, line.host()).log("host offline");
        return true;
    }

    /** A heartbeat arrived. */
    void heartbeat(HostConnection line, Signal.HostMetrics f) {
        directory.heartbeat(
                line.org(),
                line.host(),
                new HostMetrics(
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
                        f.uptimeSeconds()));
        directory.host(line.org(), line.host()).ifPresent(this::tell);
    }

    /** A session of this host began or ended: its state may be another now. */
    void changed(OrgId org, HostId host) {
        directory.host(org, host).ifPresent(this::tell);
    }

    /** A client showed its token: it is on the line, and hears of every host it may see. */
    ClientConnection clientCame(SignalSession socket, String token) {
        Caller caller = tokens.verify(token);
        if (!signIn.active(caller.signIn())) {
            throw new StreamException(AuthError.TOKEN_INVALID, "the sign-in of this token was ended");
        }
        ClientConnection line = new ClientConnection(socket, caller, orgs(caller));
        lines.clientCame(line);
        socket.send(new Signal.Ready(1));
        for (OrgId org : line.orgs()) {
            directory.hosts(org).forEach(host -> socket.send(status(host)));
        }
        return line;
    }

    /** Hosts that fell silent become offline; sockets whose holder lost its right are closed. */
    void review(Duration silence) {
        directory.sweepSilent(silence).forEach(this::tell);
        for (HostConnection line : lines.hosts()) {
            if (!(standing(line) instanceof Enrolment.Standing.Valid)) {
                line.socket().close(POLICY, "CERTIFICATE_REVOKED");
            }
        }
        Instant now = clock.instant();
        for (ClientConnection line : lines.clients()) {
            if (!line.caller().expires().isAfter(now)
                    || !signIn.active(line.caller().signIn())) {
                line.socket().close(POLICY, AuthError.TOKEN_EXPIRED.name());
            } else {
                Set<OrgId> orgs = orgs(line.caller());
                if (!orgs.equals(line.orgs())) {
                    lines.clientCame(new ClientConnection(line.socket(), line.caller(), orgs));
                }
            }
        }
    }

    private Set<OrgId> orgs(Caller caller) {
        return directory.memberships(caller.user()).stream()
                .map(Membership::org)
                .collect(Collectors.toUnmodifiableSet());
    }

    private void tell(Host host) {
        lines.toOrg(host.org(), status(host));
    }

    private Signal.HostStatus status(Host host) {
        HostMetrics figures = host.figures();
        String wire = host.status() == HostStatus.MAINTENANCE
                ? HostStatus.OFFLINE.name()
                : host.status().name();
        return new Signal.HostStatus(
                host.id(),
                wire,
                figures == null ? null : figures.gpuUsage(),
                figures == null ? 0 : figures.activeSessions(),
                clock.instant());
    }
}
