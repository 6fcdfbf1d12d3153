// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import io.nvremote.relay.RelayRole;
import io.nvremote.relay.RelayUser;
import io.nvremote.relay.StunKey;
import io.nvremote.relay.StunMessage;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** A strict relay for one session: binds by ticket, and passes data only for indices whose handshake it has passed. */
final class VirtualRelay implements VirtualWorld.Node {

    static final byte[] TICKET = new byte[32];

    private final VirtualWorld world;
    private final InetSocketAddress address;
    private final StunKey key = StunKey.of(TICKET);
    private final Map<RelayRole, InetSocketAddress> bound = new EnumMap<>(RelayRole.class);
    private final Set<Integer> indices = new HashSet<>();
    int passed;
    boolean alive = true;

    VirtualRelay(VirtualWorld world, InetSocketAddress address) {
        this.world = world;
        this.address = address;
        world.add(address, this);
    }

    /** As after a restart of a relay that lets a ticketed side send data before a handshake. */
    void unbind() {
        bound.clear();
    }

    /** As after a restart of a strict one. */
    void forget() {
        bound.clear();
        indices.clear();
    }

    @Override
    public void received(byte[] datagram, InetSocketAddress from) {
        if (!alive) {
            return;
        }
        StunMessage stun = StunMessage.parse(ByteBuffer.wrap(datagram)).orElse(null);
        if (stun != null) {
            RelayUser user = stun.username().flatMap(RelayUser::of).orElse(null);
            if (user != null && stun.verify(key)) {
                bound.put(user.role(), from);
                world.send(address, from, StunMessage.bindingSuccess(stun.transaction(), from, key));
            }
            return;
        }
        InetSocketAddress client = bound.get(RelayRole.CLIENT);
        InetSocketAddress host = bound.get(RelayRole.HOST);
        InetSocketAddress to = from.equals(client) ? host : from.equals(host) ? client : null;
        if (to == null) {
            return;
        }
        int type = Protocol.type(datagram);
        if (type == Protocol.RESPONSE) {
            indices.add(Protocol.int32(datagram, 4));
            indices.add(Protocol.int32(datagram, 8));
        }
        if (type != Protocol.DATA || indices.contains(Protocol.int32(datagram, 4))) {
            passed++;
            world.send(address, to, datagram);
        }
    }

    @Override
    public void tick() {
        // Nothing expires here.
    }
}
