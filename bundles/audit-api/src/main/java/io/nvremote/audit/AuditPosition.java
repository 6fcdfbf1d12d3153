// SPDX-License-Identifier: Apache-2.0
package io.nvremote.audit;

import java.time.Instant;

/**
 * A record's place in the order of time.
 *
 * @param at to the microsecond
 * @param sequence of the record in its chain
 */
public record AuditPosition(Instant at, long sequence) {}
