// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay.blind;

import io.nvremote.lib.wireguard.Mac1;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sides that share one public key: one host interface may serve many sessions. Initiations are addressed to a key, so
 * what is pending or held belongs here. One thread.
 */
final class PeerKey {

    /** Null while the key is not known. */
    final @Nullable Mac1 mac1;

    final List<Peer> sides = new ArrayList<>(1);
    final Pending pending = new Pending();
    private @Nullable Held held;

    /** An initiation that waits for an address of this key; at most one. */
    record Held(
            ByteBuffer datagram,
            InetSocketAddress source,
            @Nullable Peer sender,
            long since) {}

    PeerKey(@Nullable Mac1 mac1) {
        this.mac1 = mac1;
    }

    /** Where to send what is for this key: the side asked for, else the one seen last. Never more than one address. */
    @Nullable
    PeerEndpoint destination(@Nullable Peer wanted) {
        if (wanted != null && wanted.source != null) {
            return wanted.source;
        }
        PeerEndpoint latest = null;
        for (Peer side : sides) {
            PeerEndpoint source = side.source;
            if (source != null && (latest == null || source.seen - latest.seen > 0)) {
                latest = source;
            }
        }
        return latest;
    }

    /** Keeps a copy in place of the one kept so far; true if there was one. */
    boolean hold(ByteBuffer datagram, InetSocketAddress source, @Nullable Peer sender, long now) {
        boolean replaced = held != null;
        ByteBuffer copy = ByteBuffer.allocate(datagram.remaining()).put(datagram.duplicate());
        held = new Held(copy.flip(), source, sender, now);
        return replaced;
    }

    /** Takes the held initiation out, whatever its age. */
    @Nullable
    Held release() {
        Held one = held;
        held = null;
        return one;
    }

    boolean holdsStale(long now) {
        return held != null && now - held.since() >= Timeouts.HELD;
    }
}
