// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import io.nvremote.core.Endpoint;
import io.nvremote.core.Keys;
import io.nvremote.core.StreamException;
import io.nvremote.core.TunnelPublicKey;
import io.nvremote.signaling.Signal;
import io.nvremote.tunnel.Tunnel;
import io.nvremote.tunnel.TunnelKeys;
import io.nvremote.tunnel.TunnelListener;
import io.nvremote.tunnel.TunnelPath;
import io.nvremote.tunnel.TunnelProvider;
import io.nvremote.viewer.HostEntry;
import io.nvremote.viewer.StreamView;
import io.nvremote.viewer.ViewerError;
import io.nvremote.viewer.ViewerSession;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One try to reach one host, from keys to picture to teardown. {@link #run} blocks its thread until the connection is
 * over; everything else may be called from any thread. Nothing stays allocated when {@code run} returns.
 */
final class Connection implements ViewerSession {

    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
    private final HostEntry host;
    private final StreamServices services;
    private final SessionApi sessions;
    private final StreamView view;
    private final Runnable changed;
    private final Consumer<Signal> signals;
    private final ConnectSteps steps;
    private final SessionWatch watch;
    private final SessionNews news;
    private final Queue<InetSocketAddress> earlyCandidates = new ConcurrentLinkedQueue<>();
    private volatile Phase phase = Phase.CONNECTING;
    private volatile @Nullable StreamException error;
    private volatile @Nullable String reason;
    private volatile @Nullable SessionOffer offer;
    private volatile @Nullable SessionTracks tracks;
    private volatile @Nullable Tunnel tunnel;
    private volatile long streamingSince;
    private volatile long overNanos;

    /** What a connection asks of the control plane. */
    interface SessionApi {
        SessionOffer create(HostEntry host, TunnelPublicKey publicKey);

        /** Ends a session. {@code reason} is kept by the audit log: letters and underscores, at most 64. */
        void delete(SessionOffer offer, String reason);
    }

    Connection(
            HostEntry host,
            StreamServices services,
            SessionApi sessions,
            StreamView view,
            Consumer<Signal> signals,
            Runnable changed) {
        this.host = host;
        this.services = services;
        this.sessions = sessions;
        this.view = view;
        this.signals = signals;
        this.changed = changed;
        this.steps = new ConnectSteps(services.clock());
        this.watch = new SessionWatch(host.name(), services.lostAfter(), services.clock());
        this.news = new SessionNews(this::candidates, why -> watch.end(SessionEnd.theirs(why)));
    }

    void run() {
        TunnelKeys keys = null;
        try {
            steps.begin(Step.KEYS);
            TunnelProvider tunnels = services.tunnels().get();
            keys = tunnels.newKeys();
            next(Step.KEYS, Step.SESSION);
            SessionOffer made = sessions.create(host, keys.publicKey());
            offer = made;
            news.offered(made);
            TunnelPublicKey hostKey = news.hostKey(made, host);
            next(Step.SESSION, Step.TUNNEL);
            Tunnel opened = tunnels.open(made.spec(keys, hostKey, services.policy()), new Listener());
            tunnel = opened;
            SessionTracks carried =
                    new SessionTracks(made.session(), opened, services.tracks(), services.clock(), view);
            tracks = carried;
            carried.open();
            opened.peerCandidates(List.copyOf(earlyCandidates));
            watch.untilUp(opened);
            next(Step.TUNNEL, Step.STREAM);
            watch.untilReady(carried, opened);
            steps.done(Step.STREAM);
            streamingSince = services.clock().nanos();
            enter(Phase.STREAMING);
            LOG.atInfo().addKeyValue(Keys.SESSION, made.session()).log("streaming");
            reason = watch.untilOver(carried, this::enter).why();
        } catch (StreamException e) {
            fail(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            watch.end(SessionEnd.ours("the client stops"));
            fail(new StreamException(ViewerError.CANCELLED, "the client stops", e));
        } finally {
            teardown(keys);
        }
    }

    /** Ends it from our side, at any point. Returns at once; {@link #run} cleans up. */
    void end(String why) {
        watch.end(SessionEnd.ours(why));
        news.cancel(why);
        Tunnel opened = tunnel;
        if (opened != null && phase == Phase.CONNECTING) {
            opened.close();
        }
    }

    /** A message of the control plane, about this session or another. */
    void signal(Signal signal) {
        news.signal(signal);
    }

    private void candidates(List<InetSocketAddress> found) {
        Tunnel opened = tunnel;
        if (opened == null) {
            earlyCandidates.addAll(found);
        } else {
            opened.peerCandidates(found);
        }
    }

    private void next(Step done, Step begun) {
        steps.done(done);
        watch.goesOn();
        steps.begin(begun);
        changed.run();
    }

    private void enter(Phase now) {
        if (phase != now) {
            phase = now;
            changed.run();
        }
    }

    private void fail(StreamException e) {
        steps.failed();
        if (e.code() == ViewerError.CANCELLED) {
            reason = e.getMessage();
            return;
        }
        error = e;
        LOG.atWarn()
                .addKeyValue(Keys.HOST, host.id())
                .addKeyValue(Keys.CODE, e.code().name())
                .addKeyValue(Keys.REASON, e.getMessage())
                .log("connection failed");
    }

    private void teardown(@Nullable TunnelKeys keys) {
        overNanos = services.clock().nanos();
        SessionTracks carried = tracks;
        if (carried != null) {
            carried.close();
        }
        Tunnel opened = tunnel;
        if (opened != null) {
            opened.close();
        }
        if (keys != null) {
            keys.close();
        }
        SessionOffer made = offer;
        if (made != null) {
            try {
                sessions.delete(made, word());
            } catch (StreamException e) {
                LOG.atInfo()
                        .addKeyValue(Keys.SESSION, made.session())
                        .addKeyValue(Keys.REASON, e.getMessage())
                        .log("the control plane could not be told that the session is over; it finds out by itself");
            }
        }
        enter(error == null ? Phase.ENDED : Phase.FAILED);
    }

    /** Why it is over, as the audit log keeps it: a failure first, whatever was said afterwards. */
    private String word() {
        StreamException failed = error;
        return failed == null
                ? watch.said().word()
                : SessionEnd.inOneWord(failed.code().name());
    }

    @Override
    public HostEntry host() {
        return host;
    }

    @Override
    public Phase phase() {
        return phase;
    }

    @Override
    public List<StepTime> steps() {
        return steps.times();
    }

    @Override
    public @Nullable String reason() {
        return reason;
    }

    @Override
    public @Nullable StreamException error() {
        return error;
    }

    @Override
    public Duration streamed() {
        long since = streamingSince;
        long end = overNanos;
        return since == 0
                ? Duration.ZERO
                : Duration.ofNanos((end == 0 ? services.clock().nanos() : end) - since);
    }

    @Override
    public Duration givesUpIn() {
        SessionTracks carried = tracks;
        return phase != Phase.INTERRUPTED || carried == null ? Duration.ZERO : watch.patience(carried);
    }

    @Override
    public @Nullable TunnelPath path() {
        Tunnel opened = tunnel;
        return opened == null ? null : opened.path();
    }

    @Override
    public long pathChanges() {
        Tunnel opened = tunnel;
        return opened == null ? 0 : opened.stats().pathChanges();
    }

    @Override
    public <P> Optional<P> part(Class<P> kind) {
        SessionTracks carried = tracks;
        return carried == null ? Optional.empty() : carried.part(kind);
    }

    @Override
    public Map<String, Map<String, Long>> counters() {
        SessionTracks carried = tracks;
        return carried == null ? Map.of() : carried.counters();
    }

    /** What the tunnel tells goes to the peer or to the page. */
    private final class Listener implements TunnelListener {
        @Override
        public void candidatesChanged(List<InetSocketAddress> candidates) {
            SessionOffer mine = offer;
            if (mine != null) {
                signals.accept(new Signal.Candidates(
                        mine.session(), candidates.stream().map(Endpoint::of).toList()));
            }
        }

        @Override
        public void pathChanged(TunnelPath path) {
            changed.run();
        }
    }
}
