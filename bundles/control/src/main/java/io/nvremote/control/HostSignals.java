// SPDX-License-Identifier: Apache-2.0
package io.nvremote.control;

import io.nvremote.audit.AuditEvent;
import io.nvremote.audit.AuditTrail;
import io.nvremote.audit.AuditType;
import io.nvremote.broker.Broker;
import io.nvremote.broker.StreamSession;
import io.nvremote.core.SessionId;
import io.nvremote.core.StreamException;
import io.nvremote.directory.Enrolled;
import io.nvremote.directory.Enrolment;
import io.nvremote.signaling.Signal;
import io.nvremote.signaling.SignalError;
import io.nvremote.signaling.SignalHandler;
import io.nvremote.signaling.SignalSession;
import java.security.cert.X509Certificate;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** What hosts say on {@code /ws/host}. A host is who its certificate says; a session of another is none of its business. */
@Component(property = SignalHandler.CHANNEL + "=HOST")
public final class HostSignals implements SignalHandler {

    private static final int POLICY = 1008;

    private final ControlPlane control;
    private final Broker broker;
    private final Presence presence;
    private final ConnectionRegistry lines;
    private final Candidates candidates;
    private final AuditTrail audit;

    @Activate
    public HostSignals(
            @Reference ControlPlane control,
            @Reference Broker broker,
            @Reference Presence presence,
            @Reference ConnectionRegistry lines,
            @Reference Candidates candidates,
            @Reference AuditTrail audit) {
        this.control = control;
        this.broker = broker;
        this.presence = presence;
        this.lines = lines;
        this.candidates = candidates;
        this.audit = audit;
    }

    @Override
    public void opened(SignalSession session) {
        X509Certificate certificate = session.certificate();
        if (certificate != null
                && presence.standing(certificate.getSerialNumber()) instanceof Enrolment.Standing.Valid valid) {
            HostConnection line = new HostConnection(session, valid.org(), valid.host(), certificate.getSerialNumber());
            presence.hostCame(line);
            session.send(new Signal.Ready(1));
            return;
        }
        session.close(POLICY, "CERTIFICATE_REFUSED");
    }

    @Override
    public void received(SignalSession session, Signal signal) {
        HostConnection line = lines.hostOf(session);
        if (line == null) {
            throw refused(session, null, "the socket has no host");
        }
        switch (signal) {
            case Signal.Heartbeat beat -> {
                if (!beat.hostId().equals(line.host())) {
                    throw refused(session, line, "the heartbeat names another host");
                }
                presence.heartbeat(line, beat.payload());
            }
            case Signal.SessionAnswer answer -> answered(session, line, answer);
            case Signal.SessionClosed closed -> {
                StreamSession own = own(session, line, closed.sessionId());
                control.work().closedByHost(line, own, closed.reason());
                presence.changed(line.org(), line.host());
            }
            case Signal.SessionList list -> reconcile(line, list);
            case Signal.CertificateRequest request -> {
                Enrolled next = presence.renew(line, request.csr());
                session.send(new Signal.Certificate(next.certificatePem(), next.caPem()));
            }
            case Signal.Candidates offered -> candidates.fromHost(own(session, line, offered.sessionId()), offered);
            default -> throw refused(session, line, "hosts don't send this message");
        }
    }

    @Override
    public void closed(SignalSession session, int code, String reason) {
        HostConnection line = lines.hostOf(session);
        if (line != null && presence.hostWent(line)) {
            control.attempts().hostWent(line.host());
        }
    }

    private void answered(SignalSession session, HostConnection line, Signal.SessionAnswer answer) {
        if (control.attempts().answered(line.host(), answer)) {
            return;
        }
        own(session, line, answer.sessionId()); // another host's: refused
        session.send(new Signal.SessionTerminate(answer.sessionId(), "answer_too_late"));
    }

    private void reconcile(HostConnection line, Signal.SessionList list) {
        Broker.Reconciliation found =
                broker.reconcile(line.org(), line.host(), Set.copyOf(list.sessionIds()), line.actor());
        found.ended().forEach(control.work()::ended);
        found.stopOnHost()
                .forEach(id -> line.socket().send(new Signal.SessionTerminate(id, "unknown_to_control_plane")));
        presence.changed(line.org(), line.host());
    }

    private StreamSession own(SignalSession session, HostConnection line, SessionId id) {
        return broker.find(line.org(), id)
                .filter(found -> found.host().equals(line.host()))
                .orElseThrow(() -> refused(session, line, "the session is not this host's"));
    }

    /** Refuses, notes it and closes the socket. */
    private StreamException refused(SignalSession session, @Nullable HostConnection line, String why) {
        if (line != null) {
            audit.append(AuditEvent.refused(
                            line.org(), AuditType.ACCESS_DENIED, line.actor(), SignalError.NOT_ALLOWED.name())
                    .with("what", why));
        }
        session.send(new Signal.Refusal(SignalError.NOT_ALLOWED.name(), why));
        session.close(POLICY, SignalError.NOT_ALLOWED.name());
        return new StreamException(SignalError.NOT_ALLOWED, why);
    }
}
