// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.core.Clock;
import io.nvremote.core.Endpoint;
import io.nvremote.core.Keys;
import io.nvremote.core.SessionId;
import io.nvremote.core.StreamException;
import io.nvremote.core.TunnelPublicKey;
import io.nvremote.signaling.Signal;
import io.nvremote.signaling.Signal.AnswerStatus;
import io.nvremote.track.TrackReport;
import io.nvremote.tunnel.RelayBinding;
import io.nvremote.tunnel.Tunnel;
import io.nvremote.tunnel.TunnelKeys;
import io.nvremote.tunnel.TunnelRole;
import io.nvremote.tunnel.TunnelSpec;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes offers, answers each exactly once and keeps the sessions that came of them. The same offer again gets the same answer.
 *
 * <p><b>Threads.</b> Safe for any; offers are taken one at a time. Blocks while a gateway's name is looked up
 * or a session ends whose place the offer needs.
 */
final class OfferHandler implements StreamSession.SessionListener {

    private static final int REMEMBERED = 256;
    /**
     * How long an offer waits for the place, the screen and the encoder of a session that is ending; well within the 8 s that the
     * control plane waits.
     */
    private static final Duration ENDING = Duration.ofSeconds(3);

    private static final Logger LOG = LoggerFactory.getLogger(OfferHandler.class);

    private final SessionParts parts;
    private final int maxSessions;
    private final OtherVersions others;
    private final Consumer<Signal> out;
    private final Map<SessionId, StreamSession> running = new ConcurrentHashMap<>();

    private final Map<SessionId, Signal.SessionAnswer> answers = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<SessionId, Signal.SessionAnswer> eldest) {
            return size() > REMEMBERED;
        }
    };

    private final Clock clock = Clock.system();
    private volatile boolean closed;
    private volatile boolean deciding;

    /**
     * @param maxSessions on this host
     * @param others have some of those
     * @param out sends to the control plane if it can be reached now
     */
    OfferHandler(SessionParts parts, int maxSessions, OtherVersions others, Consumer<Signal> out) {
        this.parts = parts;
        this.maxSessions = maxSessions;
        this.others = others;
        this.out = out;
    }

    /** Takes an offer and sends the answer. */
    synchronized void offered(Signal.SessionOffer offer) {
        Signal.SessionAnswer answer = answers.get(offer.sessionId());
        if (answer == null) {
            deciding = true;
            try {
                answer = decide(offer);
            } finally {
                deciding = false;
            }
            answers.put(offer.sessionId(), answer);
            LOG.atInfo()
                    .addKeyValue(Keys.SESSION, offer.sessionId())
                    .addKeyValue("answer", answer.status())
                    .addKeyValue(Keys.REASON, answer.reason())
                    .log("offer answered");
        }
        out.accept(answer);
        StreamSession session = running.get(offer.sessionId());
        if (session != null) {
            Tunnel tunnel = session.tunnel();
            candidates(offer.sessionId(), tunnel == null ? List.of() : tunnel.candidates());
        } else if (answer.status() == AnswerStatus.READY) {
            out.accept(new Signal.SessionClosed(offer.sessionId(), "ended before"));
        }
    }

    /** Ends a session; one that does not run is confirmed all the same. */
    void terminate(Signal.SessionTerminate order) {
        StreamSession session = running.get(order.sessionId());
        if (session == null) {
            out.accept(new Signal.SessionClosed(order.sessionId(), "not running"));
        } else {
            session.end("terminated: " + order.reason());
        }
    }

    void peerCandidates(Signal.Candidates theirs) {
        StreamSession session = running.get(theirs.sessionId());
        if (session != null) {
            session.peerCandidates(
                    theirs.candidates().stream().map(OfferHandler::address).toList());
        }
    }

    /** What sessions can carry: each kind of track tells of itself, to what is made for its name. */
    void report(Function<String, TrackReport> to) {
        SessionTracks.report(parts.tracks(), to);
    }

    Collection<StreamSession> sessions() {
        return List.copyOf(running.values());
    }

    /** Whether there is any session, or one about to be. */
    boolean isIdle() {
        return !deciding && running.isEmpty();
    }

    Set<SessionId> ids() {
        return Set.copyOf(running.keySet());
    }

    /** A track's factory went: what it opened is closed. Takes as long as that. */
    void trackGone(long serviceId) {
        sessions().forEach(session -> session.trackGone(serviceId));
    }

    private void waitWhile(BooleanSupplier condition, Duration limit) {
        long deadline = clock.nanos() + limit.toNanos();
        while (condition.getAsBoolean()
                && clock.nanos() - deadline < 0
                && !Thread.currentThread().isInterrupted()) {
            clock.sleep(Duration.ofMillis(5));
        }
    }

    /** Ends every session; new offers are refused. Idempotent. */
    void close(String reason) {
        closed = true;
        synchronized (this) { // an offer that is being taken is taken
            sessions().forEach(session -> session.end(reason));
        }
    }

    @Override
    public void candidates(SessionId id, List<InetSocketAddress> candidates) {
        if (!candidates.isEmpty()) {
            out.accept(new Signal.Candidates(
                    id, candidates.stream().limit(64).map(Endpoint::of).toList()));
        }
    }

    @Override
    public void ended(SessionId id, String reason) {
        running.remove(id);
        out.accept(new Signal.SessionClosed(id, reason));
    }

    private Signal.SessionAnswer decide(Signal.SessionOffer offer) {
        waitWhile(() -> full() && !closed && running.values().stream().anyMatch(StreamSession::hasEnded), ENDING);
        String refusal = refusal();
        if (!refusal.isEmpty()) {
            return rejected(offer, refusal);
        }
        InetSocketAddress relay = address(offer.gatewayEndpoint());
        if (relay.isUnresolved()) {
            return rejected(offer, "gateway name not known");
        }
        TunnelKeys keys = parts.tunnels().get().newKeys();
        TunnelPublicKey publicKey = keys.publicKey();
        TunnelSpec spec = new TunnelSpec(
                offer.sessionId(),
                TunnelRole.RESPONDER,
                keys,
                offer.clientPublicKey(),
                offer.hostTunnelIp(),
                offer.clientTunnelIp(),
                new RelayBinding(relay, offer.relayTicket()),
                offer.pathPolicy(),
                TunnelSpec.MTU_BYTES);
        try {
            StreamSession session = StreamSession.open(spec, parts, this);
            running.put(offer.sessionId(), session);
            if (session.hasEnded()) {
                running.remove(offer.sessionId()); // Ended before it was in the book.
            }
            return new Signal.SessionAnswer(offer.sessionId(), publicKey, AnswerStatus.READY, null);
        } catch (StreamException e) {
            LOG.atWarn()
                    .setCause(e)
                    .addKeyValue(Keys.SESSION, offer.sessionId())
                    .log("session not opened");
            return rejected(offer, e.code().name());
        }
    }

    /** Why no session can begin now; empty: nothing is known against it. */
    private String refusal() {
        if (closed) {
            return "stopping";
        }
        return full() ? "busy" : SessionTracks.refusal(parts.tracks());
    }

    private boolean full() {
        return running.size() + others.sessions().size() >= maxSessions;
    }

    private static Signal.SessionAnswer rejected(Signal.SessionOffer offer, String reason) {
        return new Signal.SessionAnswer(offer.sessionId(), null, AnswerStatus.REJECTED, reason);
    }

    /** A name that has no address stays one: the tunnel says so. */
    private static InetSocketAddress address(Endpoint endpoint) {
        return new InetSocketAddress(endpoint.host(), endpoint.port());
    }

    /** How each session does. */
    Map<SessionId, Map<String, Object>> describe() {
        Map<SessionId, Map<String, Object>> figures = new LinkedHashMap<>();
        ordered().forEach(session -> figures.put(session.id(), SessionFigures.of(session)));
        return figures;
    }

    /** Sessions in the order of their ids. */
    List<StreamSession> ordered() {
        List<StreamSession> list = new ArrayList<>(running.values());
        list.sort((a, b) -> a.id().toString().compareTo(b.id().toString()));
        return list;
    }
}
