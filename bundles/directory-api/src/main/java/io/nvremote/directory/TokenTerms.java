// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a bootstrap token is good for.
 *
 * @param life 1 min to {@link Enrolment#TOKEN_LIFE}
 * @param hostname for a machine of this name only, in letters of either case; null: any
 * @param network for a machine that asks from there only; null: anywhere
 */
public record TokenTerms(
        Duration life, @Nullable String hostname, @Nullable AddressBlock network) {

    /** For any machine. */
    public static TokenTerms of(Duration life) {
        return new TokenTerms(life, null, null);
    }
}
