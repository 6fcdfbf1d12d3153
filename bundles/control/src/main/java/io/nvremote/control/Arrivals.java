// SPDX-License-Identifier: Apache-2.0
package io.nvremote.control;

import io.nvremote.core.Actor;
import io.nvremote.core.Clock;
import io.nvremote.core.Keys;
import io.nvremote.core.Secret;
import io.nvremote.core.StreamException;
import io.nvremote.directory.Directory;
import io.nvremote.directory.DirectoryError;
import io.nvremote.directory.Enrolled;
import io.nvremote.directory.Enrolment;
import io.nvremote.presence.Holder;
import io.nvremote.presence.Lease;
import io.nvremote.presence.Presence;
import io.nvremote.signaling.Signal;
import io.nvremote.signaling.SignalError;
import io.nvremote.signaling.SignalSession;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hosts and clients that come: who they are, what they may, and what they hear first. Safe for any thread; blocks. */
@Component(service = Arrivals.class)
public final class Arrivals {

    private static final Logger LOG = LoggerFactory.getLogger(Arrivals.class);
    private static final Signal.Ready READY = new Signal.Ready(1);

    private final Presence presence;
    private final Rights rights;
    private final PresenceRecorder recorder;
    private final HostNews news;
    private final Enrolment enrolment;
    private final Directory directory;
    private final Clock clock = Clock.system();

    @Activate
    public Arrivals(
            @Reference Presence presence,
            @Reference Rights rights,
            @Reference PresenceRecorder recorder,
            @Reference HostNews news,
            @Reference Enrolment enrolment,
            @Reference Directory directory) {
        this.presence = presence;
        this.rights = rights;
        this.recorder = recorder;
        this.news = news;
        this.enrolment = enrolment;
        this.directory = directory;
    }

    /**
     * A host connected.
     *
     * @throws StreamException {@link SignalError#NOT_AUTHENTICATED}, {@link DirectoryError#DATABASE_RESTORED}, {@code CLONED_IDENTITY}, or {@code UNAVAILABLE} while
     *     nobody knows
     */
    void host(SignalSession socket) {
        X509Certificate certificate = socket.certificate();
        if (certificate == null) {
            throw new StreamException(SignalError.NOT_AUTHENTICATED, "there is no certificate");
        }
        Enrolment.Standing standing = rights.standing(certificate.getSerialNumber());
        if (!(standing instanceof Enrolment.Standing.Valid valid)) {
            throw refused(certificate, standing);
        }
        Holder.Host host = new Holder.Host(valid.org(), valid.host(), certificate.getSerialNumber());
        boolean fresh = presence.lease(socket).isEmpty();
        Lease lease = presence.attach(socket, host);
        socket.admitted();
        if (fresh) {
            LOG.atInfo()
                    .addKeyValue(Keys.HOST, host.host())
                    .addKeyValue(Keys.ORG, host.org())
                    .addKeyValue("epoch", lease.epoch())
                    .log("host connected");
            written(host);
        }
        socket.send(READY);
    }

    /** One that our authority made for a host and that nobody remembers is from after the backup that the database came from. */
    private static StreamException refused(X509Certificate certificate, Enrolment.Standing standing) {
        boolean forgotten = standing instanceof Enrolment.Standing.Unknown && hosts(certificate);
        if (forgotten) {
            LOG.atWarn()
                    .addKeyValue(Keys.CODE, DirectoryError.DATABASE_RESTORED)
                    .addKeyValue(
                            "subject", certificate.getSubjectX500Principal().getName())
                    .addKeyValue("advice", DirectoryError.DATABASE_RESTORED.advice())
                    .log("a host shows a genuine certificate that the database does not know");
        }
        return forgotten
                ? new StreamException(DirectoryError.DATABASE_RESTORED, "the database does not know this certificate")
                : new StreamException(SignalError.NOT_AUTHENTICATED, "the certificate is not, or no longer, a host's");
    }

    private static boolean hosts(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names != null
                    && names.stream()
                            .anyMatch(name -> String.valueOf(name.get(1)).matches("spiffe://nvremote/org/.+/host/.+"));
        } catch (CertificateParsingException e) {
            return false;
        }
    }

    /** Written before the host hears that it is ready, if that can be; else by the next round that can. */
    private void written(Holder.Host host) {
        try {
            recorder.flush();
        } catch (StreamException e) {
            LOG.atDebug().setCause(e).addKeyValue(Keys.HOST, host.host()).log("presence is written later");
        }
    }

    /** The host's next certificate; the present one stays valid. */
    Enrolled renew(SignalSession socket, Holder.Host host, String csr, Actor actor) {
        Enrolled next = enrolment.renew(host.org(), host.host(), csr, actor);
        presence.attach(socket, host.renewed());
        LOG.atInfo()
                .addKeyValue(Keys.HOST, host.host())
                .addKeyValue("expires_at", next.expiresAt())
                .log("host certificate renewed");
        return next;
    }

    /** It comes again on another connection. */
    void moves(SignalSession socket, Holder.Host host) {
        presence.attach(socket, host.moved());
    }

    void described(Holder.Host host, Signal.HostDescription said, Actor actor) {
        news.described(host, said, actor);
    }

    void beat(Holder.Host host, Signal.HostMetrics figures) {
        news.beat(host, figures);
    }

    /** A client showed its token, for the first time or again: then only what it may changes. */
    void client(SignalSession socket, Secret token) {
        Holder.Client client = rights.client(token);
        Holder before = presence.lease(socket).map(Lease::holder).orElse(null);
        if (before instanceof Holder.Client known && !known.user().equals(client.user())) {
            throw new StreamException(SignalError.NOT_ALLOWED, "the socket is another user's");
        }
        presence.attach(socket, client);
        socket.admitted();
        socket.send(READY);
        boolean knows = before instanceof Holder.Client known
                && known.orgs().equals(client.orgs())
                && known.guestOf().equals(client.guestOf());
        if (!knows) {
            Thread.ofVirtual().name("snapshot-" + socket.name()).start(new Snapshot(directory, clock, socket, client));
        }
        if (before == null) {
            presence.kept(client.user()).forEach(socket::send);
        }
    }
}
