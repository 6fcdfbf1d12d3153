// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import io.nvremote.core.PathPolicy;
import io.nvremote.core.Secret;
import io.nvremote.core.SessionId;
import io.nvremote.core.TunnelAddress;
import io.nvremote.core.TunnelPublicKey;
import io.nvremote.path.PathListener;
import io.nvremote.path.PathSelection;
import io.nvremote.path.PathSpec;
import io.nvremote.path.probing.ProbingPaths;
import io.nvremote.tunnel.RelayBinding;
import io.nvremote.tunnel.TunnelKeys;
import io.nvremote.tunnel.TunnelPath;
import io.nvremote.tunnel.TunnelRole;
import io.nvremote.tunnel.TunnelSpec;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** One end of a tunnel in a {@link VirtualWorld}. Its inner packets are a number and zeros. */
final class VirtualPeer implements VirtualWorld.Node, EngineEvents, PathListener {

    static final int MTU = TunnelSpec.MTU_BYTES;

    private final VirtualWorld world;
    private final TunnelRole role;
    private InetSocketAddress address;
    private boolean greeted;
    private boolean hurry;
    private final long opened;
    final Identity identity;
    final PathSelection path;
    final Engine engine;
    final List<Integer> inbox = new ArrayList<>();
    final List<TunnelPath> paths = new ArrayList<>();
    int ups;
    int silences;

    VirtualPeer(VirtualWorld world, InetSocketAddress address, TunnelSpec spec) {
        this.world = world;
        this.address = address;
        this.role = spec.role();
        this.opened = world.now;
        identity = Identity.of(spec.keys(), spec.peerPublicKey());
        path = identity.open(new ProbingPaths(), PathSpec.of(spec), this::transmit, this, world.now);
        engine = new Engine(
                new EngineSetup(identity, role, new Tai64n(Instant.EPOCH, world.now), MTU),
                path,
                this::transmit,
                this,
                world.now);
        path.hosts(List.of(address));
        world.add(address, this);
    }

    /** The spec of one end. */
    static TunnelSpec spec(
            SessionId session,
            TunnelRole role,
            TunnelKeys mine,
            TunnelPublicKey peer,
            InetSocketAddress relay,
            PathPolicy policy) {
        TunnelAddress inner = TunnelAddress.parse("10.100.0.1");
        Secret ticket = new Secret(Base64.getEncoder().encodeToString(VirtualRelay.TICKET));
        return new TunnelSpec(session, role, mine, peer, inner, inner, new RelayBinding(relay, ticket), policy, MTU);
    }

    static TunnelKeys keys() {
        byte[] key = Curve25519.newPrivateKey();
        return new TunnelKeys(key, TunnelPublicKey.of(Curve25519.publicKey(key)));
    }

    private void transmit(byte[] datagram, int length, InetSocketAddress to) {
        world.send(address, to, Arrays.copyOf(datagram, length));
    }

    /** A new address, as a NAT gives one. */
    void moveTo(InetSocketAddress next) {
        world.move(address, next);
        address = next;
    }

    boolean send(int number) {
        byte[] packet = new byte[MTU + Protocol.PADDING];
        ByteBuffer.wrap(packet).putInt(number);
        return engine.send(packet, 500, world.now);
    }

    @Override
    public void received(byte[] datagram, InetSocketAddress from) {
        switch (path.received(datagram, datagram.length, from, world.now)) {
            case NOT_MINE ->
                engine.received(Arrays.copyOf(datagram, Engine.MAX_DATAGRAM), datagram.length, from, world.now);
            case REJECTED -> engine.reject();
            case TAKEN -> {}
        }
    }

    @Override
    public void tick() {
        path.tick(world.now);
        boolean first = !greeted
                && role == TunnelRole.INITIATOR
                && (path.bound() || world.now - opened >= Protocol.seconds(1) / 2);
        if (first || hurry) {
            greeted = true;
            hurry = false;
            engine.hurry(world.now);
        }
        engine.tick(world.now);
    }

    @Override
    public void up() {
        ups++;
    }

    @Override
    public void silent() {
        silences++;
    }

    @Override
    public void inner(byte[] packet, int length) {
        inbox.add(ByteBuffer.wrap(packet).getInt());
    }

    @Override
    public void pathChanged(TunnelPath now) {
        paths.add(now);
    }

    @Override
    public void candidatesChanged(List<InetSocketAddress> candidates) {
        // Candidates are exchanged by the tests themselves.
    }

    @Override
    public void relayNeedsHandshake() {
        hurry = true;
    }
}
