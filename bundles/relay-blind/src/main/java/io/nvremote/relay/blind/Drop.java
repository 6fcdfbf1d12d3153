// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay.blind;

import java.util.Locale;

/** Why a datagram was not passed on. */
enum Drop {
    /** Neither WireGuard nor STUN. */
    MALFORMED,
    /** From an address that no session has. */
    UNKNOWN_SOURCE,
    /** For an index that no handshake opened. */
    UNKNOWN_INDEX,
    /** The other side's address is not known (yet, or any more). */
    NO_PEER,
    /** An initiation for a key that no session has. */
    UNKNOWN_KEY,
    /** An initiation for a side whose address only its ticket may move. */
    TICKET_REQUIRED,
    /** The same initiation from a second address: a replay. */
    REPLAYED,
    /** The second of two initiations that meet. */
    CROSSING,
    /** A held initiation that a newer one replaced, or that nobody fetched. */
    SUPERSEDED,
    /** Two peers of one address chose the same index; they will choose again. */
    INDEX_COLLISION,
    /** Too many initiations whose owner had to be searched for. */
    SCAN_LIMITED,
    STUN_MALFORMED,
    STUN_LIMITED,
    /** A plain request shorter than its answer: answering would amplify. */
    STUN_SHORT,
    STUN_UNKNOWN_SESSION,
    STUN_BAD_INTEGRITY,
    /** A transaction already used from another address. */
    STUN_REPLAYED;

    /** The name in metrics. */
    String metric() {
        return name().toLowerCase(Locale.ROOT);
    }
}
