// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay.blind;

import io.nvremote.core.SessionId;
import io.nvremote.core.TunnelPublicKey;
import io.nvremote.lib.wireguard.Mac1;
import io.nvremote.relay.RelaySession;
import io.nvremote.relay.StunKey;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which sessions there are, which keys they have, and at which address each side is. One thread. */
final class Bindings {

    private final Map<SessionId, Session> sessions = new LinkedHashMap<>();
    private final Map<TunnelPublicKey, PeerKey> groups = new HashMap<>();
    private final Map<InetSocketAddress, PeerEndpoint> sources = new HashMap<>();

    /** The source at an address, or null. Allocates nothing. */
    @Nullable
    PeerEndpoint at(InetSocketAddress address) {
        return sources.get(address);
    }

    @Nullable
    Session session(SessionId id) {
        return sessions.get(id);
    }

    /** One group for each known key. */
    Collection<PeerKey> groups() {
        return groups.values();
    }

    int sessionCount() {
        return sessions.size();
    }

    int boundCount() {
        int bound = 0;
        for (PeerEndpoint source : sources.values()) {
            bound += source.sides.size();
        }
        return bound;
    }

    void upsert(SessionKeys keys) {
        Session known = sessions.get(keys.session().id());
        if (known == null) {
            RelaySession session = keys.session();
            sessions.put(
                    session.id(),
                    new Session(
                            keys,
                            group(session.clientPublicKey(), keys.client()),
                            group(session.hostPublicKey(), keys.host())));
            return;
        }
        known.expires = keys.session().expires();
        renew(known.client, keys.clientTicket());
        renew(known.host, keys.hostTicket());
        regroup(known.client, keys.session().clientPublicKey(), keys.client());
        regroup(known.host, keys.session().hostPublicKey(), keys.host());
    }

    private void renew(Peer side, StunKey ticket) {
        if (!side.ticket.equals(ticket)) {
            side.ticket = ticket;
            side.forgetTransactions();
            unbind(side);
        }
    }

    private void regroup(Peer side, @Nullable TunnelPublicKey key, @Nullable Mac1 mac1) {
        PeerKey group = key == null ? side.group : group(key, mac1);
        if (group == side.group) {
            return;
        }
        if (side.group.mac1 != null) {
            unbind(side); // a new key in place of another is another peer
        }
        leave(side);
        side.group = group;
        group.sides.add(side);
    }

    private PeerKey group(@Nullable TunnelPublicKey key, @Nullable Mac1 mac1) {
        return key == null ? new PeerKey(null) : groups.computeIfAbsent(key, k -> new PeerKey(mac1));
    }

    private void leave(Peer side) {
        side.group.sides.remove(side);
        if (side.group.sides.isEmpty()) {
            groups.values().remove(side.group);
        }
    }

    void remove(SessionId id) {
        Session session = sessions.remove(id);
        if (session != null) {
            unbind(session.client);
            unbind(session.host);
            leave(session.client);
            leave(session.host);
        }
    }

    void replaceAll(List<SessionKeys> all) {
        Set<SessionId> wanted = new HashSet<>();
        for (SessionKeys keys : all) {
            wanted.add(keys.session().id());
        }
        for (SessionId id : List.copyOf(sessions.keySet())) {
            if (!wanted.contains(id)) {
                remove(id);
            }
        }
        for (SessionKeys keys : all) {
            upsert(keys);
        }
    }

    /** Puts a side at an address; routes of its session move along. */
    PeerEndpoint bind(Peer side, InetSocketAddress address, long now) {
        PeerEndpoint target = sources.computeIfAbsent(address, PeerEndpoint::new);
        target.seen = now;
        PeerEndpoint old = side.source;
        if (old != target) {
            if (old != null) {
                old.routes.copy(side.other(), target.routes);
                unbind(side);
            }
            target.sides.add(side);
            side.source = target;
        }
        return target;
    }

    /** Forgets where a side is, and with it the routes of its session there. */
    void unbind(Peer side) {
        PeerEndpoint source = side.source;
        side.source = null;
        side.ticketed = false;
        if (source == null) {
            return;
        }
        source.sides.remove(side);
        source.routes.remove(to -> to == side.other());
        if (source.sides.isEmpty()) {
            sources.remove(source.address);
        }
    }

    /** Forgets what is over: expired sessions, silent addresses, unused routes, initiations nobody fetched. */
    void expire(Instant wall, long now, RelayMetrics tally) {
        for (Session session : List.copyOf(sessions.values())) {
            if (!wall.isBefore(session.expires)) {
                remove(session.id);
            }
        }
        for (PeerEndpoint source : List.copyOf(sources.values())) {
            source.routes.expire(now);
            if (now - source.seen >= Timeouts.BINDING) {
                for (Peer side : List.copyOf(source.sides)) {
                    unbind(side);
                }
            }
        }
        for (Session session : sessions.values()) {
            releaseStale(session.client.group, now, tally);
            releaseStale(session.host.group, now, tally);
        }
    }

    private static void releaseStale(PeerKey group, long now, RelayMetrics tally) {
        if (group.holdsStale(now)) {
            group.release();
            tally.drop(Drop.SUPERSEDED);
        }
    }
}
