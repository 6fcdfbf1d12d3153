// SPDX-License-Identifier: Apache-2.0
package io.nvremote.path.probing;

import io.nvremote.core.PathPolicy;
import io.nvremote.path.PathListener;
import io.nvremote.path.PathOutput;
import io.nvremote.path.PathSelection;
import io.nvremote.relay.StunMessage;
import io.nvremote.tunnel.TunnelPath;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Which way datagrams take: the relay first, then the direct way with the shortest round trip that answers probes, and
 * the relay again when that goes silent. Sans-IO.
 *
 * <p><b>Threads.</b> Any; {@link #live}, {@link #handshakeTarget} and the common case of {@link #authentic} take no lock.
 * Events are told after the lock is released, since who hears them may enter the engine.
 *
 * <p><b>Roaming.</b> A relay that binds tickets and a peer that answers probes are ours: an unknown address with authentic
 * datagrams becomes a candidate and must answer a probe. Where neither was ever seen the other end is a plain WireGuard
 * peer, and the endpoint follows its newest authentic datagram.
 */
final class PathSelector implements PathSelection {

    /** After the first usable candidate, others have this long to be better. */
    private static final long GRACE = TimeUnit.MILLISECONDS.toNanos(200);
    /** A switch between direct ways must save this much. */
    private static final long WORTHWHILE = TimeUnit.MILLISECONDS.toNanos(2);
    /** After a fall back to the relay, direct ways are tried again this often. */
    private static final long RETRY = TimeUnit.SECONDS.toNanos(30);

    private final PathSetup setup;
    private final PathListener listener;
    private final RelayBinder relay;
    private final Prober prober;
    private volatile TunnelPath path;
    private volatile boolean peerProbes;
    private volatile int datagramBytes = PathSize.BASE;
    private List<InetSocketAddress> hosts = List.of();
    private List<InetSocketAddress> told = List.of();
    private long usableSince;
    private boolean usable;
    private long switchedAt;
    private long retryAt;
    private boolean fellBack;
    private long changes;

    PathSelector(PathSetup setup, PathOutput wire, PathListener listener, long now) {
        this.setup = setup;
        this.listener = listener;
        this.relay = new RelayBinder(setup, wire, now);
        this.prober = new Prober(setup.probe(), wire);
        this.path = new TunnelPath(TunnelPath.Kind.RELAY, setup.relay());
    }

    /** Where data goes now. */
    @Override
    public InetSocketAddress live() {
        return path.endpoint();
    }

    @Override
    public int datagramBytes() {
        return datagramBytes;
    }

    @Override
    public TunnelPath path() {
        return path;
    }

    @Override
    public synchronized long changes() {
        return changes;
    }

    @Override
    public boolean bound() {
        return relay.bound();
    }

    /**
     * Where a handshake goes: through the relay while it answers, also when data goes direct, so that the relay knows the
     * session's indices when a fall back needs them; every second attempt the way of the data.
     */
    @Override
    public InetSocketAddress handshakeTarget(int attempt) {
        return relay.bound() && attempt % 2 == 0 ? setup.relay() : live();
    }

    /** An authentic WireGuard datagram came from this address. */
    @Override
    public void authentic(InetSocketAddress from, long now) {
        if (setup.policy() == PathPolicy.RELAY || from.equals(live()) || (from.equals(setup.relay()) && ours())) {
            return;
        }
        List<Runnable> news = new ArrayList<>();
        synchronized (this) {
            if (ours()) {
                prober.heard(from, now);
            } else {
                move(from, news, now);
            }
        }
        tell(news);
    }

    /** Data goes and nothing comes: a relay that began anew must be told of this side, sooner than by the keepalive. */
    @Override
    public void doubt(long now) {
        if (path.kind() == TunnelPath.Kind.RELAY) {
            synchronized (this) {
                relay.doubt(now);
            }
        }
    }

    /** Whether datagrams from this address may be the peer's: the live path, the relay, a candidate. */
    boolean expects(InetSocketAddress from) {
        return from.equals(live()) || from.equals(setup.relay()) || probed(from);
    }

    private synchronized boolean probed(InetSocketAddress from) {
        return prober.at(from) != null;
    }

    private boolean ours() {
        return relay.everBound() || peerProbes;
    }

    /** The peer told where it might be reached. */
    @Override
    public synchronized void peerCandidates(List<InetSocketAddress> candidates, long now) {
        if (setup.policy() == PathPolicy.AUTO) {
            List<InetSocketAddress> direct = new ArrayList<>(candidates);
            direct.removeIf(setup.relay()::equals);
            prober.offer(direct, now);
        }
    }

    /** This machine's own addresses with the socket's port. */
    @Override
    public void hosts(List<InetSocketAddress> own) {
        List<Runnable> news = new ArrayList<>();
        synchronized (this) {
            hosts = List.copyOf(own);
            candidatesMayHaveChanged(news);
        }
        tell(news);
    }

    /** Own addresses and the reflexive one; none under RELAY policy: nobody needs to know them. */
    @Override
    public synchronized List<InetSocketAddress> candidates() {
        if (setup.policy() == PathPolicy.RELAY) {
            return List.of();
        }
        Set<InetSocketAddress> all = new LinkedHashSet<>(hosts);
        InetSocketAddress reflexive = relay.reflexive();
        if (reflexive != null) {
            all.add(reflexive);
        }
        return List.copyOf(all);
    }

    private void candidatesMayHaveChanged(List<Runnable> news) {
        List<InetSocketAddress> now = candidates();
        if (!now.equals(told)) {
            told = now;
            news.add(() -> listener.candidatesChanged(now));
        }
    }

    @Override
    public void tick(long now) {
        List<Runnable> news = new ArrayList<>(0);
        synchronized (this) {
            relay.tick(now);
            if (setup.policy() == PathPolicy.AUTO) {
                if (fellBack && now - retryAt >= 0) {
                    retryAt = now + RETRY;
                    prober.again(now);
                }
                prober.tick(live(), now);
                decide(news, now);
            }
        }
        tell(news);
    }

    @Override
    public Intake received(byte[] datagram, int length, InetSocketAddress from, long now) {
        ByteBuffer bytes = ByteBuffer.wrap(datagram, 0, length);
        if (!StunMessage.looksLikeStun(bytes)) {
            return Intake.NOT_MINE;
        }
        Optional<StunMessage> message = StunMessage.parse(bytes);
        if (message.isEmpty()) {
            return Intake.REJECTED;
        }
        List<Runnable> news = new ArrayList<>();
        boolean taken;
        synchronized (this) {
            taken = stun(message.get(), from, news, now);
        }
        tell(news);
        return taken ? Intake.TAKEN : Intake.REJECTED;
    }

    private boolean stun(StunMessage message, InetSocketAddress from, List<Runnable> news, long now) {
        boolean wasBound = relay.bound();
        if (message.kind() == StunMessage.Kind.SUCCESS && from.equals(setup.relay()) && relay.answer(message, now)) {
            if (!wasBound) {
                news.add(listener::relayNeedsHandshake);
            }
            candidatesMayHaveChanged(news);
            return true;
        }
        if (setup.policy() == PathPolicy.RELAY) {
            return false;
        }
        boolean taken =
                switch (message.kind()) {
                    case REQUEST -> prober.request(message, from, now);
                    case SUCCESS -> prober.answer(message, from, now);
                    case ERROR -> false;
                };
        if (taken) {
            peerProbes = true;
            decide(news, now);
        }
        return taken;
    }

    private void decide(List<Runnable> news, long now) {
        choose(news, now);
        Candidate live = path.kind() == TunnelPath.Kind.DIRECT ? prober.at(live()) : null;
        datagramBytes = live == null ? PathSize.BASE : live.carried();
    }

    private void choose(List<Runnable> news, long now) {
        Candidate best = prober.best(now);
        if (best != null && !usable) {
            usableSince = now;
        }
        usable = best != null;
        if (path.kind() == TunnelPath.Kind.RELAY) {
            if (best != null && now - usableSince >= GRACE) {
                move(best.endpoint(), news, now);
            }
            return;
        }
        Candidate current = prober.at(live());
        if (current != null && current.usable(now)) {
            if (best != null && best != current && current.rtt() - best.rtt() >= WORTHWHILE) {
                move(best.endpoint(), news, now);
            }
        } else if (ours() && now - switchedAt >= Candidate.SILENCE) {
            move(best == null ? setup.relay() : best.endpoint(), news, now);
        }
    }

    /** Sends the data another way from now on, with the same session. */
    @Override
    public void switchTo(InetSocketAddress endpoint, long now) {
        List<Runnable> news = new ArrayList<>();
        synchronized (this) {
            move(endpoint, news, now);
        }
        tell(news);
    }

    private void move(InetSocketAddress endpoint, List<Runnable> news, long now) {
        boolean toRelay = endpoint.equals(setup.relay());
        TunnelPath next = new TunnelPath(toRelay ? TunnelPath.Kind.RELAY : TunnelPath.Kind.DIRECT, endpoint);
        path = next;
        datagramBytes = PathSize.BASE; // before it is known what this way carries
        switchedAt = now;
        changes++;
        fellBack = toRelay;
        news.add(() -> listener.pathChanged(next));
        if (toRelay) {
            retryAt = now + RETRY;
            news.add(listener::relayNeedsHandshake);
        }
    }

    private static void tell(List<Runnable> news) {
        for (Runnable one : news) {
            one.run();
        }
    }
}
