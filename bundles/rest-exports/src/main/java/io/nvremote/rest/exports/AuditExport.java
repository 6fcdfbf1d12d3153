// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.exports;

import io.nvremote.audit.AuditRecord;
import io.nvremote.audit.AuditSpan;
import io.nvremote.audit.AuditTrail;
import io.nvremote.core.OrgId;
import io.nvremote.lib.chain.ChainHead;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One export as it is written: records are read in parts, each by a statement of its own that is over before the part is sent, so that
 * a caller who reads slowly holds no connection to the database. Of one thread.
 *
 * @param going throws when it is to end, before each part
 */
record AuditExport(
        AuditTrail audit, OrgId org, AuditSpan span, ChainHead.Period period, ExportForm form, Runnable going) {

    private static final int BUFFER = 32 * 1024;

    void write(OutputStream body) throws IOException {
        OutputStream out = new BufferedOutputStream(body, BUFFER);
        write(out, form.begin());
        AuditRecord first = null;
        AuditRecord last = null;
        for (List<AuditRecord> part = part(span.first()); !part.isEmpty(); part = part(last.sequence() + 1)) {
            for (AuditRecord row : part) {
                write(out, form.record(row));
            }
            first = first == null ? part.getFirst() : first;
            last = part.getLast();
        }
        write(out, form.end(head(first, last)));
        out.flush();
    }

    private List<AuditRecord> part(long from) {
        if (from > span.last()) {
            return List.of();
        }
        going.run();
        return audit.chain(org, from).stream()
                .takeWhile(row -> row.sequence() <= span.last())
                .toList();
    }

    private ChainHead head(@Nullable AuditRecord first, @Nullable AuditRecord last) {
        ChainHead.Span written = first == null || last == null
                ? null
                : new ChainHead.Span(span.first(), span.last(), first.previousHash(), last.hash());
        return new ChainHead(org.toString(), period, written, new ChainHead.End(span.end(), span.endHash()));
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
