// SPDX-License-Identifier: Apache-2.0
package io.nvremote.audit;

import org.jspecify.annotations.Nullable;

/**
 * What {@link AuditTrail#verify} found.
 *
 * @param length rows that were read
 * @param brokenAt number of the first row that does not fit, or null if the chain is whole
 * @param finding one sentence for the operator
 */
public record ChainReport(long length, @Nullable Long brokenAt, String finding) {

    /** Whether every row fits. */
    public boolean whole() {
        return brokenAt == null;
    }
}
