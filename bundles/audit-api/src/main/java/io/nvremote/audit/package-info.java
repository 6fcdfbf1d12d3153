// SPDX-License-Identifier: Apache-2.0
/**
 * The audit log: append-only, hash-chained per organisation, written in the transaction of what it records.
 *
 * <p>What changes something hands its open transaction to {@link io.nvremote.audit.AuditTrail#append(java.sql.Connection,
 * io.nvremote.audit.AuditEvent)}: either both are there afterwards or neither. Attempts that were refused change nothing;
 * they go to {@link io.nvremote.audit.AuditTrail#append(io.nvremote.audit.AuditEvent)}, which uses a transaction of its own.
 */
@Export
@Version("0.1.0")
@NullMarked
package io.nvremote.audit;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
