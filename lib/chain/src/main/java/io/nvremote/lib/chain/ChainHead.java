// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.chain;

import io.nvremote.audit.AuditError;
import io.nvremote.core.StreamException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The last line of a file of audit records: which they are, and where their chain ended when they were read. What is missing in front
 * of it or at the beginning of the file is found by it.
 *
 * @param org whose chain
 * @param span the first and the last record; null if there is none
 * @param chain the chain's end, at that time
 */
public record ChainHead(String org, Period period, @Nullable Span span, End chain) {

    static final String MARK = "head";
    static final String FORMAT = "nvremote-audit-1";
    static final String KEY_ID = "key_id";
    static final String SIGNATURE = "signature";

    /**
     * Which records were asked for; instants as RFC 3339 has them.
     *
     * @param from included
     * @param to excluded
     * @param at when they were read
     */
    public record Period(String from, String to, String at) {}

    /**
     * Records without a gap.
     *
     * @param first number
     * @param last number
     * @param previous hash of the record before the first
     * @param hash of the last
     */
    public record Span(long first, long last, String previous, String hash) {

        public long count() {
            return last - first + 1;
        }
    }

    /** The last record of a chain; number 0 if it has none. */
    public record End(long sequence, String hash) {}

    /** The line, without its end: canonical JSON, whose {@code signature} is of the same without it. */
    public String line(HeadKey key) {
        CanonicalJson json = json().text(KEY_ID, key.id());
        return json.text(SIGNATURE, key.sign(json.toString())).toString();
    }

    private CanonicalJson json() {
        CanonicalJson json = new CanonicalJson()
                .text(MARK, FORMAT)
                .text("org_id", org)
                .text("from", period.from())
                .text("to", period.to())
                .text("exported_at", period.at())
                .number("count", span == null ? 0 : span.count())
                .number("chain_seq", chain.sequence())
                .text("chain_hash", chain.hash());
        return span == null
                ? json
                : json.number("first_seq", span.first())
                        .number("last_seq", span.last())
                        .text("prev_hash", span.previous())
                        .text("hash", span.hash());
    }

    /** @throws StreamException {@link AuditError#EVENT_REFUSED} if the line is no such head */
    static ChainHead of(Map<String, Object> line) {
        if (!FORMAT.equals(line.get(MARK))) {
            throw new StreamException(
                    AuditError.EVENT_REFUSED, "its format is " + line.get(MARK) + ", and this is made for " + FORMAT);
        }
        Span span = number(line, "count") == 0
                ? null
                : new Span(
                        number(line, "first_seq"),
                        number(line, "last_seq"),
                        text(line, "prev_hash"),
                        text(line, "hash"));
        ChainHead head = new ChainHead(
                text(line, "org_id"),
                new Period(text(line, "from"), text(line, "to"), text(line, "exported_at")),
                span,
                new End(number(line, "chain_seq"), text(line, "chain_hash")));
        if (span != null && span.count() != number(line, "count")) {
            throw new StreamException(AuditError.EVENT_REFUSED, "its count is not that of its numbers");
        }
        return head;
    }

    static String text(Map<String, Object> line, String name) {
        if (line.get(name) instanceof String text) {
            return text;
        }
        throw new StreamException(AuditError.EVENT_REFUSED, "it has no text " + name);
    }

    static long number(Map<String, Object> line, String name) {
        if (line.get(name) instanceof Long number) {
            return number;
        }
        throw new StreamException(AuditError.EVENT_REFUSED, "it has no number " + name);
    }
}
