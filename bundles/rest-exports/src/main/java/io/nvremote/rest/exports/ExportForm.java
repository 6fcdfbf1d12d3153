// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.exports;

import io.nvremote.audit.AuditEvent;
import io.nvremote.audit.AuditRecord;
import io.nvremote.core.Actor;
import io.nvremote.core.StreamException;
import io.nvremote.lib.chain.CanonicalJson;
import io.nvremote.lib.chain.ChainHead;
import io.nvremote.lib.chain.ChainRecords;
import io.nvremote.lib.chain.HeadKey;
import io.nvremote.rest.RestError;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How exported records are written. Immutable; safe for any thread. */
interface ExportForm {

    /** As it is asked for, and as the audit log has it. */
    String name();

    String mediaType();

    /** What comes before the first record. */
    String begin();

    /** A record with its end of line. */
    String record(AuditRecord row);

    /** What comes behind the last record. */
    String end(ChainHead head);

    /**
     * The form of that name; JSON lines for null.
     *
     * @param key asked for if the form needs it
     */
    static ExportForm of(@Nullable String name, Supplier<HeadKey> key) {
        return switch (name) {
            case null -> new JsonLines(key.get());
            case JsonLines.NAME -> new JsonLines(key.get());
            case Csv.NAME -> new Csv();
            default ->
                throw new StreamException(
                        RestError.FIELD_INVALID, "format must be one of " + List.of(JsonLines.NAME, Csv.NAME));
        };
    }

    /** What a program verifies: canonical JSON, a line for each record, and the signed head behind them. */
    record JsonLines(HeadKey key) implements ExportForm {

        static final String NAME = "jsonl";

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public String mediaType() {
            return "application/x-ndjson";
        }

        @Override
        public String begin() {
            return "";
        }

        @Override
        public String record(AuditRecord row) {
            return ChainRecords.line(row) + '\n';
        }

        @Override
        public String end(ChainHead head) {
            return head.line(key) + '\n';
        }
    }

    /**
     * What a person opens in a spreadsheet: RFC 4180, every text quoted. A text that a spreadsheet would take for a formula has an
     * apostrophe before it (OWASP, CSV injection).
     */
    record Csv() implements ExportForm {

        static final String NAME = "csv";

        private static final String COLUMNS =
                "seq,at,event_type,outcome,actor_type,actor_id,actor_email,actor_ip,actor_agent,resource_type,resource_id,"
                        + "session_id,context,org_id,prev_hash,hash";
        /** Also as full-width characters, which some spreadsheets read as the same. */
        private static final String FORMULA = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20";

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public String mediaType() {
            return "text/csv;charset=utf-8";
        }

        @Override
        public String begin() {
            return COLUMNS + "\r\n";
        }

        @Override
        public String record(AuditRecord row) {
            AuditEvent event = row.event();
            Actor actor = event.actor();
            CanonicalJson context = new CanonicalJson();
            event.context().forEach(context::text);
            List<String> cells = new ArrayList<>();
            cells.add(Long.toString(row.sequence()));
            for (Object value : new @Nullable Object[] {
                row.at(),
                event.type(),
                event.outcome(),
                actor.kind(),
                actor.id(),
                actor.email(),
                ChainRecords.address(actor),
                actor.agent(),
                event.resourceType(),
                event.resourceId(),
                event.session(),
                context,
                event.org(),
                row.previousHash(),
                row.hash()
            }) {
                cells.add(cell(Objects.toString(value, "")));
            }
            return String.join(",", cells) + "\r\n";
        }

        static String cell(String text) {
            String safe = !text.isEmpty() && FORMULA.indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
            return '"' + safe.replace("\"", "\"\"") + '"';
        }

        /** None: a spreadsheet has no place for it. */
        @Override
        public String end(ChainHead head) {
            return "";
        }
    }
}
