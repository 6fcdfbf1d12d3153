// SPDX-License-Identifier: Apache-2.0
package io.nvremote.control;

import io.nvremote.core.HostId;
import io.nvremote.core.OrgId;
import io.nvremote.core.UserId;
import io.nvremote.signaling.Signal;
import io.nvremote.signaling.SignalSession;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;

/** Who is connected to this control plane now. Safe for any thread. */
@Component(service = ConnectionRegistry.class)
public final class ConnectionRegistry {

    private final ConcurrentHashMap<HostId, HostConnection> hosts = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, HostConnection> hostSockets = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, ClientConnection> clients = new ConcurrentHashMap<>();

    /** The newest socket of a host counts; the one before it, if any, is returned. */
    @Nullable
    HostConnection hostCame(HostConnection line) {
        hostSockets.put(line.socket().name(), line);
        return hosts.put(line.host(), line);
    }

    /** The host's socket is gone; true if it was the one that counted. */
    boolean hostWent(HostConnection line) {
        hostSockets.remove(line.socket().name());
        return hosts.remove(line.host(), line);
    }

    Optional<HostConnection> host(HostId host) {
        return Optional.ofNullable(hosts.get(host));
    }

    @Nullable
    HostConnection hostOf(SignalSession socket) {
        return hostSockets.get(socket.name());
    }

    Collection<HostConnection> hosts() {
        return List.copyOf(hosts.values());
    }

    void clientCame(ClientConnection line) {
        clients.put(line.socket().name(), line);
    }

    void clientWent(SignalSession socket) {
        clients.remove(socket.name());
    }

    @Nullable
    ClientConnection clientOf(SignalSession socket) {
        return clients.get(socket.name());
    }

    Collection<ClientConnection> clients() {
        return List.copyOf(clients.values());
    }

    /** To every client that may hear of this organisation's hosts. */
    void toOrg(OrgId org, Signal signal) {
        clients.values().stream().filter(line -> line.orgs().contains(org)).forEach(line -> line.socket()
                .send(signal));
    }

    /** To every client of this user. */
    void toUser(UserId user, Signal signal) {
        clients.values().stream().filter(line -> line.user().equals(user)).forEach(line -> line.socket()
                .send(signal));
    }
}
