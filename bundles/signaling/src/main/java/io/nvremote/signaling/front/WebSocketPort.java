// SPDX-License-Identifier: Apache-2.0
package io.nvremote.signaling.front;

import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A socket as a {@link SignalConnection} needs it. Safe for any thread; {@link #send} and {@link #ping} one at a time. */
interface WebSocketPort {

    @Nullable
    X509Certificate certificate();

    InetSocketAddress remote();

    /** Asks for the next message. */
    void demand();

    /** Sends and waits until it left; false if it did not in that time. */
    boolean send(String text, Duration limit) throws InterruptedException;

    boolean ping(Duration limit) throws InterruptedException;

    void close(int code, String reason);

    /** Cuts the socket without a word. */
    void cut();
}
