// SPDX-License-Identifier: Apache-2.0
package io.nvremote.presence;

import io.nvremote.core.HostId;
import io.nvremote.core.OrgId;
import io.nvremote.core.SessionId;
import io.nvremote.core.UserId;
import io.nvremote.signaling.Signal;
import io.nvremote.signaling.SignalSession;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Who is connected, and what is said to them. A service.
 *
 * <p><b>Threads.</b> Safe for any thread. {@link #attach} may block for {@link #PROBE_SECONDS}; nothing else blocks.
 */
@ProviderType
public interface Presence {

    /** The longest that {@link #attach} waits for a sign of life of the connection that was there before. */
    int PROBE_SECONDS = 2;

    /**
     * A socket showed who it is, or shows again (other organisations, a newer token: the epoch stays).
     *
     * <p>A host's newest connection counts. If the one before still answers, two machines have one identity: the older is
     * closed and told so, {@link Watcher#cloned} is called, and from then on whoever comes is refused for as long as the
     * newer one lives, so that the two don't take the host from each other in turns.
     *
     * @throws io.nvremote.core.StreamException {@link PresenceError#CLONED_IDENTITY}
     */
    Lease attach(SignalSession socket, Holder holder);

    /** The socket is gone. Returns its lease if it had one that counted. Idempotent. */
    Optional<Lease> detach(SignalSession socket);

    /** The lease of a socket of this control plane; empty when it never had one or a newer connection took its place. */
    Optional<Lease> lease(SignalSession socket);

    /** The connection of a host, at whichever control plane. */
    Optional<Lease> host(HostId host);

    /** The hosts whose sockets are here. */
    List<Lease> hosts();

    /** The clients whose sockets are here. */
    List<Lease> clients();

    /** Says something to everybody of an audience, now; whether there was anybody. */
    boolean send(Audience to, Signal signal);

    /**
     * Says how a host is to everybody who may hear of it, if that differs from what was said last: state and sessions at
     * all, figures by 5 of 100 at least. Guests hear the state alone. Returns whether it was said.
     */
    boolean publish(OrgId org, Signal.HostStatus status);

    /** What was said last of a connected host. */
    Optional<Signal.HostStatus> published(HostId host);

    /** Says something to a user's clients and keeps it for those that connect later, one a session, until forgotten. */
    void sendAndKeep(UserId user, SessionId session, Signal signal);

    /** What is kept for this user. */
    List<Signal> kept(UserId user);

    /** The session is over: nothing is kept for it. */
    void forget(SessionId session);

    /** Closes the socket of a lease, at whichever control plane, with a WebSocket close code. */
    void close(Lease lease, int code, String reason);

    /** Calls the watcher from now on until the answer is closed. */
    Watch watch(Watcher watcher);

    /** A running {@link #watch}. */
    @ProviderType
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    /** Hears of hosts; must not block. Calls may overlap. */
    @ConsumerType
    interface Watcher {

        /** A host came or went: {@link Presence#host} says which of both is true now. */
        void changed(OrgId org, HostId host);

        /** Two machines show the identity of one host. {@code older} was closed. */
        void cloned(Lease newer, Lease older);
    }
}
