// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.chain;

import io.nvremote.audit.AuditError;
import io.nvremote.audit.AuditEvent;
import io.nvremote.audit.AuditRecord;
import io.nvremote.audit.AuditType;
import io.nvremote.core.Actor;
import io.nvremote.core.OrgId;
import io.nvremote.core.SessionId;
import io.nvremote.core.UserId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A sound file of records {@link #FIRST} to {@link #LAST} of a chain that went on to {@link #END}, and what becomes of it. */
final class ChainFile {

    static final long FIRST = 11;
    static final long LAST = 20;
    static final long END = 24;
    static final OrgId ORG = OrgId.next();
    static final HeadKey KEY = key();

    private static final Instant START = Instant.parse("2026-02-01T00:00:00.123456Z");

    private ChainFile() {}

    static HeadKey key() {
        try {
            return HeadKey.of(HeadKey.made());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    static PublicKey publicKey() {
        try {
            return HeadKey.publicKey(KEY.pem());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    static AuditEvent event(OrgId org, String text) {
        return AuditEvent.of(
                        org,
                        AuditType.ORG_UPDATED,
                        Actor.user(UserId.next(), InetAddress.ofLiteral("2001:db8::1"), "agent \"x\" \\ \n"),
                        "org",
                        org)
                .in(SessionId.next())
                .with("n", text)
                .with("Ä", "ü 🎮 \u0001");
    }

    /** A chain from its first record on. */
    static List<AuditRecord> chain(OrgId org, long length) {
        List<AuditRecord> chain = new ArrayList<>();
        String previous = ChainRecords.GENESIS;
        for (long n = 1; n <= length; n++) {
            AuditRecord row = row(n, event(org, Long.toString(n)), previous);
            chain.add(row);
            previous = row.hash();
        }
        return chain;
    }

    /** A record whose hash fits. */
    static AuditRecord row(long sequence, AuditEvent event, String previous) {
        Instant at = START.plusSeconds(sequence);
        return new AuditRecord(
                sequence, at, event, previous, ChainRecords.hash(previous, ChainRecords.content(sequence, at, event)));
    }

    static ChainHead head(List<AuditRecord> rows, long end, String endHash) {
        ChainHead.Span span = rows.isEmpty()
                ? null
                : new ChainHead.Span(
                        rows.getFirst().sequence(),
                        rows.getLast().sequence(),
                        rows.getFirst().previousHash(),
                        rows.getLast().hash());
        return new ChainHead(
                ORG.toString(),
                new ChainHead.Period("2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z"),
                span,
                new ChainHead.End(end, endHash));
    }

    /** Its lines, without their ends; the last is the head. */
    static List<String> lines() {
        List<AuditRecord> chain = chain(ORG, END);
        List<AuditRecord> part = chain.subList((int) FIRST - 1, (int) LAST);
        return lines(part, head(part, END, chain.getLast().hash()));
    }

    static List<String> lines(List<AuditRecord> rows, ChainHead head) {
        List<String> lines =
                new ArrayList<>(rows.stream().map(ChainRecords::line).toList());
        lines.add(head.line(KEY));
        return lines;
    }

    static String text(List<String> lines) {
        return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
    }

    static ChainVerification verify(List<String> lines, @Nullable PublicKey key) {
        return verify(text(lines).getBytes(StandardCharsets.UTF_8), key);
    }

    static ChainVerification verify(byte[] file, @Nullable PublicKey key) {
        try {
            return ChainVerifier.verify(new ByteArrayInputStream(file), key);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The same line with other members, in canonical form. */
    static String with(String line, Map<String, Object> members) {
        Map<String, Object> object = FlatJson.read(line, AuditError.EVENT_REFUSED);
        object.putAll(members);
        return CanonicalJson.of(object).toString();
    }

    static String without(String line, String... members) {
        Map<String, Object> object = FlatJson.read(line, AuditError.EVENT_REFUSED);
        object.keySet().removeAll(List.of(members));
        return CanonicalJson.of(object).toString();
    }
}
