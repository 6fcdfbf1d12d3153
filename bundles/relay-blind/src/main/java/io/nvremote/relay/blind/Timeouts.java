// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay.blind;

/** How long things hold, in nanoseconds. */
final class Timeouts {

    private static final long SECOND = 1_000_000_000L;

    /** A route without a datagram: WireGuard's REJECT_AFTER_TIME, after which no key of it is good for anything. */
    static final long ROUTE = 180 * SECOND;
    /** An address without a datagram. */
    static final long BINDING = 300 * SECOND;
    /** An initiation waiting for its response: WireGuard repeats it with a new index after 5 s. */
    static final long PENDING = 10 * SECOND;
    /** An initiation waiting for the other side's address: its sender has made a newer one by then. */
    static final long HELD = 6 * SECOND;
    /** After one side's initiation the other's counts as crossing: longer than any round trip, shorter than a retry. */
    static final long CROSSING = SECOND;

    private Timeouts() {}
}
