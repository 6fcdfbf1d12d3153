// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Figures of a relay since it started. Immutable.
 *
 * @param sessions sessions in the table now
 * @param bound sides whose address is known now (at most two for each session)
 * @param datagrams datagrams passed on
 * @param bytes their UDP payload in bytes
 * @param stunAnswers STUN requests answered
 * @param drops datagrams not passed on, by reason; the reasons are an open set of lower-case words
 */
public record RelayCounters(
        long sessions, long bound, long datagrams, long bytes, long stunAnswers, SortedMap<String, Long> drops) {

    public RelayCounters {
        drops = Collections.unmodifiableSortedMap(new TreeMap<>(drops));
    }

    /** The same from an unsorted map. */
    public static RelayCounters of(
            long sessions, long bound, long datagrams, long bytes, long stunAnswers, Map<String, Long> drops) {
        return new RelayCounters(sessions, bound, datagrams, bytes, stunAnswers, new TreeMap<>(drops));
    }

    /** Datagrams not passed on, whatever the reason. */
    public long dropped() {
        return drops.values().stream().mapToLong(Long::longValue).sum();
    }
}
