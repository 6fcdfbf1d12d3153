// SPDX-License-Identifier: Apache-2.0
package io.nvremote.broker.postgres;

import io.nvremote.broker.BrokerError;
import io.nvremote.broker.SessionRequest;
import io.nvremote.broker.TunnelPair;
import io.nvremote.core.SessionId;
import io.nvremote.core.StreamException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Pairs of tunnel addresses: one row a pair and gateway, taken by whoever locks it first (SKIP LOCKED, so racers don't
 * wait for each other while there is another pair), at rest for a while after release so that late datagrams of the old session find nobody.
 */
final class AddressSlots {

    private AddressSlots() {}

    /** Takes the pair that rested longest, but none that the same host or user holds at another gateway. */
    static TunnelPair take(Handle handle, SessionRequest request, SessionId session, Instant now) {
        // Others may hold the last free rows and let go of them again: their outcome is waited for once before
        // refusing.
        int number = choose(handle, request, now, "SKIP LOCKED")
                .or(() -> choose(handle, request, now, ""))
                .orElseThrow(() -> new StreamException(
                        BrokerError.ADDRESS_POOL_EXHAUSTED,
                        "gateway " + request.gateway() + " has no free address pair"));
        handle.createUpdate("""
                        UPDATE addr_slots SET org_id = CAST(:org AS uuid), session_id = CAST(:session AS uuid), epoch = epoch + 1
                         WHERE gateway_id = CAST(:gateway AS uuid) AND pair_no = :pair""")
                .bind("org", request.org().toString())
                .bind("session", session.toString())
                .bind("gateway", request.gateway().toString())
                .bind("pair", number)
                .execute();
        return new TunnelPair(number);
    }

    private static Optional<Integer> choose(Handle handle, SessionRequest request, Instant now, String locked) {
        return handle.createQuery("""
                        SELECT pair_no FROM addr_slots
                         WHERE gateway_id = CAST(:gateway AS uuid) AND session_id IS NULL AND free_after <= :now
                           AND pair_no NOT IN (SELECT p.pair_no FROM pairs_of_user(CAST(:user AS uuid)) p)
                           AND pair_no NOT IN (SELECT s.pair_no FROM sessions s
                                                WHERE s.org_id = CAST(:org AS uuid) AND s.host_id = CAST(:host AS uuid)
                                                  AND s.status IN ('PENDING', 'ACTIVE'))
                         ORDER BY free_after, pair_no LIMIT 1 FOR UPDATE\s""" + locked)
                .bind("gateway", request.gateway().toString())
                .bind("user", request.user().toString())
                .bind("org", request.org().toString())
                .bind("host", request.host().toString())
                .bind("now", now)
                .mapTo(Integer.class)
                .findOne();
    }

    /** Gives the session's pair back, to rest first. */
    static void release(Handle handle, SessionId session, Instant now, Duration rest) {
        handle.createUpdate("""
                        UPDATE addr_slots SET org_id = NULL, session_id = NULL, free_after = :free
                         WHERE session_id = CAST(:session AS uuid)""")
                .bind("free", now.plus(rest))
                .bind("session", session.toString())
                .execute();
    }
}
