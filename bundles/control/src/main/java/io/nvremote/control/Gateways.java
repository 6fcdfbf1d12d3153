// SPDX-License-Identifier: Apache-2.0
package io.nvremote.control;

import io.nvremote.broker.Broker;
import io.nvremote.broker.Gateway;
import io.nvremote.broker.StreamSession;
import io.nvremote.connect.ConnectError;
import io.nvremote.core.GatewayId;
import io.nvremote.core.SessionId;
import io.nvremote.core.StreamException;
import io.nvremote.relay.GatewayInfo;
import io.nvremote.relay.GatewayLink;
import io.nvremote.relay.RelayRole;
import io.nvremote.relay.RelaySession;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The gateways this control plane drives. Each link gets the full set of live sessions once, before anything else, and the
 * changes after that; the link itself repeats the set after a reconnect. Safe for any thread.
 */
final class Gateways {

    /** Longer than any session lives: a relay forgets by itself only what its control plane forgot to remove. */
    private static final Duration RELAY_LIFE = Duration.ofHours(24);

    private final Broker broker;
    private final Tickets tickets;
    private final List<GatewayLink> links = new CopyOnWriteArrayList<>();
    private final Map<GatewayId, GatewayLink> filled = new ConcurrentHashMap<>();
    private final Map<GatewayId, GatewayInfo> announced = new ConcurrentHashMap<>();

    Gateways(Broker broker, Tickets tickets) {
        this.broker = broker;
        this.tickets = tickets;
    }

    void came(GatewayLink link) {
        links.add(link);
    }

    void went(GatewayLink link) {
        links.remove(link);
        filled.remove(link.id(), link);
    }

    /** Announces gateways that were reached for the first time or moved, and fills links that were not filled yet. */
    void agree() {
        for (GatewayLink link : links) {
            link.info().ifPresent(info -> {
                if (!info.equals(announced.get(link.id()))) {
                    broker.announce(new Gateway(link.id(), info.endpoint(), info.publicKey(), Gateway.DEFAULT_PAIRS));
                    announced.put(link.id(), info);
                }
            });
            if (filled.get(link.id()) != link) {
                link.replaceAll(broker.live(link.id()).stream().map(this::entry).toList());
                filled.put(link.id(), link);
            }
        }
    }

    /** The gateway for a new session. */
    GatewayId choose() {
        agree();
        return links.stream()
                .filter(link -> link.connected() && announced.containsKey(link.id()))
                .map(GatewayLink::id)
                .min(Comparator.comparing(GatewayId::toString))
                .orElseThrow(() -> new StreamException(ConnectError.NO_GATEWAY, "no gateway is connected"));
    }

    /** Tells the session's gateway of it. */
    void put(StreamSession session) {
        try {
            link(session.gateway()).upsert(entry(session));
        } catch (StreamException e) {
            throw e.code() instanceof ConnectError
                    ? e
                    : new StreamException(ConnectError.NO_GATEWAY, "the gateway did not take the session", e);
        }
    }

    /** Takes a session out of its gateway; a gateway that is gone takes it out when it is back. */
    void remove(GatewayId gateway, SessionId session) {
        links.stream().filter(link -> link.id().equals(gateway)).forEach(link -> link.remove(session));
    }

    private GatewayLink link(GatewayId gateway) {
        return links.stream()
                .filter(link -> link.id().equals(gateway))
                .findFirst()
                .orElseThrow(() -> new StreamException(ConnectError.NO_GATEWAY, "the session's gateway is gone"));
    }

    private RelaySession entry(StreamSession session) {
        return new RelaySession(
                session.id(),
                session.clientPublicKey(),
                session.hostPublicKey(),
                tickets.of(session.id(), RelayRole.CLIENT),
                tickets.of(session.id(), RelayRole.HOST),
                session.createdAt().plus(RELAY_LIFE));
    }
}
