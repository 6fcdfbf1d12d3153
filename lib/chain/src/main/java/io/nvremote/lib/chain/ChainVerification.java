// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.chain;

import org.jspecify.annotations.Nullable;

/**
 * What {@link ChainVerifier} found in a file.
 *
 * @param records that fit, from the file's beginning
 * @param first number of the first of them; 0 without any
 * @param last number of the last of them; 0 without any
 * @param head the last line, if it was reached and could be read
 * @param signer id of the key that the head was signed with, as the head says; null for none
 * @param fault null if all fits
 */
public record ChainVerification(
        long records,
        long first,
        long last,
        @Nullable ChainHead head,
        @Nullable String signer,
        @Nullable ChainFault fault) {

    /** Whether all fits. */
    public boolean whole() {
        return fault == null;
    }
}
