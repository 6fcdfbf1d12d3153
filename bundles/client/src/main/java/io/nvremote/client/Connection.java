// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import io.nvremote.core.Keys;
import io.nvremote.core.StreamException;
import io.nvremote.signaling.Signal;
import io.nvremote.tunnel.Endpoint;
import io.nvremote.tunnel.Tunnel;
import io.nvremote.tunnel.TunnelKeys;
import io.nvremote.tunnel.TunnelListener;
import io.nvremote.tunnel.TunnelPath;
import io.nvremote.viewer.HostEntry;
import io.nvremote.viewer.StreamView;
import io.nvremote.viewer.Viewer;
import io.nvremote.viewer.ViewerError;
import io.nvremote.viewer.ViewerSession;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
    private static final Duration HOST_ANSWERS_WITHIN = Duration.ofSeconds(12);
    private static final Duration LARGEST_WITHIN = Duration.ofSeconds(2);
    private static final Duration TUNNEL_WITHIN = Duration.ofSeconds(10);
    private static final long PICTURE_WITHIN_MILLIS = 10_000;
    private static final int EARLY_AT_MOST = 64;
    private static final int LONGEST_WORD = 64;
    private static final long PING_EVERY_MILLIS = 1_000;
    private static final long INTERRUPTED_AFTER_NANOS = 3_000_000_000L;
    private static final long LOST_AFTER_NANOS = 20_000_000_000L;

    private final HostEntry host;
    private final StreamServices services;
    private final SessionApi sessions;
    private final StreamView view;
    private final Runnable changed;
    private final Consumer<Signal> signals;
    private final ConnectSteps steps;
    /** What ended it, if that was no failure. Completed once; wakes whatever waits. */
    private final CompletableFuture<End> over = new CompletableFuture<>();

    private final CompletableFuture<Signal.SessionUpdate> active = new CompletableFuture<>();
    private final List<Signal> early = new ArrayList<>();
    private final Queue<InetSocketAddress> earlyCandidates = new ConcurrentLinkedQueue<>();
    private volatile Phase phase = Phase.CONNECTING;
    private volatile @Nullable StreamException error;
    private volatile @Nullable String reason;
    private volatile @Nullable SessionOffer offer;
    private volatile @Nullable LiveStream stream;
    private volatile @Nullable Tunnel tunnel;
    private volatile long streamingSince;
    private volatile long overNanos;

    /**
     * An end that was said.
     *
     * @param why for the person
     * @param word for the audit log
     */
    private record End(String why, String word) {
        private static final End NONE = new End("", "");

        private static End ours(String why) {
            return new End(why, why.equals(Viewer.BY_USER) ? "user_disconnect" : inOneWord(why));
        }

        /** The words of others don't go into the audit log as ours. */
        private static End theirs(String why) {
            return new End(why, "other_side");
        }
    }

    /** What a connection asks of the control plane. */
    interface SessionApi {
        SessionOffer create(HostEntry host, String publicKey);

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
    }

    void run() {
        TunnelKeys keys = null;
        try {
            steps.begin(Step.KEYS);
            keys = services.tunnels().newKeys();
            next(Step.KEYS, Step.SESSION);
            SessionOffer made = sessions.create(host, keys.publicKey());
            offered(made);
            String hostKey = hostKey(made);
            next(Step.SESSION, Step.TUNNEL);
            Tunnel opened = services.tunnels().open(made.spec(keys, hostKey, services.policy()), new Listener());
            tunnel = opened;
            LiveStream live = new LiveStream(opened, services.transport(), services.clock(), view);
            stream = live;
            opened.peerCandidates(List.copyOf(earlyCandidates));
            checkUp(opened);
            next(Step.TUNNEL, Step.STREAM);
            checkPicture(live, opened);
            steps.done(Step.STREAM);
            streamingSince = services.clock().nanos();
            enter(Phase.STREAMING);
            LOG.atInfo().addKeyValue(Keys.SESSION, made.session()).log("streaming");
            watch(live);
        } catch (StreamException e) {
            fail(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            over.complete(End.ours("the client stops"));
            fail(new StreamException(ViewerError.CANCELLED, "the client stops", e));
        } finally {
            teardown(keys);
        }
    }

    /** Ends it from our side, at any point. Returns at once; {@link #run} cleans up. */
    void end(String why) {
        over.complete(End.ours(why));
        active.completeExceptionally(new StreamException(ViewerError.CANCELLED, why));
        Tunnel opened = tunnel;
        if (opened != null && phase == Phase.CONNECTING) {
            opened.close();
        }
    }

    /**
     * A message of the control plane: ignored unless it is about our session. What comes before we know which session is
     * ours (the socket may be faster than the answer to our request) is kept until we do.
     */
    synchronized void signal(Signal signal) {
        SessionOffer mine = offer;
        if (mine == null) {
            if (early.size() < EARLY_AT_MOST) {
                early.add(signal);
            }
            return;
        }
        switch (signal) {
            case Signal.SessionUpdate update when update.sessionId().equals(mine.session()) -> updated(update);
            case Signal.Candidates peer when peer.sessionId().equals(mine.session()) -> candidates(peer);
            default -> {}
        }
    }

    private synchronized void offered(SessionOffer made) {
        offer = made;
        early.forEach(this::signal);
        early.clear();
    }

    private void candidates(Signal.Candidates peer) {
        List<InetSocketAddress> found =
                peer.candidates().stream().limit(16).map(SessionOffer::endpoint).toList();
        Tunnel opened = tunnel;
        if (opened == null) {
            earlyCandidates.addAll(found);
        } else {
            opened.peerCandidates(found);
        }
    }

    private void updated(Signal.SessionUpdate update) {
        String said = update.reason();
        switch (update.status()) {
            case "ACTIVE" -> active.complete(update);
            case "FAILED", "EXPIRED", "TERMINATED" -> {
                String why = said == null ? "The session is " + update.status().toLowerCase(Locale.ROOT) + "." : said;
                active.completeExceptionally(
                        new StreamException(RemoteError.of("SESSION_" + update.status(), 503), why));
                over.complete(End.theirs(why));
            }
            default -> {}
        }
    }

    private String hostKey(SessionOffer made) throws InterruptedException {
        String given = made.hostKey();
        if (given != null) {
            return given;
        }
        try {
            String key = active.get(HOST_ANSWERS_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
                    .hostPublicKey();
            if (key != null) {
                return key;
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StreamException cause) {
                throw cause;
            }
            throw new IllegalStateException(e);
        } catch (TimeoutException e) {
            throw new StreamException(
                    ViewerError.HOST_NOT_READY,
                    host.name() + " did not answer in " + HOST_ANSWERS_WITHIN.toSeconds() + " s",
                    e);
        }
        throw new StreamException(ViewerError.SESSION_REFUSED, "the session became active without a key of the host");
    }

    private void checkUp(Tunnel opened) {
        if (!opened.awaitUp(TUNNEL_WITHIN)) {
            cancelledOr(new StreamException(
                    ViewerError.TUNNEL_SILENT,
                    "no answer of " + host.name() + " through the tunnel in " + TUNNEL_WITHIN.toSeconds() + " s"));
        }
    }

    private void checkPicture(LiveStream live, Tunnel opened) throws InterruptedException {
        if (!live.awaitPicture(PICTURE_WITHIN_MILLIS)) {
            String bye = live.bye();
            String wrong = live.trouble().sentence();
            if (bye == null && wrong.isEmpty() && !over.isDone() && !opened.carriesLargest(LARGEST_WITHIN)) {
                cancelledOr(new StreamException(
                        ViewerError.PATH_TOO_SMALL,
                        "small datagrams reach " + host.name() + ", large ones don't: " + opened.path()));
            }
            cancelledOr(new StreamException(
                    ViewerError.NO_PICTURE,
                    bye != null ? "the host left: " + bye : wrong.isEmpty() ? "no picture in 10 s" : wrong));
        }
    }

    private void cancelledOr(StreamException otherwise) {
        String why = over.getNow(End.NONE).why();
        throw why.isEmpty() ? otherwise : new StreamException(ViewerError.CANCELLED, why);
    }

    /** Stays until somebody ends it or the host is silent for too long. */
    private void watch(LiveStream live) throws InterruptedException {
        while (true) {
            live.ping();
            live.report();
            try {
                reason = over.get(PING_EVERY_MILLIS, TimeUnit.MILLISECONDS).why();
                return;
            } catch (TimeoutException e) {
                LOG.atTrace().log("still streaming");
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            }
            String bye = live.bye();
            if (bye != null) {
                over.complete(End.theirs(bye));
                reason = bye;
                return;
            }
            long silent = live.silence().toNanos();
            if (silent > LOST_AFTER_NANOS) {
                throw new StreamException(ViewerError.CONNECTION_LOST, host.name() + " was silent for 20 s");
            }
            enter(silent > INTERRUPTED_AFTER_NANOS ? Phase.INTERRUPTED : Phase.STREAMING);
        }
    }

    private void next(Step done, Step begun) {
        steps.done(done);
        String why = over.getNow(End.NONE).why();
        if (!why.isEmpty()) {
            throw new StreamException(ViewerError.CANCELLED, why);
        }
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
        LiveStream live = stream;
        if (live != null) {
            live.close();
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
                ? over.getNow(End.theirs("")).word()
                : inOneWord(failed.code().name());
    }

    private static String inOneWord(String text) {
        String word = text.toLowerCase(Locale.ROOT).replaceAll("[^a-z]+", "_").replaceAll("^_+", "");
        return word.substring(0, Math.min(LONGEST_WORD, word.length()));
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
        LiveStream heard = stream;
        return phase != Phase.INTERRUPTED || heard == null
                ? Duration.ZERO
                : Duration.ofNanos(
                        Math.max(0, LOST_AFTER_NANOS - heard.silence().toNanos()));
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
        return Optional.ofNullable(stream).filter(kind::isInstance).map(kind::cast);
    }

    /** What the tunnel tells goes to the peer or to the page. */
    private final class Listener implements TunnelListener {
        @Override
        public void candidatesChanged(List<InetSocketAddress> candidates) {
            SessionOffer mine = offer;
            if (mine != null) {
                signals.accept(new Signal.Candidates(
                        mine.session(),
                        candidates.stream()
                                .map(address -> Endpoint.of(address).toString())
                                .toList()));
            }
        }

        @Override
        public void pathChanged(TunnelPath path) {
            changed.run();
        }
    }
}
