// SPDX-License-Identifier: Apache-2.0
package io.nvremote.audit;

/**
 * A part of an organisation's chain, and the chain's end at the moment that it was asked for.
 *
 * @param first number of the first record
 * @param last number of the last record; less than {@code first} if there is none
 * @param end number of the chain's last record; 0 if it has none
 * @param endHash its hash; all zero if there is none
 */
public record AuditSpan(long first, long last, long end, String endHash) {

    /** How many records. */
    public long count() {
        return Math.max(0, last - first + 1);
    }
}
