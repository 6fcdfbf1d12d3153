// SPDX-License-Identifier: Apache-2.0
package io.nvremote.audit.postgres;

import io.nvremote.audit.AuditError;
import io.nvremote.audit.AuditEvent;
import io.nvremote.audit.AuditRecord;
import io.nvremote.audit.AuditTrail;
import io.nvremote.audit.ChainReport;
import io.nvremote.core.Clock;
import io.nvremote.core.OrgId;
import io.nvremote.core.StreamException;
import io.nvremote.store.Store;
import java.sql.Connection;
import java.time.Instant;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The audit log, in the database of what it records. */
@Component(service = AuditTrail.class)
public final class PostgresAudit implements AuditTrail {

    private final Store store;
    private final Clock clock;

    @Activate
    public PostgresAudit(@Reference Store store) {
        this(store, Clock.system());
    }

    /** For a log with a clock of its own. */
    public PostgresAudit(Store store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    @Override
    public void append(Connection transaction, AuditEvent event) {
        AuditChain.append(transaction, event, clock.instant());
    }

    @Override
    public void append(AuditEvent event) {
        store.within(event.org(), transaction -> {
            append(transaction, event);
            return true;
        });
    }

    @Override
    public List<AuditRecord> read(OrgId org, Instant from, Instant to, long afterSequence, int limit) {
        if (!from.isBefore(to) || limit < 1 || limit > PAGE || afterSequence < 0) {
            throw new StreamException(
                    AuditError.RANGE_REFUSED,
                    "an audit query needs from before to, and a limit of 1 to " + PAGE + ": " + from + ", " + to + ", "
                            + limit);
        }
        return store.within(org, transaction -> AuditChain.read(transaction, org, from, to, afterSequence, limit));
    }

    @Override
    public ChainReport verify(OrgId org) {
        return store.within(org, transaction -> AuditChain.verify(transaction, org));
    }
}
