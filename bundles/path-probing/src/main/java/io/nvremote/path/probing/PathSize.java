// SPDX-License-Identifier: Apache-2.0
package io.nvremote.path.probing;

import io.nvremote.relay.StunMessage;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.concurrent.TimeUnit;

/**
 * The longest datagram that one direct way carries, there and back: searched for upwards from what every way carries, and
 * let go when it no longer does (RFC 8899: base, search, search complete, black hole). Says what to probe next and hears what
 * was answered. Sizes are of UDP payload, in bytes. Sans-IO; guarded by its owner.
 */
final class PathSize {

    /** What fits the least MTU that IPv6 allows (BASE_PLPMTU); nothing shorter is of use to a session. */
    static final int BASE = StunMessage.BASE_LENGTH;

    private static final int ETHERNET = 1500;
    private static final int IPV4_AND_UDP = 28;
    private static final int IPV6_AND_UDP = 48;
    /** The search ends when it knows this closely: WireGuard pads to so many bytes. */
    private static final int STEP = 16;
    /** A size is given up after so many probes without an answer (MAX_PROBES, section 5.1.2). */
    private static final int MAX_PROBES = 3;
    /** Between probes of a search (PROBE_TIMER: longer than any round trip that is of use here). */
    private static final long SEARCH_EVERY = TimeUnit.MILLISECONDS.toNanos(500);
    /** The size in use is confirmed so often, */
    private static final long CONFIRM_EVERY = TimeUnit.MILLISECONDS.toNanos(500);
    /** and when an answer is missing, so often. */
    private static final long DOUBT_EVERY = TimeUnit.MILLISECONDS.toNanos(200);
    /** So many in a row unanswered are a black hole, not loss: one second passes. */
    private static final int MAX_UNCONFIRMED = 4;
    /** What was too long is tried again after this (PMTU_RAISE_TIMER). */
    private static final long RAISE = TimeUnit.MINUTES.toNanos(10);
    /** After a black hole the search begins anew, soon enough for one that was loss after all. */
    private static final long AFTER_BLACK_HOLE = TimeUnit.SECONDS.toNanos(30);

    private final int most;
    private int carried = BASE;
    /** The shortest that is known not to get through; {@code most + 1} while none is. */
    private int tooLong;

    private int trying;
    private int tries;
    private long probeAt;
    private boolean searching;
    private int unconfirmed;

    PathSize(InetAddress to) {
        most = ETHERNET - (to instanceof Inet6Address ? IPV6_AND_UDP : IPV4_AND_UDP);
    }

    /** What the way is known to carry. */
    int carried() {
        return carried;
    }

    /** Begins anew from what every way carries: the way is no longer in use, or not yet. */
    void begin(long now) {
        carried = BASE;
        unconfirmed = 0;
        search(now);
    }

    private void search(long now) {
        tooLong = most + 1;
        searching = true;
        tries = 0;
        trying = most; // most ways are Ethernet all along
        probeAt = now;
    }

    /** The length of the probe that is due to find a longer size; 0 if none is. */
    int probe(long now) {
        if (now - probeAt < 0) {
            return 0;
        }
        if (!searching && carried < most) {
            search(now);
        }
        if (searching && tries == MAX_PROBES) {
            tooLong = trying;
            next(now);
        }
        if (!searching) {
            return 0;
        }
        tries++;
        probeAt = now + SEARCH_EVERY;
        return trying;
    }

    private void next(long now) {
        tries = 0;
        trying = (carried + tooLong) / 2 & -4; // halfway; a STUN message is in fours
        if (carried == most || tooLong - carried <= STEP || trying <= carried) {
            searching = false;
            probeAt = now + RAISE;
        }
    }

    /** The length of the next heartbeat, which confirms the size in use. */
    int confirm(long now) {
        if (carried > BASE && unconfirmed == MAX_UNCONFIRMED) {
            carried = BASE;
            unconfirmed = 0;
            searching = false;
            probeAt = now + AFTER_BLACK_HOLE;
        }
        unconfirmed++;
        return carried;
    }

    /** When the heartbeat after this one is due, in nanoseconds from now. */
    long confirmAgain() {
        return carried > BASE && unconfirmed > 1 ? DOUBT_EVERY : CONFIRM_EVERY;
    }

    /** A probe or heartbeat of that length was answered, by as long a datagram. */
    void answered(int length, long now) {
        if (length >= carried) {
            unconfirmed = 0;
        }
        if (length > carried && length <= most) {
            carried = length;
            if (searching && length >= trying) {
                next(now);
                probeAt = searching ? now : probeAt;
            }
        }
    }
}
