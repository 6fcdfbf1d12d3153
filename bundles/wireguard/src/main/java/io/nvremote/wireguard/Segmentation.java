// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import java.io.IOException;
import java.net.InetSocketAddress;

/** A system that takes several datagrams at once and cuts them apart itself. One thread at a time. */
interface Segmentation extends AutoCloseable {

    /** Opens the way for the socket that has this local port; {@link IOException} and others say why there is none. */
    @FunctionalInterface
    interface Opener {
        Segmentation open(int port) throws IOException;
    }

    /** What became of the datagrams. */
    enum Outcome {
        /** They are with the system: all of them. */
        SENT,
        /** Not now, or not to there: none of them left, and the next ones may. */
        REFUSED,
        /** None of them left, and none ever will this way: close it. */
        UNABLE
    }

    /**
     * Sends datagrams of {@code segment} bytes each, the last one of what is left.
     *
     * @param bytes where they lie, lent until the call returns
     */
    Outcome send(byte[] bytes, int offset, int length, int segment, InetSocketAddress to);

    /** Why the last ones were not sent, for the log. */
    String reason();

    /** Idempotent. */
    @Override
    void close();
}
