// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.core.Clock;
import io.nvremote.core.Keys;
import io.nvremote.core.StreamException;
import io.nvremote.identity.Credentials;
import io.nvremote.identity.HostFacts;
import io.nvremote.identity.HostIdentity;
import io.nvremote.signaling.Signal;
import io.nvremote.signaling.SignalDialer;
import io.nvremote.telemetry.Counter;
import io.nvremote.telemetry.MetricReport;
import io.nvremote.updates.RuntimeBundles;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of a host: have an identity, dial, beat, take offers. Sessions go on while the control plane is away.
 *
 * <p><b>Threads.</b> Safe for any. One virtual thread waits for the identity and beats, one watches the sessions; the link has its own.
 */
final class HostRole implements ControlPlaneLink.Owner, AutoCloseable {

    /** Where the host is on its way to being reachable. */
    enum State {
        STARTING,
        ENROLLING,
        NOT_ENROLLED,
        DIALLING,
        ONLINE,
        STOPPED
    }

    private static final Logger LOG = LoggerFactory.getLogger(HostRole.class);
    private static final Duration HEARTBEAT = Duration.ofSeconds(10);
    private static final Duration WATCH = Duration.ofMillis(500);
    /** A watch that is so late has not been running. */
    private static final Duration STALL = Duration.ofMillis(1500);

    private static final Duration STOP = Duration.ofSeconds(2);

    private final HostSettings settings;
    private final HostPapers papers;
    private final Supplier<SignalDialer> dialer;
    private final HostSensors figures;
    private final OfferHandler desk;
    private final OfferedBundles offered;
    private final Clock clock = Clock.system();
    private final Thread life = Thread.ofVirtual().name("host-life").unstarted(this::live);
    private final Thread watch = Thread.ofVirtual().name("host-watch").unstarted(this::watchSessions);
    private volatile State state = State.STARTING;
    /** The line in use, or being dialled; the one before it is closed when this one is up. */
    private volatile @Nullable ControlPlaneLink line;

    private volatile boolean closed;
    /** A link was up, went, and none is since. */
    private final AtomicBoolean lost = new AtomicBoolean();

    private final Counter reconnects = new Counter(HostFigures.RECONNECTS);

    HostRole(
            HostSettings settings,
            Supplier<HostIdentity> identity,
            Supplier<SignalDialer> dialer,
            SessionParts parts,
            HostSensors figures,
            Supplier<@Nullable RuntimeBundles> bundles) {
        this.settings = settings;
        this.papers = new HostPapers(identity);
        this.dialer = dialer;
        this.figures = figures;
        this.desk = new OfferHandler(parts, settings.maxSessions(), this::say);
        this.offered = new OfferedBundles(bundles, settings.data(), this::say);
    }

    void start() {
        life.start();
        watch.start();
    }

    State state() {
        return state;
    }

    /** Null before there are any. */
    @Nullable
    Credentials credentials() {
        return papers.present();
    }

    OfferHandler desk() {
        return desk;
    }

    void report(MetricReport to) {
        to.gauge(HostFigures.SESSIONS, desk.sessions().size());
        to.gauge(HostFigures.ONLINE, state == State.ONLINE ? 1 : 0);
        reconnects.report(to);
    }

    // ---- life ----

    private void live() {
        state = State.ENROLLING;
        try {
            Credentials mine = papers.obtain();
            state = State.DIALLING;
            dial(mine);
            while (!closed) {
                clock.sleep(HEARTBEAT);
                beat();
                offered.look();
                papers.readAgain();
                renew();
                comeBack();
            }
        } catch (StreamException e) {
            state = State.NOT_ENROLLED;
            LOG.atError()
                    .addKeyValue(Keys.CODE, e.code())
                    .addKeyValue(Keys.REASON, e.getMessage())
                    .addKeyValue("advice", e.code().advice())
                    .log("host can't go online");
            ControlPlaneLink inVain = line;
            if (inVain != null) {
                inVain.close();
            }
        } catch (InterruptedException e) {
            LOG.atDebug().log("the host stops before it has an identity");
        }
    }

    /** A machine that slept past its certificate is let in with the next one only. */
    private void comeBack() throws InterruptedException {
        Credentials mine = papers.present();
        if (mine != null && mine.expires().isBefore(clock.instant())) {
            dial(papers.obtain());
        }
    }

    void identityChanged() {
        papers.keeperChanged();
    }

    // ---- link ----

    /** Another dials from now on: its line takes over when it is up. */
    void dialerChanged() {
        Credentials mine = papers.present();
        if (mine != null) {
            dial(mine);
        }
    }

    private synchronized void dial(Credentials mine) {
        ControlPlaneLink next = new ControlPlaneLink(line, this);
        line = next;
        next.dial(dialer.get(), settings.signal(), mine.tls());
        if (closed) {
            next.close();
        }
    }

    @Override
    public void up(SignalDialer.SignalLink opened) {
        state = State.ONLINE;
        if (lost.getAndSet(false)) {
            reconnects.increment();
        }
        LOG.atInfo().addKeyValue(Keys.PEER, settings.signal().getAuthority()).log("online");
        opened.send(desk.list());
        beat();
        HostFacts facts = papers.facts();
        opened.send(new Signal.HostDescription(facts.hostName(), facts.system(), facts.gpu(), facts.agentVersion()));
        renew();
    }

    @Override
    public void down() {
        if (state == State.ONLINE) {
            lost.set(true);
        }
        state = closed ? State.STOPPED : State.DIALLING;
    }

    @Override
    public void received(Signal signal) {
        switch (signal) {
            case Signal.SessionOffer offer -> desk.offered(offer);
            case Signal.SessionTerminate order -> desk.terminate(order);
            case Signal.Candidates theirs -> desk.peerCandidates(theirs);
            case Signal.Certificate answer -> certified(answer);
            case Signal.BundleOffer offer -> offered.offered(offer);
            case Signal.BundlePart part -> offered.part(part);
            case Signal.Refusal refusal ->
                LOG.atWarn()
                        .addKeyValue(Keys.CODE, refusal.code())
                        .addKeyValue(Keys.REASON, refusal.message())
                        .log("control plane refused a message");
            case Signal.Ready ready ->
                LOG.atInfo().addKeyValue(Keys.VERSION, ready.version()).log("control plane ready");
            default ->
                LOG.atWarn()
                        .addKeyValue("type", signal.getClass().getSimpleName())
                        .log("message is not for a host");
        }
    }

    /** Asks for the next certificate if it is time. */
    private void renew() {
        papers.renewalRequest().map(Signal.CertificateRequest::new).ifPresent(this::say);
    }

    /** The next certificate: kept, then used by a new link, which replaces the present one when it is up. */
    private void certified(Signal.Certificate answer) {
        if (closed) {
            return;
        }
        try {
            dial(papers.renewed(answer));
        } catch (StreamException e) {
            LOG.atError()
                    .addKeyValue(Keys.CODE, e.code())
                    .addKeyValue(Keys.REASON, e.getMessage())
                    .log("the next certificate can't be used; the present one is");
        }
    }

    private void say(Signal signal) {
        ControlPlaneLink to = line;
        if (to == null || !to.send(signal)) {
            LOG.atDebug().addKeyValue("type", signal.getClass().getSimpleName()).log("control plane is away");
        }
    }

    private void beat() {
        Credentials mine = papers.present();
        if (mine != null) {
            say(new Signal.Heartbeat(
                    mine.host(), clock.instant(), figures.now(desk.sessions().size())));
        }
    }

    private void watchSessions() {
        long last = clock.nanos();
        while (!closed) {
            clock.sleep(WATCH);
            long now = clock.nanos();
            if (now - last < STALL.toNanos()) { // Else the whole process stood still, and nobody hangs for that.
                desk.sessions().forEach(session -> session.watch(now));
            }
            last = now;
        }
    }

    /** Ends sessions and link. Idempotent; takes at most about 2 s. */
    @Override
    public void close() {
        closed = true;
        life.interrupt();
        watch.interrupt();
        desk.close("the host stops");
        long deadline = clock.nanos() + STOP.toNanos();
        while (!List.copyOf(desk.sessions()).isEmpty()
                && clock.nanos() < deadline
                && !Thread.currentThread().isInterrupted()) {
            clock.sleep(Duration.ofMillis(20));
        }
        ControlPlaneLink open = line;
        if (open != null) {
            open.close();
        }
        state = State.STOPPED;
    }
}
