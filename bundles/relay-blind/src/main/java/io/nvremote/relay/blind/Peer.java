// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay.blind;

import io.nvremote.lib.wireguard.Mac1;
import io.nvremote.relay.StunKey;
import io.nvremote.relay.StunTransaction;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One end of a session. One thread. */
final class Peer {

    private static final int REMEMBERED = 4096;

    final Session session;
    StunKey ticket;
    /** The sides with the same public key; alone in it while the key is not known. */
    PeerKey group;
    /** Where it is, or null. */
    @Nullable
    PeerEndpoint source;
    /** Whether {@link #source} was shown by ticket: then only a ticket may move it. */
    boolean ticketed;
    /** Transactions already used: a captured request can't move the address. */
    private final Set<StunTransaction> used = new LinkedHashSet<>();

    Peer(Session session, StunKey ticket, PeerKey group) {
        this.session = session;
        this.ticket = ticket;
        this.group = group;
        group.sides.add(this);
    }

    Peer other() {
        return session.client == this ? session.host : session.client;
    }

    /** Whether mac1 says that this side is meant; unknown while its key is. */
    @Nullable
    Mac1 mac1() {
        return group.mac1;
    }

    boolean usedBefore(StunTransaction transaction) {
        return used.contains(transaction);
    }

    void use(StunTransaction transaction) {
        if (used.add(transaction) && used.size() > REMEMBERED) {
            used.remove(used.iterator().next());
        }
    }

    void forgetTransactions() {
        used.clear();
    }
}
