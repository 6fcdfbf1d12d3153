// SPDX-License-Identifier: Apache-2.0
package io.nvremote.signaling;

import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/** One open socket of a channel, as the logic behind it sees it. Safe for any thread. */
@ProviderType
public interface SignalSession {

    /** A name that is unique in this process, for maps and logs. */
    String name();

    /** Which of the two channels. */
    SignalChannel channel();

    /** The verified client certificate of a host socket; null on the client channel. */
    @Nullable
    X509Certificate certificate();

    /** The other end. */
    InetSocketAddress remote();

    /** Queues one message; a socket that does not drain 1 MiB in 10 s is closed. */
    void send(Signal signal);

    /**
     * Waits until most of what was queued has left, so that a long list can be sent in pieces without outrunning the peer.
     *
     * @return false if it did not within that time or the socket is gone
     */
    boolean drained(Duration limit);

    /** Whether the socket is neither closed nor closing. */
    boolean open();

    /**
     * The peer showed who it is. Until then it is a stranger: closed after 5 s, few to an address, and it may say little.
     * Idempotent.
     */
    void admitted();

    /** Asks the peer for a sign of life and waits for one; false if none came in that time. */
    boolean alive(Duration limit);

    /** Closes with a WebSocket close code (RFC 6455 section 7.4) and a reason of at most 120 bytes. Idempotent. */
    void close(int code, String reason);
}
