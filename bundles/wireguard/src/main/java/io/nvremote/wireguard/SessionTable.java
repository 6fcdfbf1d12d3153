// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import org.jspecify.annotations.Nullable;

/**
 * The sessions that live side by side around a handshake (whitepaper section 6.3): the previous one for late datagrams,
 * the current one, and the next one until the initiator's first datagram proves that it has the keys. Safe for any
 * thread; readers never wait.
 */
final class SessionTable {

    private volatile @Nullable SessionKeys previous;
    private volatile @Nullable SessionKeys current;
    private volatile @Nullable SessionKeys next;

    /** The session to send with. */
    @Nullable
    SessionKeys current() {
        return current;
    }

    /** The session that our index names. */
    @Nullable
    SessionKeys byIndex(int index) {
        SessionKeys keys = current;
        if (keys == null || keys.numbers().mine() != index) {
            keys = next;
        }
        if (keys == null || keys.numbers().mine() != index) {
            keys = previous;
        }
        return keys != null && keys.numbers().mine() == index ? keys : null;
    }

    /** Takes a session that this side initiated: usable at once. */
    synchronized void initiated(SessionKeys fresh) {
        wipe(previous);
        if (next != null) {
            wipe(current);
            previous = next;
            next = null;
        } else {
            previous = current;
        }
        current = fresh;
    }

    /** Takes a session that this side answered: usable once the initiator has shown that it has the keys. */
    synchronized void answered(SessionKeys fresh) {
        wipe(next);
        next = fresh;
    }

    /** An authentic datagram came under these keys; true if that made them the current ones. */
    boolean confirm(SessionKeys keys) {
        return keys == next && promote(keys);
    }

    private synchronized boolean promote(SessionKeys keys) {
        if (keys != next) {
            return false;
        }
        wipe(previous);
        previous = current;
        current = keys;
        next = null;
        return true;
    }

    /** Wipes what is older than REJECT_AFTER_TIME. */
    synchronized void expire(long now) {
        if (previous != null && !previous.fresh(now)) {
            wipe(previous);
            previous = null;
        }
        if (current != null && !current.fresh(now)) {
            wipe(current);
            current = null;
        }
        if (next != null && !next.fresh(now)) {
            wipe(next);
            next = null;
        }
    }

    synchronized void wipe() {
        wipe(previous);
        wipe(current);
        wipe(next);
        previous = null;
        current = null;
        next = null;
    }

    private static void wipe(@Nullable SessionKeys keys) {
        if (keys != null) {
            keys.wipe();
        }
    }
}
