// SPDX-License-Identifier: Apache-2.0
package io.nvremote.control;

import io.nvremote.audit.AuditEvent;
import io.nvremote.audit.AuditTrail;
import io.nvremote.audit.AuditType;
import io.nvremote.broker.Broker;
import io.nvremote.broker.StreamSession;
import io.nvremote.core.Actor;
import io.nvremote.core.Remedy;
import io.nvremote.core.SessionId;
import io.nvremote.core.StreamException;
import io.nvremote.directory.Enrolled;
import io.nvremote.presence.Holder;
import io.nvremote.presence.HostMessages;
import io.nvremote.presence.Lease;
import io.nvremote.presence.Presence;
import io.nvremote.signaling.Signal;
import io.nvremote.signaling.SignalError;
import io.nvremote.signaling.SignalHandler;
import io.nvremote.signaling.SignalSession;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** What hosts say on {@code /ws/host}. A host is who its certificate says; a session of another is none of its business. */
@Component(property = SignalHandler.CHANNEL + "=HOST")
public final class HostSignals implements SignalHandler {

    private static final int POLICY = 1008;

    /** RFC 6455's registry: try again later. */
    private static final int TRY_AGAIN_LATER = 1013;

    private final ControlPlane control;
    private final Broker broker;
    private final Presence presence;
    private final Arrivals arrivals;
    private final Candidates candidates;
    private final AuditTrail audit;
    private final List<HostMessages> others = new CopyOnWriteArrayList<>();

    @Activate
    public HostSignals(
            @Reference ControlPlane control,
            @Reference Broker broker,
            @Reference Presence presence,
            @Reference Arrivals arrivals,
            @Reference Candidates candidates,
            @Reference AuditTrail audit) {
        this.control = control;
        this.broker = broker;
        this.presence = presence;
        this.arrivals = arrivals;
        this.candidates = candidates;
        this.audit = audit;
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY,
            unbind = "otherWent")
    void otherCame(HostMessages taker) {
        others.add(taker);
    }

    void otherWent(HostMessages taker) {
        others.remove(taker);
    }

    @Override
    public void opened(SignalSession session) {
        try {
            arrivals.host(session);
        } catch (StreamException e) {
            // What the database can't say now is no refusal: the host is to come again.
            int code = e.code().remedy() == Remedy.RETRY ? TRY_AGAIN_LATER : POLICY;
            session.close(
                    code,
                    e.code() == SignalError.NOT_AUTHENTICATED
                            ? "CERTIFICATE_REFUSED"
                            : e.code().name());
        }
    }

    @Override
    public void received(SignalSession session, Signal signal) {
        Lease lease = presence.lease(session).orElse(null);
        if (lease == null || !(lease.holder() instanceof Holder.Host host)) {
            return; // a newer connection took its place, and it is being closed
        }
        Speaker from = new Speaker(
                session, host, Actor.host(host.host(), lease.remote().getAddress()));
        switch (signal) {
            case Signal.Heartbeat beat -> {
                if (!beat.hostId().equals(host.host())) {
                    throw refused(from, "the heartbeat names another host");
                }
                arrivals.beat(host, beat.payload());
            }
            case Signal.HostDescription said -> arrivals.described(host, said, from.actor());
            case Signal.SessionAnswer answer -> answered(from, answer);
            case Signal.SessionClosed closed -> {
                StreamSession own = own(from, closed.sessionId());
                control.work().closedByHost(own, closed.reason(), from.actor());
            }
            case Signal.SessionList list -> reconcile(from, list);
            case Signal.CertificateRequest request -> {
                Enrolled next = arrivals.renew(session, host, request.csr(), from.actor());
                session.send(new Signal.Certificate(next.certificatePem(), next.caPem()));
            }
            case Signal.ConnectionMove move -> arrivals.moves(session, host);
            case Signal.Candidates offered -> candidates.fromHost(own(from, offered.sessionId()), offered);
            default -> {
                if (others.stream().noneMatch(other -> other.received(host, signal))) {
                    throw refused(from, "hosts don't send this message");
                }
            }
        }
    }

    @Override
    public void closed(SignalSession session, int code, String reason) {
        presence.detach(session);
    }

    /**
     * An answer that nobody waits for. Of a session that has ended it is too late, and the host is to tear down what it made.
     * Of a session that lives it was said before: the second is refused, and the session stays as it is.
     */
    private void answered(Speaker from, Signal.SessionAnswer answer) {
        if (control.answers().answered(from.host().host(), answer)) {
            return;
        }
        StreamSession session = own(from, answer.sessionId());
        if (!session.status().live()) {
            from.socket().send(new Signal.SessionTerminate(answer.sessionId(), "answer_too_late"));
            return;
        }
        String why = "the session was answered before";
        note(from, why, session.id());
        throw new StreamException(SignalError.NOT_ALLOWED, why);
    }

    private void reconcile(Speaker from, Signal.SessionList list) {
        Broker.Reconciliation found =
                broker.reconcile(from.host().org(), from.host().host(), Set.copyOf(list.sessionIds()), from.actor());
        found.ended().forEach(control.work()::ended);
        found.stopOnHost()
                .forEach(id -> from.socket().send(new Signal.SessionTerminate(id, "unknown_to_control_plane")));
    }

    private StreamSession own(Speaker from, SessionId id) {
        return broker.find(from.host().org(), id)
                .filter(found -> found.host().equals(from.host().host()))
                .orElseThrow(() -> refused(from, "the session is not this host's"));
    }

    /** Refuses, notes it and closes the socket. */
    private StreamException refused(Speaker from, String why) {
        note(from, why, null);
        from.socket().send(new Signal.Refusal(SignalError.NOT_ALLOWED.name(), why));
        from.socket().close(POLICY, SignalError.NOT_ALLOWED.name());
        return new StreamException(SignalError.NOT_ALLOWED, why);
    }

    private void note(Speaker from, String why, @Nullable SessionId session) {
        AuditEvent event = AuditEvent.refused(
                        from.host().org(), AuditType.ACCESS_DENIED, from.actor(), SignalError.NOT_ALLOWED.name())
                .with("what", why);
        audit.append(session == null ? event : event.in(session));
    }

    /** Who speaks, as its certificate says. */
    private record Speaker(SignalSession socket, Holder.Host host, Actor actor) {}
}
