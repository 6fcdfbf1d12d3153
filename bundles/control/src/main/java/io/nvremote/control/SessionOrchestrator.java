// SPDX-License-Identifier: Apache-2.0
package io.nvremote.control;

import io.nvremote.broker.Broker;
import io.nvremote.broker.BrokerError;
import io.nvremote.broker.SessionRequest;
import io.nvremote.broker.SessionStatus;
import io.nvremote.broker.StreamSession;
import io.nvremote.connect.ConnectError;
import io.nvremote.connect.ConnectRequest;
import io.nvremote.connect.Connection;
import io.nvremote.core.Actor;
import io.nvremote.core.HostId;
import io.nvremote.core.Keys;
import io.nvremote.core.OrgId;
import io.nvremote.core.PathPolicy;
import io.nvremote.core.SessionId;
import io.nvremote.core.StreamException;
import io.nvremote.core.TunnelPublicKey;
import io.nvremote.presence.Audience;
import io.nvremote.presence.PendingAnswers;
import io.nvremote.presence.Presence;
import io.nvremote.presence.PresenceError;
import io.nvremote.relay.RelayRole;
import io.nvremote.signaling.Signal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps of connecting and of ending a session, in order, each undone when a later one fails. The database decides every
 * race: who comes second there stops. Safe for any thread; blocks.
 */
final class SessionOrchestrator {

    private static final Logger LOG = LoggerFactory.getLogger(SessionOrchestrator.class);

    private final Broker broker;
    private final Gateways gateways;
    private final Presence presence;
    private final PresenceRecorder recorder;
    private final PendingAnswers answers;
    private final Duration patience;
    private final Tickets tickets;
    private final ConcurrentHashMap<SessionId, ReentrantLock> drivers = new ConcurrentHashMap<>();
    /** One for some of the hosts each. */
    private final List<ReentrantLock> orders =
            Stream.generate(ReentrantLock::new).limit(64).toList();

    /** How hosts are asked. */
    record Asking(PendingAnswers answers, Duration patience) {}

    SessionOrchestrator(
            Broker broker,
            Gateways gateways,
            Presence presence,
            PresenceRecorder recorder,
            Asking asking,
            Tickets tickets) {
        this.broker = broker;
        this.gateways = gateways;
        this.presence = presence;
        this.recorder = recorder;
        this.answers = asking.answers();
        this.patience = asking.patience();
        this.tickets = tickets;
    }

    Connection connect(ConnectRequest request, Actor actor) {
        try {
            Broker.Requested made = broker.request(
                    new SessionRequest(
                            request.org(),
                            request.user(),
                            request.signIn(),
                            request.host(),
                            gateways.choose(),
                            request.clientPublicKey(),
                            request.idempotencyKey()),
                    actor);
            StreamSession replaced = made.replaced();
            if (replaced != null) {
                ended(replaced); // before the offer, so that the host has room for it
            }
            return connection(drive(made.session(), request.pathPolicy(), actor));
        } catch (StreamException e) {
            throw translated(e);
        }
    }

    /** Ends what a user asked to end. */
    void disconnect(OrgId org, SessionId id, String reason, Actor actor) {
        try {
            terminate(org, id, reason, actor);
        } catch (StreamException e) {
            throw translated(e);
        }
    }

    /** A host says that a session of its own is over, and why: what the user and the audit log then read. */
    void closedByHost(StreamSession session, String why, Actor host) {
        if (session.status().live()) {
            terminate(session.org(), session.id(), "host_closed: " + why.replaceAll("\\p{Cntrl}", " "), host);
        }
    }

    /** Client and host both tell of an end: who comes second has nothing to add. */
    private void terminate(OrgId org, SessionId id, String reason, Actor actor) {
        StreamSession after = broker.terminate(org, id, reason, actor);
        if (after.endReason() == null || reason.startsWith(after.endReason())) { // which may be cut
            ended(after);
        }
    }

    /** Tells everybody of a session that has ended in the database. Doing it twice changes nothing. */
    void ended(StreamSession session) {
        answers.fail(
                session.id(),
                new StreamException(ConnectError.SESSION_ENDED, "the session was ended while its host was asked"));
        presence.forget(session.id());
        gateways.remove(session.gateway(), session.id());
        String reason = session.endReason() == null ? "ended" : session.endReason();
        ReentrantLock order = order(session.host());
        order.lock();
        try {
            presence.send(new Audience.Host(session.host()), new Signal.SessionTerminate(session.id(), reason));
        } finally {
            order.unlock();
        }
        presence.send(new Audience.User(session.user()), update(session));
        recorder.changed(session.org(), session.host());
        LOG.atInfo()
                .addKeyValue(Keys.SESSION, session.id())
                .addKeyValue(Keys.HOST, session.host())
                .addKeyValue(Keys.REASON, reason)
                .log("session ended");
    }

    /** One caller drives a session; others with the same idempotency key wait for what becomes of it. */
    private StreamSession drive(StreamSession session, PathPolicy pathPolicy, Actor actor) {
        ReentrantLock turn = drivers.computeIfAbsent(session.id(), id -> new ReentrantLock());
        turn.lock();
        try {
            StreamSession now = broker.find(session.org(), session.id()).orElse(session);
            return switch (now.status()) {
                case ACTIVE -> now;
                case PENDING -> offer(now, pathPolicy, actor);
                case FAILED, TERMINATED, EXPIRED ->
                    throw new StreamException(ConnectError.SESSION_ENDED, "the session ended: " + now.endReason());
            };
        } finally {
            turn.unlock();
            drivers.remove(session.id(), turn);
        }
    }

    private StreamSession offer(StreamSession session, PathPolicy pathPolicy, Actor actor) {
        try (PendingAnswers.Question asked = answers.ask(session.id(), session.host())) {
            gateways.put(session);
            presence.send(new Audience.User(session.user()), update(session));
            if (!send(session, pathPolicy)) {
                throw new StreamException(ConnectError.SESSION_HOST_OFFLINE, "the host is not connected");
            }
            Signal.SessionAnswer answer = asked.await(patience);
            if (answer.status() == Signal.AnswerStatus.REJECTED) {
                throw new StreamException(
                        ConnectError.SESSION_REJECTED, "the host refused the session: " + answer.reason());
            }
            gateways.put(answered(session, answer));
            StreamSession active = broker.activate(session.org(), session.id(), actor);
            presence.send(new Audience.User(active.user()), update(active));
            recorder.changed(active.org(), active.host()); // it may be busy now
            LOG.atInfo()
                    .addKeyValue(Keys.SESSION, active.id())
                    .addKeyValue(Keys.HOST, active.host())
                    .log("session active");
            return active;
        } catch (StreamException e) {
            undo(session, e);
            throw e;
        }
    }

    /** An offer never follows the order to end its session: that one would hold the host's place for nobody. */
    private boolean send(StreamSession session, PathPolicy pathPolicy) {
        ReentrantLock order = order(session.host());
        order.lock();
        try {
            StreamSession now = broker.find(session.org(), session.id()).orElse(session);
            if (!now.status().live()) {
                throw new StreamException(ConnectError.SESSION_ENDED, "the session ended: " + now.endReason());
            }
            return presence.send(new Audience.Host(session.host()), offerOf(session, pathPolicy));
        } finally {
            order.unlock();
        }
    }

    private ReentrantLock order(HostId host) {
        return orders.get(Math.floorMod(host.hashCode(), orders.size()));
    }

    private StreamSession answered(StreamSession session, Signal.SessionAnswer answer) {
        TunnelPublicKey key = answer.hostPublicKey();
        if (key == null) {
            throw new StreamException(ConnectError.SESSION_REJECTED, "the host answered without a key");
        }
        Actor host = Actor.host(
                session.host(),
                presence.host(session.host())
                        .map(lease -> lease.remote().getAddress())
                        .orElse(null));
        try {
            return broker.answer(session.org(), session.host(), session.id(), key, host);
        } catch (StreamException e) {
            throw e.code() == BrokerError.KEY_REFUSED
                    ? new StreamException(ConnectError.SESSION_REJECTED, "the host answered with another's key", e)
                    : e;
        }
    }

    private void undo(StreamSession session, StreamException why) {
        String reason = translated(why).code().name().toLowerCase(Locale.ROOT);
        try {
            ended(broker.fail(session.org(), session.id(), reason, Actor.SYSTEM));
        } catch (StreamException e) {
            gateways.remove(session.gateway(), session.id()); // the rest ends by the session's deadline
            LOG.atWarn().addKeyValue(Keys.SESSION, session.id()).setCause(e).log("session left to its deadline");
        }
    }

    private Signal.SessionOffer offerOf(StreamSession session, PathPolicy pathPolicy) {
        return new Signal.SessionOffer(
                session.id(),
                session.clientPublicKey(),
                session.pair().clientIp(),
                session.pair().hostIp(),
                session.gatewayEndpoint(),
                session.gatewayPublicKey(),
                tickets.of(session.id(), RelayRole.HOST),
                pathPolicy);
    }

    private Connection connection(StreamSession session) {
        return new Connection(
                session.id(),
                session.host(),
                session.status().name(),
                session.hostPublicKey(),
                session.pair().clientIp(),
                session.pair().hostIp(),
                session.gatewayEndpoint(),
                session.gatewayPublicKey(),
                tickets.of(session.id(), RelayRole.CLIENT));
    }

    static Signal.SessionUpdate update(StreamSession session) {
        boolean active = session.status() == SessionStatus.ACTIVE;
        return new Signal.SessionUpdate(
                session.id(),
                session.status().name(),
                active ? session.hostPublicKey() : null,
                active ? session.pair().hostIp() : null,
                active ? session.pair().clientIp() : null,
                session.endReason());
    }

    private static StreamException translated(StreamException e) {
        if (e.code() instanceof PresenceError error) {
            ConnectError code = error == PresenceError.NO_ANSWER
                    ? ConnectError.SESSION_HOST_SILENT
                    : ConnectError.SESSION_HOST_OFFLINE;
            return new StreamException(code, String.valueOf(e.getMessage()), e);
        }
        if (!(e.code() instanceof BrokerError error)) {
            return e;
        }
        ConnectError code =
                switch (error) {
                    case HOST_UNKNOWN -> ConnectError.SESSION_HOST_UNKNOWN;
                    case HOST_OFFLINE -> ConnectError.SESSION_HOST_OFFLINE;
                    case HOST_BUSY -> ConnectError.SESSION_HOST_BUSY;
                    case HOST_IN_MAINTENANCE -> ConnectError.SESSION_HOST_IN_MAINTENANCE;
                    case HOST_REJECTED, ALREADY_ANSWERED, NOT_ANSWERED -> ConnectError.SESSION_REJECTED;
                    case HOST_TIMEOUT -> ConnectError.SESSION_HOST_SILENT;
                    case KEY_REFUSED -> ConnectError.SESSION_KEY_INVALID;
                    case GATEWAY_UNKNOWN, GATEWAY_UNAVAILABLE -> ConnectError.NO_GATEWAY;
                    case ADDRESS_POOL_EXHAUSTED -> ConnectError.NO_ADDRESSES;
                    case IDEMPOTENCY_MISMATCH, IDEMPOTENCY_KEY_REFUSED -> ConnectError.IDEMPOTENCY_KEY_INVALID;
                    case SESSION_UNKNOWN -> ConnectError.SESSION_UNKNOWN;
                    case SESSION_ENDED -> ConnectError.SESSION_ENDED;
                };
        return new StreamException(code, String.valueOf(e.getMessage()), e);
    }
}
