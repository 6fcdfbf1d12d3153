// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.core.PathPolicy;
import io.nvremote.core.SessionId;
import io.nvremote.core.TunnelAddress;
import io.nvremote.core.TunnelPublicKey;
import io.nvremote.tunnel.RelayBinding;
import io.nvremote.tunnel.Tunnel;
import io.nvremote.tunnel.TunnelKeys;
import io.nvremote.tunnel.TunnelListener;
import io.nvremote.tunnel.TunnelPath;
import io.nvremote.tunnel.TunnelPort;
import io.nvremote.tunnel.TunnelProvider;
import io.nvremote.tunnel.TunnelRole;
import io.nvremote.tunnel.TunnelSpec;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Both sides of a session and the relay between them, for {@link TunnelContract}. One thread. */
final class TunnelPair implements AutoCloseable {

    /** What is in every datagram inside the tunnel. */
    static final byte[] INSIDE =
            "what is said inside a tunnel stays inside the tunnel".getBytes(StandardCharsets.US_ASCII);

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int PORT = 5010;

    private final TunnelRelay relay = new TunnelRelay();
    private InetSocketAddress relayEndpoint = relay.endpoint();
    private final TunnelProvider mineFrom;
    private final TunnelProvider peersFrom;
    private final SessionId session = SessionId.next();
    private final TunnelKeys myKeys;
    private final byte[] peersPrivate;
    private final TunnelPublicKey peersPublic;
    private final int net = ThreadLocalRandom.current().nextInt(2, 255);
    private final Set<Integer> mineHeard = ConcurrentHashMap.newKeySet();
    private final Set<Integer> peersHeard = ConcurrentHashMap.newKeySet();
    private TunnelPublicKey expected;
    private TunnelRole role = TunnelRole.INITIATOR;
    private PathPolicy policy = PathPolicy.RELAY;
    private @Nullable Tunnel mine;
    private @Nullable Tunnel peers;
    private @Nullable TunnelPort myPort;
    private @Nullable TunnelPort peersPort;
    private int next;

    TunnelPair(TunnelProvider mineFrom, TunnelProvider peersFrom) {
        this.mineFrom = mineFrom;
        this.peersFrom = peersFrom;
        this.myKeys = mineFrom.newKeys();
        TunnelKeys peersKeys = peersFrom.newKeys();
        this.peersPrivate = peersKeys.privateKey().clone();
        this.peersPublic = peersKeys.publicKey();
        this.expected = peersPublic;
        peersKeys.close();
    }

    /** The tunnel under test takes this for its peer's key. */
    void expect(TunnelPublicKey publicKey) {
        expected = publicKey;
    }

    /** The tunnel under test is told to reach its relay here. */
    void relayAt(InetSocketAddress endpoint) {
        relayEndpoint = endpoint;
    }

    TunnelKeys myKeys() {
        return myKeys;
    }

    TunnelRelay relay() {
        return relay;
    }

    /** The tunnel under test. */
    Tunnel mine() {
        return opened(mine);
    }

    /** The believed one. */
    Tunnel peers() {
        return opened(peers);
    }

    private static <T> T opened(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("not opened");
        }
        return part;
    }

    /** Opens both, waits until they have met, and opens a port on each. */
    void open(TunnelRole role, PathPolicy policy) {
        openUnmet(role, policy);
        assertThat(mine().awaitUp(PATIENCE)).isTrue();
        assertThat(peers().awaitUp(PATIENCE)).isTrue();
        myPort = mine().bind(PORT, (from, datagram) -> mineHeard.add(datagram.getInt()));
    }

    /** Opens both. {@code role} is of the tunnel under test. */
    void openUnmet(TunnelRole role, PathPolicy policy) {
        openMine(role, policy);
        openPeers();
    }

    void openMine(TunnelRole role, PathPolicy policy) {
        this.role = role;
        this.policy = policy;
        mine = mineFrom.open(spec(role, myKeys, expected, 1, 2), new TunnelListener() {});
    }

    private void openPeers() {
        TunnelKeys keys = new TunnelKeys(peersPrivate.clone(), peersPublic);
        Tunnel fresh = peersFrom.open(spec(other(), keys, myKeys.publicKey(), 2, 1), new TunnelListener() {});
        peers = fresh;
        peersPort = fresh.bind(PORT, (from, datagram) -> peersHeard.add(datagram.getInt()));
    }

    private TunnelRole other() {
        return role == TunnelRole.INITIATOR ? TunnelRole.RESPONDER : TunnelRole.INITIATOR;
    }

    private TunnelSpec spec(TunnelRole role, TunnelKeys keys, TunnelPublicKey peer, int mine, int theirs) {
        return new TunnelSpec(
                session,
                role,
                keys,
                peer,
                inner(mine),
                inner(theirs),
                new RelayBinding(relayEndpoint, relay.ticket()),
                policy,
                TunnelSpec.MTU_BYTES);
    }

    private TunnelAddress inner(int last) {
        return TunnelAddress.parse("10.100." + net + "." + last);
    }

    /** The peer's process dies and comes back with the same key. */
    void restartPeer() {
        peers().close();
        openPeers();
    }

    boolean bothOn(TunnelPath.Kind kind) {
        return mine().path().kind() == kind && peers().path().kind() == kind;
    }

    /** Talks until a datagram arrived each way that was sent from now on. */
    void talk() {
        int first = next;
        talkUntil(() -> heardSince(mineHeard, first) && heardSince(peersHeard, first), "datagrams both ways");
    }

    private boolean heardSince(Set<Integer> heard, int first) {
        return heard.stream().anyMatch(number -> number >= first);
    }

    /** Sends numbered datagrams both ways until it holds. */
    void talkUntil(BooleanSupplier done, String what) {
        await(
                () -> {
                    say();
                    return done.getAsBoolean();
                },
                what);
    }

    private void say() {
        ByteBuffer datagram =
                ByteBuffer.allocate(600).putInt(next++).put(INSIDE).rewind();
        opened(myPort).send(PORT, datagram.duplicate());
        opened(peersPort).send(PORT, datagram.duplicate());
    }

    /** Talks for so long; how many of the datagrams did not arrive. */
    int lostWithin(Duration time) {
        int first = next;
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() - end < 0) {
            say();
            pause();
        }
        long settled = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        await(() -> missing(first) == 0 || System.nanoTime() - settled > 0, "the last arrive");
        return missing(first);
    }

    private int missing(int first) {
        int missing = 0;
        for (int number = first; number < next; number++) {
            missing += (mineHeard.contains(number) ? 0 : 1) + (peersHeard.contains(number) ? 0 : 1);
        }
        return missing;
    }

    /** Asks every 50 ms. */
    static void await(BooleanSupplier state, String what) {
        long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (!state.getAsBoolean()) {
            assertThat(System.nanoTime() - end).as("did not happen: " + what).isNegative();
            pause();
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(50);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts a test", e);
        }
    }

    static boolean contains(byte[] bytes, byte[] part) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        return text.contains(new String(part, StandardCharsets.ISO_8859_1));
    }

    @Override
    public void close() {
        if (mine != null) {
            mine.close();
        }
        if (peers != null) {
            peers.close();
        }
        myKeys.close();
        relay.close();
    }
}
