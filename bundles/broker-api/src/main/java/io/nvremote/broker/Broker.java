// SPDX-License-Identifier: Apache-2.0
package io.nvremote.broker;

import io.nvremote.core.Actor;
import io.nvremote.core.GatewayId;
import io.nvremote.core.HostId;
import io.nvremote.core.OrgId;
import io.nvremote.core.SessionId;
import io.nvremote.core.TunnelPublicKey;
import io.nvremote.core.UserId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Makes, follows and ends streaming sessions. A service. Each call is one transaction that also audits; calling again with
 * the same arguments changes nothing and gives the same answer. Rights are the caller's to check.
 *
 * <p><b>Threads.</b> Safe for any thread; calls block on the database. Besides what each method names, every one may fail
 * with {@code UNAVAILABLE} (remedy RETRY) while the database is down; what it was to do is then done or not done as a whole.
 */
@ProviderType
public interface Broker {

    /**
     * Makes a gateway known, or updates its endpoint and key, and adds address pairs up to {@code pairs}. Pairs are never
     * taken away.
     */
    void announce(Gateway gateway);

    /** Gateways that were announced, by id. */
    List<Gateway> gateways();

    /**
     * Makes a PENDING session that holds an address pair which neither its host nor its user holds at another gateway.
     * With an idempotency key that this user used before, gives that session, whatever became of it. On a host that runs as
     * many sessions as it may, the user's own oldest one there ends for it ({@code replaced}); others' never do.
     *
     * @throws io.nvremote.core.StreamException {@link BrokerError#HOST_UNKNOWN}, {@link BrokerError#HOST_OFFLINE},
     *     {@link BrokerError#HOST_BUSY}, {@link BrokerError#HOST_IN_MAINTENANCE}, {@link BrokerError#KEY_REFUSED},
     *     {@link BrokerError#GATEWAY_UNKNOWN}, {@link BrokerError#ADDRESS_POOL_EXHAUSTED} or
     *     {@link BrokerError#IDEMPOTENCY_MISMATCH}
     */
    Requested request(SessionRequest request, Actor actor);

    /**
     * The host's READY: brings its public key to a PENDING session.
     *
     * @throws io.nvremote.core.StreamException {@link BrokerError#SESSION_UNKNOWN} (also if the session is another host's),
     *     {@link BrokerError#KEY_REFUSED}, {@link BrokerError#SESSION_ENDED} or {@link BrokerError#ALREADY_ANSWERED} with another key
     */
    StreamSession answer(OrgId org, HostId host, SessionId session, TunnelPublicKey hostPublicKey, Actor actor);

    /**
     * PENDING with a host key becomes ACTIVE: the gateway knows the session.
     *
     * @throws io.nvremote.core.StreamException {@link BrokerError#SESSION_UNKNOWN}, {@link BrokerError#SESSION_ENDED} or
     *     {@link BrokerError#NOT_ANSWERED}
     */
    StreamSession activate(OrgId org, SessionId session, Actor actor);

    /**
     * A live session becomes FAILED and gives its pair back; one that has ended stays as it is.
     *
     * @param reason short and stable, like {@code host_rejected}, {@code host_timeout}, {@code gateway_lost}
     * @throws io.nvremote.core.StreamException {@link BrokerError#SESSION_UNKNOWN}
     */
    StreamSession fail(OrgId org, SessionId session, String reason, Actor actor);

    /**
     * A live session becomes TERMINATED and gives its pair back; one that has ended stays as it is.
     *
     * @param reason like {@code user_disconnect}, {@code admin_force}, {@code host_closed}
     * @throws io.nvremote.core.StreamException {@link BrokerError#SESSION_UNKNOWN}
     */
    StreamSession terminate(OrgId org, SessionId session, String reason, Actor actor);

    /** The session, if the organisation has it. */
    Optional<StreamSession> find(OrgId org, SessionId session);

    /** The session, if it is in an organisation of which the user is a member. For paths that name no organisation. */
    Optional<StreamSession> visibleTo(UserId user, SessionId session);

    /** Sessions of one organisation, newest first. */
    List<StreamSession> list(SessionQuery query);

    /** PENDING and ACTIVE sessions of one gateway, of all organisations: the full set it should know. By id. */
    List<StreamSession> live(GatewayId gateway);

    /**
     * Ends what is past its time: PENDING past its deadline and ACTIVE past the longest duration become EXPIRED, ACTIVE
     * whose host was not heard of for too long become FAILED ({@code host_lost}). To be called every second or so: after a
     * time without calls that went well, or a step of the wall clock, hosts get their time anew.
     *
     * @param connected whether a host is connected now: what it runs is not lost, whatever was written of it
     * @return what was ended
     */
    List<StreamSession> expireOverdue(Predicate<HostId> connected);

    /**
     * Compares with what a host says it runs after it (re)connected. ACTIVE sessions that it does not run become FAILED
     * ({@code host_lost_session}); PENDING ones are left to their deadline.
     *
     * @return what was ended here, and what the host must end
     */
    Reconciliation reconcile(OrgId org, HostId host, Set<SessionId> running, Actor actor);

    /**
     * What {@link #request} made.
     *
     * @param replaced the session of the same user that ended for it, or null; its host, gateway and client are to be told
     */
    record Requested(StreamSession session, @Nullable StreamSession replaced) {}

    /** What {@link #reconcile} found. */
    record Reconciliation(List<StreamSession> ended, List<SessionId> stopOnHost) {
        public Reconciliation {
            ended = List.copyOf(ended);
            stopOnHost = List.copyOf(stopOnHost);
        }
    }
}
