// SPDX-License-Identifier: Apache-2.0
package io.nvremote.audit.postgres;

import io.nvremote.audit.AuditEvent;
import io.nvremote.audit.AuditQuery;
import io.nvremote.audit.AuditRecord;
import io.nvremote.audit.AuditSpan;
import io.nvremote.audit.AuditTrail;
import io.nvremote.audit.ChainReport;
import io.nvremote.core.Clock;
import io.nvremote.core.OrgId;
import io.nvremote.lib.chain.ChainRecords;
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
        AuditChain.append(transaction, event, clock);
    }

    @Override
    public void append(AuditEvent event) {
        store.within(event.org(), transaction -> {
            append(transaction, event);
            return true;
        });
    }

    @Override
    public List<AuditRecord> read(OrgId org, AuditQuery query) {
        AuditReads reads = AuditReads.of(org, query);
        return store.select(org, reads.sql(), reads.values(), AuditChain::record);
    }

    @Override
    public AuditSpan span(OrgId org, Instant from, Instant to) {
        AuditReads reads = AuditReads.span(org, from, to);
        List<AuditSpan> found = store.select(org, reads.sql(), reads.values(), AuditReads::span);
        return found.isEmpty() ? new AuditSpan(1, 0, 0, ChainRecords.GENESIS) : found.getFirst();
    }

    @Override
    public List<AuditRecord> chain(OrgId org, long first) {
        AuditReads reads = AuditReads.chain(org, first);
        return store.select(org, reads.sql(), reads.values(), AuditChain::record);
    }

    @Override
    public ChainReport verify(OrgId org) {
        return store.within(org, transaction -> AuditChain.verify(transaction, org));
    }
}
