// SPDX-License-Identifier: Apache-2.0
package io.nvremote.path;

import io.nvremote.tunnel.TunnelPath;
import java.net.InetSocketAddress;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Which way the datagrams of one session take. {@code now} is always nanoseconds of one monotonic clock.
 *
 * <p><b>Threads.</b> Any; {@link #live}, {@link #datagramBytes}, {@link #handshakeTarget} and the common case of {@link #received} and
 * {@link #authentic} take no lock and allocate nothing: they are called once for each datagram.
 */
@ProviderType
public interface PathSelection {

    /** Whose an arrived datagram was. */
    enum Intake {
        /** Not of path selection: it is for the tunnel's engine. */
        NOT_MINE,
        /** A binding or a probe, and genuine. */
        TAKEN,
        /** A binding or a probe, and forged, malformed or unknown. */
        REJECTED
    }

    /** Where data goes now. */
    InetSocketAddress live();

    /**
     * The longest datagram (UDP payload, bytes) that the live path is known to carry, there and back: 1232 on every path,
     * more on a direct one once probes of that size were answered, and 1232 again when they no longer are. A peer that
     * answers them takes datagrams of that size. Changes at any time.
     */
    int datagramBytes();

    /** Where data goes now and of what kind that is. */
    TunnelPath path();

    /** How often the path changed. */
    long changes();

    /** Whether the relay knows this side: a handshake before that gets lost there. */
    boolean bound();

    /**
     * Where a handshake goes.
     *
     * @param attempt how often this handshake was sent before
     */
    InetSocketAddress handshakeTarget(int attempt);

    /** Takes what arrived at the socket, if it is a binding or a probe. The array is lent until the call returns. */
    Intake received(byte[] datagram, int length, InetSocketAddress from, long now);

    /** The tunnel's engine found a datagram from this address authentic. */
    void authentic(InetSocketAddress from, long now);

    /** Data goes and nothing comes: the relay may have begun anew. */
    void doubt(long now);

    /** Timers: call it about ten times a second. */
    void tick(long now);

    /** This machine's own addresses with the socket's port; call it again when they may have changed. */
    void hosts(List<InetSocketAddress> own);

    /** Where the peer may reach this side: own addresses and the reflexive one. Empty under RELAY policy. */
    List<InetSocketAddress> candidates();

    /** The peer told where it might be reached. May be called again with more. Ignored under RELAY policy. */
    void peerCandidates(List<InetSocketAddress> candidates, long now);

    /** Sends the data another way from now on, with the same session, until probes say otherwise. */
    void switchTo(InetSocketAddress endpoint, long now);
}
