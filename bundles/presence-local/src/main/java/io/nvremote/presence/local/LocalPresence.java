// SPDX-License-Identifier: Apache-2.0
package io.nvremote.presence.local;

import io.nvremote.core.Clock;
import io.nvremote.core.HostId;
import io.nvremote.core.OrgId;
import io.nvremote.core.SessionId;
import io.nvremote.core.StreamException;
import io.nvremote.core.UserId;
import io.nvremote.presence.Audience;
import io.nvremote.presence.Holder;
import io.nvremote.presence.Lease;
import io.nvremote.presence.Presence;
import io.nvremote.presence.PresenceError;
import io.nvremote.signaling.Signal;
import io.nvremote.signaling.SignalSession;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Presence in this process. */
@Component(immediate = true)
public final class LocalPresence implements Presence {

    private static final int POLICY = 1008;
    private static final int MAX_KEPT = 50_000;
    private static final Duration PROBE = Duration.ofSeconds(PROBE_SECONDS);

    private final Clock clock;
    private final LeaseTable table;
    private final Contests contests = new Contests();
    private final ConcurrentHashMap<HostId, Signal.HostStatus> told = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<SessionId, Kept> kept = new ConcurrentHashMap<>();
    private final List<Watcher> watchers = new CopyOnWriteArrayList<>();

    private record Kept(UserId user, Signal signal) {}

    @Activate
    public LocalPresence() {
        this(Clock.system());
    }

    LocalPresence(Clock clock) {
        this.clock = clock;
        this.table = new LeaseTable(clock);
    }

    @Override
    public Lease attach(SignalSession socket, Holder holder) {
        return holder instanceof Holder.Host host
                ? attachHost(socket, host)
                : Objects.requireNonNull(table.put(socket, holder, null)).lease(); // null is for hosts alone
    }

    private Lease attachHost(SignalSession socket, Holder.Host host) {
        while (true) {
            LeaseTable.Entry before = alive(table.host(host.host()));
            boolean own = before != null && before.socket().name().equals(socket.name());
            boolean clone = before != null
                    && !own
                    && before.socket().alive(PROBE)
                    && !expects(table.host(host.host()), host); // As it says by now: it was heard before it answered.
            if (clone && contests.goesOn(host.host(), clock.nanos())) {
                throw new StreamException(
                        PresenceError.CLONED_IDENTITY, "another machine is connected with this host's identity");
            }
            LeaseTable.Entry entry = table.put(socket, host, before);
            if (entry == null) {
                continue; // somebody else came or went meanwhile: look again
            }
            if (before != null && !own) {
                displaced(entry, before, clone);
            }
            if (!own) {
                tell(watcher -> watcher.changed(host.org(), host.host()));
            }
            return entry.lease();
        }
    }

    private void displaced(LeaseTable.Entry entry, LeaseTable.Entry before, boolean clone) {
        if (clone) {
            contests.begin(Objects.requireNonNull(entry.host()), clock.nanos());
        }
        before.socket()
                .close(
                        POLICY,
                        clone
                                ? PresenceError.CLONED_IDENTITY + ": another machine shows this host's identity"
                                : "REPLACED by a newer connection of this host");
        if (clone) {
            tell(watcher -> watcher.cloned(entry.lease(), before.lease()));
        }
    }

    /** A host that renewed its certificate, or another part of which dials from now on, comes again while the old connection still answers. */
    private static boolean expects(LeaseTable.@Nullable Entry before, Holder.Host host) {
        return before != null && before.lease().holder() instanceof Holder.Host held && held.expects(host);
    }

    @Override
    public Optional<Lease> detach(SignalSession socket) {
        LeaseTable.Entry gone = table.remove(socket);
        if (gone == null) {
            return Optional.empty();
        }
        if (gone.lease().holder() instanceof Holder.Host host) {
            tell(watcher -> watcher.changed(host.org(), host.host()));
        }
        return Optional.of(gone.lease());
    }

    @Override
    public Optional<Lease> lease(SignalSession socket) {
        return Optional.ofNullable(table.of(socket.name())).map(LeaseTable.Entry::lease);
    }

    @Override
    public Optional<Lease> host(HostId host) {
        return Optional.ofNullable(alive(table.host(host))).map(LeaseTable.Entry::lease);
    }

    @Override
    public List<Lease> hosts() {
        return leases(Holder.Host.class::isInstance);
    }

    @Override
    public List<Lease> clients() {
        return leases(Holder.Client.class::isInstance);
    }

    private List<Lease> leases(Predicate<Holder> which) {
        return table.all(which).stream()
                .filter(entry -> alive(entry) != null)
                .map(LeaseTable.Entry::lease)
                .toList();
    }

    /** A socket that ended without its end being told (its channel was replaced) has no lease any more. */
    private LeaseTable.@Nullable Entry alive(LeaseTable.@Nullable Entry entry) {
        if (entry == null || entry.socket().open()) {
            return entry;
        }
        detach(entry.socket());
        return null;
    }

    @Override
    public boolean send(Audience to, Signal signal) {
        List<SignalSession> sockets = table.sockets(to);
        sockets.forEach(socket -> socket.send(signal));
        return !sockets.isEmpty();
    }

    @Override
    public boolean publish(OrgId org, Signal.HostStatus status) {
        boolean[] said = new boolean[1];
        // Within compute: what is said of one host is said in order.
        told.compute(status.hostId(), (host, before) -> {
            if (News.differ(before, status)) {
                said[0] = true;
                send(new Audience.Members(org), status);
                if (News.stateDiffers(before, status)) {
                    send(new Audience.Guests(org), News.forGuests(status));
                }
                return host(host).isPresent() ? status : null;
            }
            return before;
        });
        return said[0];
    }

    @Override
    public Optional<Signal.HostStatus> published(HostId host) {
        return Optional.ofNullable(told.get(host));
    }

    @Override
    public void sendAndKeep(UserId user, SessionId session, Signal signal) {
        if (kept.size() < MAX_KEPT || kept.containsKey(session)) {
            kept.put(session, new Kept(user, signal));
        }
        send(new Audience.User(user), signal);
    }

    @Override
    public List<Signal> kept(UserId user) {
        return kept.values().stream()
                .filter(entry -> entry.user().equals(user))
                .map(Kept::signal)
                .toList();
    }

    @Override
    public void forget(SessionId session) {
        kept.remove(session);
    }

    @Override
    public void close(Lease lease, int code, String reason) {
        LeaseTable.Entry entry = table.of(lease.connection());
        if (entry != null && entry.lease().epoch() == lease.epoch()) {
            entry.socket().close(code, reason);
        }
    }

    @Override
    public Watch watch(Watcher watcher) {
        watchers.add(watcher);
        return () -> watchers.remove(watcher);
    }

    private void tell(Consumer<Watcher> what) {
        watchers.forEach(what);
    }
}
