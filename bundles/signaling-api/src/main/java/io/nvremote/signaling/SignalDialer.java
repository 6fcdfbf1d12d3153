// SPDX-License-Identifier: Apache-2.0
package io.nvremote.signaling;

import java.net.URI;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;
import org.osgi.annotation.versioning.ProviderType;

/** The peer's end of a channel: dials, and dials again with full jitter until closed. A service. Safe for any thread. */
@ProviderType
public interface SignalDialer {

    /**
     * Begins to dial. Returns at once.
     *
     * @param uri {@code wss://host:port/ws/host} or {@code /ws/client}
     * @param tls trust, and for a host its own certificate; null for the JDK's default trust
     */
    SignalLink dial(URI uri, @Nullable SSLContext tls, LinkListener listener);

    /** A channel that mends itself. */
    @ProviderType
    interface SignalLink extends AutoCloseable {

        /** Sends now; false if the link is down: nothing is queued across reconnects. */
        boolean send(Signal signal);

        /** Closes for good. Idempotent. */
        @Override
        void close();
    }

    /** Hears a link; one call at a time. */
    @ConsumerType
    interface LinkListener {

        /** Connected: send what the protocol wants first. */
        void up(SignalLink link);

        /** One message. */
        void received(SignalLink link, Signal signal);

        /** Disconnected; {@code code} as RFC 6455, 1006 without a close frame. The link dials again by itself. */
        void down(int code, String reason);

        /** How long at least to wait after such an end before dialling again; the back-off comes on top. Asked after {@link #down}. */
        default Duration pause(int code, String reason) {
            return Duration.ZERO;
        }

        /**
         * The longest the back-off may grow to, at most 30 s. Short where a person waits, long where thousands of machines come
         * back to one server.
         */
        default Duration backOffCap() {
            return Duration.ofSeconds(30);
        }
    }
}
