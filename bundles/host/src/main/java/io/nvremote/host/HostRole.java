// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.core.Clock;
import io.nvremote.core.Keys;
import io.nvremote.core.SessionId;
import io.nvremote.core.StreamException;
import io.nvremote.identity.Credentials;
import io.nvremote.identity.HostFacts;
import io.nvremote.signaling.Signal;
import io.nvremote.signaling.SignalDialer;
import io.nvremote.telemetry.Counter;
import io.nvremote.telemetry.MetricReport;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of a host: have an identity, dial, beat, take offers. Sessions go on while the control plane is away, and when another version of
 * this bundle does the rest in its place.
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
    private static final Duration STOP = Duration.ofSeconds(2);

    private final HostSettings settings;
    private final HostPapers papers;
    private final ControlPlaneLinks line;
    private final HostSensors figures;
    private final OfferHandler desk;
    private final OfferedBundles offered;
    private final Clock clock = Clock.system();
    private final OtherVersions others;
    private volatile Thread life = newLife();
    private final SessionsWatch watch;
    private volatile State state = State.STARTING;
    private volatile boolean closed;
    private volatile boolean retired;
    /** A link was up, went, and none is since. */
    private final AtomicBoolean lost = new AtomicBoolean();

    private final Counter reconnects = new Counter(HostFigures.RECONNECTS);

    HostRole(HostSettings settings, HostServices services, SessionParts parts, HostSensors figures) {
        this.settings = settings;
        this.papers = new HostPapers(services.identity());
        this.line = new ControlPlaneLinks(settings.signal(), services.dialer(), this);
        this.figures = figures;
        this.others = services.others();
        this.desk = new OfferHandler(parts, settings.maxSessions(), others, line::say);
        this.watch = new SessionsWatch(desk::sessions);
        this.offered = new OfferedBundles(services.bundles(), settings.data(), line::say);
    }

    private Thread newLife() {
        return Thread.ofVirtual().name("host-life").unstarted(this::live);
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
        if (retired) {
            return; // The other version tells of these sessions too.
        }
        to.gauge(HostFigures.SESSIONS, sessions().size());
        to.gauge(HostFigures.ONLINE, state == State.ONLINE ? 1 : 0);
        reconnects.report(to);
    }

    private void live() {
        state = State.ENROLLING;
        try {
            Credentials mine = papers.obtain();
            state = State.DIALLING;
            line.dial(mine);
            while (true) {
                clock.sleep(HEARTBEAT);
                if (closed || Thread.currentThread().isInterrupted()) {
                    return; // Also if it goes on by now: another thread does then.
                }
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
            line.hangUp();
        } catch (InterruptedException e) {
            LOG.atDebug().log("the host stops before it has an identity");
        }
    }

    /** A machine that slept past its certificate is let in with the next one only. */
    private void comeBack() throws InterruptedException {
        Credentials mine = papers.present();
        if (mine != null && mine.expires().isBefore(clock.instant())) {
            line.dial(papers.obtain());
        }
    }

    void identityChanged() {
        papers.keeperChanged();
    }

    /** Another version dials, beats and takes offers from now on; until it has a line this one's serves. */
    void retire() {
        retired = true;
        life.interrupt();
        line.retire();
    }

    void resume() {
        retired = false;
        line.resume();
        life = newLife();
        life.start();
    }

    /** The line of another version is up. */
    void speakBy(Consumer<Signal> theirs) {
        line.speakBy(theirs);
    }

    /** What would end with this version, in words. */
    List<String> underway() {
        if (!desk.isIdle()) {
            return List.of("sessions: " + desk.sessions().size());
        }
        return retired && state == State.ONLINE && line.isOwn() ? List.of("the line to the control plane") : List.of();
    }

    /** All on this host. */
    private List<SessionId> sessions() {
        return Stream.concat(desk.ids().stream(), others.sessions().stream()).toList();
    }

    OtherVersions others() {
        return others;
    }

    /** Another dials from now on: its line takes over when it is up. */
    void dialerChanged() {
        Credentials mine = papers.present();
        if (mine != null) {
            line.dial(mine);
        }
    }

    @Override
    public void up(SignalDialer.SignalLink opened) {
        state = State.ONLINE;
        if (lost.getAndSet(false)) {
            reconnects.increment();
        }
        LOG.atInfo().addKeyValue(Keys.PEER, settings.signal().getAuthority()).log("online");
        others.speakBy(line::say); // First: what ends from now on is told here, and what ended is not in the list.
        opened.send(new Signal.SessionList(sessions()));
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
        if (!others.received(signal)) {
            take(signal);
        }
    }

    /** Something that is meant for this version. */
    void take(Signal signal) {
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
        papers.renewalRequest().map(Signal.CertificateRequest::new).ifPresent(line::say);
    }

    /** The next certificate: kept, then used by a new link, which replaces the present one when it is up. */
    private void certified(Signal.Certificate answer) {
        if (closed) {
            return;
        }
        try {
            line.dial(papers.renewed(answer));
        } catch (StreamException e) {
            LOG.atError()
                    .addKeyValue(Keys.CODE, e.code())
                    .addKeyValue(Keys.REASON, e.getMessage())
                    .log("the next certificate can't be used; the present one is");
        }
    }

    private void beat() {
        Credentials mine = papers.present();
        if (mine != null) {
            line.say(new Signal.Heartbeat(
                    mine.host(), clock.instant(), figures.now(sessions().size())));
        }
    }

    /** Ends sessions and link. Idempotent; takes at most about 2 s. */
    @Override
    public void close() {
        closed = true;
        life.interrupt();
        watch.close();
        desk.close("the host stops");
        long deadline = clock.nanos() + STOP.toNanos();
        while (!List.copyOf(desk.sessions()).isEmpty()
                && clock.nanos() < deadline
                && !Thread.currentThread().isInterrupted()) {
            clock.sleep(Duration.ofMillis(20));
        }
        line.close();
        state = State.STOPPED;
    }
}
