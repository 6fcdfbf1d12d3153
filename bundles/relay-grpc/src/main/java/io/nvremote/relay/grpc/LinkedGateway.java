// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay.grpc;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.nvremote.core.Clock;
import io.nvremote.core.Endpoint;
import io.nvremote.core.GatewayId;
import io.nvremote.core.GatewayKey;
import io.nvremote.core.Keys;
import io.nvremote.core.SessionId;
import io.nvremote.core.StreamException;
import io.nvremote.relay.GatewayInfo;
import io.nvremote.relay.RelayCounters;
import io.nvremote.relay.RelayError;
import io.nvremote.relay.RelaySession;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A gateway over its channel. A virtual thread asks the gateway for its state every two seconds; when the gateway was away
 * or has another state than the last confirmed change left (it was restarted), it is brought up to date. Changes are
 * carried out one at a time, so that their sequence numbers arrive in order. Safe for any thread.
 */
final class LinkedGateway implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LinkedGateway.class);
    private static final Duration PROBE = Duration.ofSeconds(2);
    private static final long DEADLINE_SECONDS = 3;
    private static final long FIRST_BACKOFF_MILLIS = 250;
    /** Short: what is relayed by a gateway that comes back is given up after 20 s of silence. */
    private static final long LONGEST_BACKOFF_MILLIS = 2_000;

    private final GatewayId id;
    private final ManagedChannel channel;
    private final GatewayControlGrpc.GatewayControlBlockingStub stub;
    private final Clock clock;
    private final ReentrantLock order = new ReentrantLock();
    private final WantedSessions wanted = new WantedSessions();
    private final Thread supervisor;
    /** The number of the last change sent, and of the last one confirmed. Guarded by {@link #order}. */
    private long sent;

    private long confirmed;
    private volatile @Nullable GatewayInfo info;
    private volatile boolean connected;
    private volatile boolean open = true;
    private boolean complained;

    private LinkedGateway(GatewayId id, ManagedChannel channel, Clock clock) {
        this.id = id;
        this.channel = channel;
        this.clock = clock;
        stub = GatewayControlGrpc.newBlockingStub(channel);
        supervisor = Thread.ofVirtual().name("gateway-link-" + id).unstarted(this::supervise);
    }

    static LinkedGateway open(GatewayId id, String target, Identity identity, Clock clock) {
        ManagedChannel channel = NettyChannelBuilder.forTarget("dns:///" + target)
                .sslContext(identity.client(Identity.gateway(id.toString())))
                .keepAliveTime(10, TimeUnit.SECONDS)
                .keepAliveTimeout(3, TimeUnit.SECONDS)
                .keepAliveWithoutCalls(true)
                .disableRetry()
                .build();
        LinkedGateway gateway = new LinkedGateway(id, channel, clock);
        gateway.supervisor.start();
        return gateway;
    }

    GatewayId id() {
        return id;
    }

    Optional<GatewayInfo> info() {
        return Optional.ofNullable(info);
    }

    boolean connected() {
        return connected;
    }

    void upsert(RelaySession session) {
        order.lock();
        try {
            if (!connected) {
                throw unavailable("is not reachable", null);
            }
            GatewayProto.Session message = Messages.session(session);
            change(sequence -> bounded()
                    .upsert(GatewayProto.UpsertRequest.newBuilder()
                            .setSequence(sequence)
                            .setSession(message)
                            .build()));
            wanted.add(session);
        } catch (StatusRuntimeException e) {
            wanted.drop(session.id());
            wanted.doubt(session.id()); // it may have arrived although the answer did not
            if (e.getStatus().getCode() != Status.Code.INVALID_ARGUMENT) {
                lost(e);
            }
            throw unavailable("did not take the session", e);
        } finally {
            order.unlock();
        }
    }

    boolean remove(SessionId session) {
        order.lock();
        try {
            wanted.drop(session);
            wanted.doubt(session);
            return connected && removeNow(session);
        } finally {
            order.unlock();
        }
    }

    private boolean removeNow(SessionId session) {
        try {
            change(sequence -> bounded()
                    .remove(GatewayProto.RemoveRequest.newBuilder()
                            .setSequence(sequence)
                            .setSessionId(session.toString())
                            .build()));
            wanted.settled(session);
            return true;
        } catch (StatusRuntimeException e) {
            lost(e);
            return false;
        }
    }

    boolean replaceAll(Collection<RelaySession> sessions) {
        order.lock();
        try {
            wanted.replace(sessions);
            return connected && replaceNow();
        } finally {
            order.unlock();
        }
    }

    private boolean replaceNow() {
        GatewayProto.ReplaceAllRequest.Builder all = GatewayProto.ReplaceAllRequest.newBuilder();
        wanted.all().forEach(session -> all.addSessions(Messages.session(session)));
        try {
            change(sequence -> bounded().replaceAll(all.setSequence(sequence).build()));
            wanted.allSettled();
            return true;
        } catch (StatusRuntimeException e) {
            lost(e);
            return false;
        }
    }

    RelayCounters metrics() {
        try {
            return Messages.counters(bounded().metrics(GatewayProto.MetricsRequest.getDefaultInstance()));
        } catch (StatusRuntimeException e) {
            throw unavailable("did not tell its figures", e);
        }
    }

    private GatewayControlGrpc.GatewayControlBlockingStub bounded() {
        return stub.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    /** Sends a change with the next number; once more above the gateway's own if that is ahead (our clock went back). */
    private void change(LongFunction<GatewayProto.ChangeReply> call) {
        try {
            confirmed = call.apply(nextSequence()).getSequence();
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() != Status.Code.ABORTED) {
                throw e;
            }
            sent = Math.max(sent, ask().getSequence());
            confirmed = call.apply(nextSequence()).getSequence();
        }
    }

    /** Microseconds of wall time, so that a control plane that was restarted goes on above what it sent before. */
    private long nextSequence() {
        long now = TimeUnit.MILLISECONDS.toMicros(clock.instant().toEpochMilli());
        sent = Math.max(sent + 1, now);
        return sent;
    }

    private GatewayProto.InfoReply ask() {
        return bounded().info(GatewayProto.InfoRequest.getDefaultInstance());
    }

    private void supervise() {
        int failures = 0;
        while (open) {
            failures = probe() ? 0 : failures + 1;
            clock.sleep(failures == 0 ? PROBE : backoff(failures));
        }
    }

    /** Full jitter, so that many control planes do not come back in step. */
    private static Duration backoff(int failures) {
        long ceiling = Math.min(LONGEST_BACKOFF_MILLIS, FIRST_BACKOFF_MILLIS << Math.min(failures, 10));
        return Duration.ofMillis(1 + ThreadLocalRandom.current().nextLong(ceiling));
    }

    private boolean probe() {
        if (!connected) {
            channel.resetConnectBackoff();
        }
        order.lock();
        try {
            GatewayProto.InfoReply reply = ask();
            info = new GatewayInfo(
                    GatewayId.of(reply.getGatewayId()),
                    Endpoint.parse(reply.getEndpoint()),
                    GatewayKey.parse(reply.getPublicKey()));
            if (!bringUpToDate(reply.getSequence())) {
                return false;
            }
            if (!connected) {
                connected = true;
                complained = false;
                LOG.atInfo().addKeyValue(Keys.GATEWAY, id).log("the gateway is reachable");
            }
            return true;
        } catch (StatusRuntimeException | StreamException e) { // also if it tells of itself what can't be
            lost(e);
            return false;
        } finally {
            order.unlock();
        }
    }

    private boolean bringUpToDate(long gatewaySequence) {
        if (wanted.complete()) {
            boolean same = gatewaySequence == confirmed && wanted.inDoubt().isEmpty();
            return same || replaceNow();
        }
        for (SessionId session : wanted.inDoubt()) {
            if (!removeNow(session)) {
                return false;
            }
        }
        return true;
    }

    private void lost(RuntimeException e) {
        connected = false;
        if (open && !complained) {
            complained = true; // once for each time it goes away; the attempts that follow are no news
            LOG.atWarn()
                    .addKeyValue(Keys.GATEWAY, id)
                    .addKeyValue(Keys.CODE, refused(e) ? RelayError.GATEWAY_REFUSED : RelayError.GATEWAY_UNAVAILABLE)
                    .addKeyValue(Keys.REASON, reason(e))
                    .log("the gateway is not reachable");
        }
    }

    private static boolean refused(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException || cause instanceof SSLException) {
                return true;
            }
        }
        return false;
    }

    private static String reason(Throwable e) {
        Throwable deepest = e;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        return String.valueOf(deepest.getMessage());
    }

    private StreamException unavailable(String what, @Nullable StatusRuntimeException cause) {
        String message = "gateway " + id + " " + what;
        if (cause == null) {
            return new StreamException(RelayError.GATEWAY_UNAVAILABLE, message);
        }
        RelayError code = refused(cause) ? RelayError.GATEWAY_REFUSED : RelayError.GATEWAY_UNAVAILABLE;
        return new StreamException(code, message + ": " + cause.getStatus().getDescription(), cause);
    }

    /** Ends the link; the gateway keeps its sessions. Idempotent. */
    @Override
    public void close() {
        open = false;
        connected = false;
        supervisor.interrupt();
        channel.shutdownNow();
        try {
            supervisor.join(Duration.ofSeconds(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
