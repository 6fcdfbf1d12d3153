// SPDX-License-Identifier: Apache-2.0
package io.nvremote.presence.local;

import io.nvremote.core.Clock;
import io.nvremote.core.HostId;
import io.nvremote.presence.Audience;
import io.nvremote.presence.Holder;
import io.nvremote.presence.Lease;
import io.nvremote.signaling.SignalSession;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Which socket has which lease, and who hears what. Safe for any thread; never blocks. */
final class LeaseTable {

    /** A lease and its socket. */
    record Entry(Lease lease, SignalSession socket) {

        @Nullable
        HostId host() {
            return lease.holder() instanceof Holder.Host h ? h.host() : null;
        }
    }

    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Entry> bySocket = new HashMap<>();
    private final Map<HostId, Entry> hosts = new HashMap<>();
    private final Map<Audience, Set<String>> hearers = new HashMap<>();
    private long lastEpoch;

    LeaseTable(Clock clock) {
        this.clock = clock;
    }

    /**
     * Gives the socket a lease, unless another than {@code expected} has the host meanwhile: then null. A socket that has
     * one keeps its epoch.
     */
    @Nullable
    Entry put(SignalSession socket, Holder holder, @Nullable Entry expected) {
        lock.lock();
        try {
            Entry own = bySocket.get(socket.name());
            if (holder instanceof Holder.Host host && !Objects.equals(hosts.get(host.host()), expected)) {
                return null;
            }
            if (expected != null) {
                unlink(expected);
            }
            if (own != null) {
                unlink(own);
            }
            long epoch = own == null ? nextEpoch() : own.lease().epoch();
            Entry entry = new Entry(new Lease(epoch, socket.name(), holder, socket.remote()), socket);
            bySocket.put(socket.name(), entry);
            if (holder instanceof Holder.Host host) {
                hosts.put(host.host(), entry);
            }
            audiences(holder).forEach(to -> hearers.computeIfAbsent(to, key -> new LinkedHashSet<>())
                    .add(socket.name()));
            return entry;
        } finally {
            lock.unlock();
        }
    }

    /** Takes the socket's lease away, and returns it. */
    @Nullable
    Entry remove(SignalSession socket) {
        lock.lock();
        try {
            Entry own = bySocket.get(socket.name());
            if (own != null) {
                unlink(own);
            }
            return own;
        } finally {
            lock.unlock();
        }
    }

    @Nullable
    Entry of(String socket) {
        lock.lock();
        try {
            return bySocket.get(socket);
        } finally {
            lock.unlock();
        }
    }

    @Nullable
    Entry host(HostId host) {
        lock.lock();
        try {
            return hosts.get(host);
        } finally {
            lock.unlock();
        }
    }

    List<Entry> all(Predicate<Holder> which) {
        lock.lock();
        try {
            return bySocket.values().stream()
                    .filter(entry -> which.test(entry.lease().holder()))
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    List<SignalSession> sockets(Audience to) {
        lock.lock();
        try {
            List<SignalSession> found = new ArrayList<>();
            for (String name : hearers.getOrDefault(to, Set.of())) {
                Entry entry = bySocket.get(name);
                if (entry != null) {
                    found.add(entry.socket());
                }
            }
            return found;
        } finally {
            lock.unlock();
        }
    }

    /** Rises in this process, and over restarts as long as the wall clock does. */
    private long nextEpoch() {
        Instant now = clock.instant();
        lastEpoch = Math.max(lastEpoch + 1, now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000);
        return lastEpoch;
    }

    private void unlink(Entry entry) {
        bySocket.remove(entry.lease().connection(), entry);
        HostId host = entry.host();
        if (host != null) {
            hosts.remove(host, entry);
        }
        for (Audience to : audiences(entry.lease().holder())) {
            hearers.computeIfPresent(to, (key, names) -> {
                names.remove(entry.lease().connection());
                return names.isEmpty() ? null : names;
            });
        }
    }

    private static List<Audience> audiences(Holder holder) {
        return switch (holder) {
            case Holder.Host host -> List.of(new Audience.Host(host.host()));
            case Holder.Client client -> {
                List<Audience> all = new ArrayList<>();
                all.add(new Audience.User(client.user()));
                client.orgs().forEach(org -> all.add(new Audience.Members(org)));
                client.guestOf().forEach(org -> all.add(new Audience.Guests(org)));
                yield all;
            }
        };
    }
}
