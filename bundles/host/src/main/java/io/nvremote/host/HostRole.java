// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.core.Clock;
import io.nvremote.core.Keys;
import io.nvremote.core.OrgId;
import io.nvremote.core.Remedy;
import io.nvremote.core.StreamException;
import io.nvremote.lib.pem.Pem;
import io.nvremote.signaling.Signal;
import io.nvremote.signaling.SignalDialer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of a host: enrol once, dial, beat, take offers. Sessions go on while the control plane is away.
 *
 * <p><b>Threads.</b> Safe for any. One virtual thread enrols and beats, one watches the sessions; the link has its own.
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
    private static final long FIRST_WAIT_MILLIS = 1_000;
    private static final long LONGEST_WAIT_MILLIS = 60_000;

    private final HostSettings settings;
    private final SignalDialer dialer;
    private final HostSensors figures;
    private final OfferHandler desk;
    private final Clock clock = Clock.system();
    private final Thread life = Thread.ofVirtual().name("host-life").unstarted(this::live);
    private final Thread watch = Thread.ofVirtual().name("host-watch").unstarted(this::watchSessions);
    private volatile State state = State.STARTING;
    private volatile @Nullable Identity identity;
    private final CertificateRenewal renewal = new CertificateRenewal(clock, new SplittableRandom());
    /** The line in use, or being dialled; the one before it is closed when this one is up. */
    private volatile @Nullable ControlPlaneLink line;

    private volatile boolean closed;

    HostRole(HostSettings settings, SignalDialer dialer, SessionParts parts, HostSensors figures) {
        this.settings = settings;
        this.dialer = dialer;
        this.figures = figures;
        this.desk = new OfferHandler(parts, settings.maxSessions(), this::say);
    }

    void start() {
        life.start();
        watch.start();
    }

    State state() {
        return state;
    }

    @Nullable
    Identity identity() {
        return identity;
    }

    OfferHandler desk() {
        return desk;
    }

    // ---- life ----

    private void live() {
        try {
            Identity mine = identify();
            if (mine == null || closed) {
                return;
            }
            identity = mine;
            state = State.DIALLING;
            dial(mine);
            while (!closed) {
                clock.sleep(HEARTBEAT);
                beat();
                renew();
            }
        } catch (StreamException e) {
            state = State.NOT_ENROLLED;
            LOG.atError()
                    .addKeyValue(Keys.CODE, e.code())
                    .addKeyValue(Keys.REASON, e.getMessage())
                    .addKeyValue("advice", e.code().advice())
                    .log("host can't go online");
        } catch (GeneralSecurityException e) {
            state = State.NOT_ENROLLED;
            LOG.atError().setCause(e).log("host's certificate can't be used");
        }
    }

    /** The identity from the file, or a new one; null if closed before there was any. */
    private @Nullable Identity identify() {
        IdentityFile file = identityFile();
        var kept = file.read();
        if (kept.isPresent()) {
            X509Certificate certificate = kept.get().certificate();
            if (certificate.getNotAfter().toInstant().isBefore(clock.instant())) {
                throw new StreamException(
                        HostError.IDENTITY_EXPIRED,
                        "the certificate in " + file.file() + " expired on "
                                + certificate.getNotAfter().toInstant());
            }
            LOG.atInfo().addKeyValue(Keys.HOST, kept.get().host()).log("already enrolled");
            return kept.get();
        }
        state = State.ENROLLING;
        OrgId org = settings.org();
        if (org == null) {
            throw new StreamException(HostError.ENROLMENT_IMPOSSIBLE, "this host is not enrolled and org.id is empty");
        }
        Enroller enroller = new Enroller(settings.control(), org, trust(), figures.gpuInfo());
        SplittableRandom random = new SplittableRandom();
        for (long wait = FIRST_WAIT_MILLIS; !closed; wait = Math.min(LONGEST_WAIT_MILLIS, wait * 2)) {
            try {
                Identity made = enroller.enrol(settings.token().read(), settings.hostName());
                file.write(made);
                LOG.atInfo().addKeyValue(Keys.HOST, made.host()).log("enrolled");
                return made;
            } catch (StreamException e) {
                if (e.code().remedy() != Remedy.RETRY) {
                    throw e;
                }
                LOG.atWarn().addKeyValue(Keys.REASON, e.getMessage()).log("enrolment not possible now");
                clock.sleep(Duration.ofMillis(wait / 2 + random.nextLong(wait / 2 + 1)));
            } catch (IOException | GeneralSecurityException e) {
                throw new StreamException(
                        HostError.IDENTITY_DAMAGED, "the identity can't be kept in " + file.file() + ": " + e, e);
            }
        }
        return null;
    }

    private IdentityFile identityFile() {
        return new IdentityFile(settings.data().resolve("identity.pem"));
    }

    private @Nullable SSLContext trust() {
        if (settings.authority() == null) {
            return null;
        }
        try {
            String pem = Files.readString(settings.authority(), StandardCharsets.US_ASCII);
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(null, Identity.trust(Pem.certificates(pem)).getTrustManagers(), new SecureRandom());
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new StreamException(
                    HostError.ENROLMENT_IMPOSSIBLE,
                    "the authority in " + settings.authority() + " can't be read: " + e,
                    e);
        }
    }

    // ---- link ----

    private void dial(Identity mine) throws GeneralSecurityException {
        SSLContext tls = mine.tls();
        ControlPlaneLink next = new ControlPlaneLink(line, this);
        line = next;
        next.dial(dialer, settings.signal(), tls);
        if (closed) {
            next.close();
        }
    }

    @Override
    public void up(SignalDialer.SignalLink opened) {
        state = State.ONLINE;
        LOG.atInfo().addKeyValue(Keys.PEER, settings.signal().getAuthority()).log("online");
        opened.send(desk.list());
        beat();
        renew();
    }

    @Override
    public void down() {
        state = closed ? State.STOPPED : State.DIALLING;
    }

    @Override
    public void received(Signal signal) {
        switch (signal) {
            case Signal.SessionOffer offer -> desk.offered(offer);
            case Signal.SessionTerminate order -> desk.terminate(order);
            case Signal.Candidates theirs -> desk.peerCandidates(theirs);
            case Signal.Certificate answer -> certified(answer);
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
        Identity mine = identity;
        try {
            if (mine != null) {
                renewal.due(mine).ifPresent(this::say);
            }
        } catch (GeneralSecurityException e) {
            LOG.atError().setCause(e).log("a certificate request can't be made");
        }
    }

    /** The next certificate: kept, then used by a new link, which replaces the present one when it is up. */
    private void certified(Signal.Certificate answer) {
        Identity mine = identity;
        if (mine == null || closed) {
            return;
        }
        try {
            Identity next = renewal.certified(mine, answer);
            identityFile().write(next);
            identity = next;
            dial(next);
            LOG.atInfo()
                    .addKeyValue("expires_at", next.certificate().getNotAfter().toInstant())
                    .log("certificate renewed");
        } catch (GeneralSecurityException | IOException e) {
            LOG.atError().setCause(e).log("the next certificate can't be used; the present one is");
        }
    }

    private void say(Signal signal) {
        ControlPlaneLink to = line;
        if (to == null || !to.send(signal)) {
            LOG.atDebug().addKeyValue("type", signal.getClass().getSimpleName()).log("control plane is away");
        }
    }

    private void beat() {
        Identity mine = identity;
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
