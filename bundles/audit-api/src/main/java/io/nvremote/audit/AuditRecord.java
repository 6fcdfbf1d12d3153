// SPDX-License-Identifier: Apache-2.0
package io.nvremote.audit;

import java.time.Instant;

/**
 * One row of the log.
 *
 * @param sequence number in its organisation's chain, from 1
 * @param at when it was appended, to the microsecond
 * @param previousHash hash of the row before, 64 hexadecimal digits; all zero for the first
 * @param hash SHA-256 of {@code previousHash} and the canonical JSON of everything else in this row
 */
public record AuditRecord(long sequence, Instant at, AuditEvent event, String previousHash, String hash) {

    /** Where it stands in the order of time. */
    public AuditPosition position() {
        return new AuditPosition(at, sequence);
    }
}
