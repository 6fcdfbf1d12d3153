// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.chain;

import io.nvremote.audit.AuditError;
import io.nvremote.core.StreamException;
import io.nvremote.lib.chain.ChainFault.Kind;
import io.nvremote.lib.chain.LineReader.Line;
import java.io.IOException;
import java.io.InputStream;
import java.security.PublicKey;
import java.util.SortedMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file of audit records, line by line, and finds the first thing in it that does not fit: a record that was altered, removed,
 * put in, or moved, and a file that was cut. Needs the file alone; whether the head is the one that was written only its signature
 * tells. Of one thread, for one file.
 */
public final class ChainVerifier {

    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

    private final LineReader lines;
    private final @Nullable PublicKey key;
    private String org = "";
    private String previous = "";
    private String last = "";
    private long firstSequence;
    private long lastSequence;
    private @Nullable ChainHead head;
    private @Nullable String signer;

    private ChainVerifier(InputStream in, @Nullable PublicKey key) {
        this.lines = new LineReader(in);
        this.key = key;
    }

    /**
     * Verifies all that comes; at the first fault it stops.
     *
     * @param in left open
     * @param key whose signature the head must have; null: it is not looked at
     */
    public static ChainVerification verify(InputStream in, @Nullable PublicKey key) throws IOException {
        ChainVerifier verifier = new ChainVerifier(in, key);
        ChainFault fault = verifier.fault();
        long first = verifier.firstSequence;
        long last = verifier.lastSequence;
        return new ChainVerification(
                first == 0 ? 0 : last - first + 1, first, last, verifier.head, verifier.signer, fault);
    }

    private @Nullable ChainFault fault() throws IOException {
        long behind = 1;
        for (Line line = lines.next(); line != null; line = lines.next()) {
            behind = line.number() + 1;
            if (head != null) {
                return new ChainFault(Kind.BEHIND_HEAD, line.number(), 0, "there is something behind the head");
            }
            try {
                Content content = content(line);
                ChainFault fault =
                        content.members().containsKey(ChainHead.MARK) ? head(content, line) : record(content, line);
                if (fault != null) {
                    return fault;
                }
            } catch (StreamException e) {
                return line.whole()
                        ? new ChainFault(Kind.UNREADABLE, line.number(), 0, "no record: " + e.getMessage())
                        : new ChainFault(Kind.CUT_AT_END, line.number(), 0, "the file ends within a line");
            }
        }
        return head != null
                ? null
                : new ChainFault(
                        Kind.CUT_AT_END,
                        behind,
                        0,
                        "the file ends without a head, after "
                                + (firstSequence == 0 ? "no record" : "record " + lastSequence)
                                + ": what came behind is missing");
    }

    /** What the line says; it must be written as we write it, so that nothing in it can be read in two ways. */
    private static Content content(Line line) {
        String text = line.text();
        if (text == null) {
            throw new StreamException(AuditError.EVENT_REFUSED, "too long, or not UTF-8");
        }
        SortedMap<String, Object> members = FlatJson.read(text, AuditError.EVENT_REFUSED);
        CanonicalJson json = CanonicalJson.of(members);
        if (!json.toString().equals(text)) {
            throw new StreamException(AuditError.EVENT_REFUSED, "not in the canonical form of RFC 8785");
        }
        if (!line.whole()) {
            throw new StreamException(AuditError.EVENT_REFUSED, "without its end");
        }
        return new Content(members, json);
    }

    /** What a line says, and as it is written. */
    private record Content(SortedMap<String, Object> members, CanonicalJson json) {}

    private @Nullable ChainFault record(Content content, Line line) throws IOException {
        SortedMap<String, Object> object = content.members();
        long sequence = ChainHead.number(object, "seq");
        String before = ChainHead.text(object, ChainRecords.PREVIOUS);
        String hash = ChainHead.text(object, ChainRecords.HASH);
        String whose = ChainHead.text(object, "org_id");
        if (!HASH.matcher(before).matches() || sequence < 1) {
            throw new StreamException(AuditError.EVENT_REFUSED, "prev_hash is no hash, or seq no number of a record");
        }
        CanonicalJson hashed = content.json().without(ChainRecords.PREVIOUS, ChainRecords.HASH);
        if (!ChainRecords.hash(before, hashed).equals(hash)) {
            return new ChainFault(
                    Kind.ALTERED,
                    line.number(),
                    sequence,
                    "record " + sequence + " was altered: its hash does not fit its content");
        }
        ChainFault fault = firstSequence == 0 ? first(sequence, before, line) : next(whose, sequence, before, line);
        if (fault != null) {
            return fault;
        }
        if (firstSequence == 0) {
            firstSequence = sequence;
            previous = before;
            org = whose;
        }
        lastSequence = sequence;
        last = hash;
        return null;
    }

    private static @Nullable ChainFault first(long sequence, String before, Line line) {
        return sequence == 1 && !before.equals(ChainRecords.GENESIS)
                ? new ChainFault(
                        Kind.NOT_LINKED,
                        line.number(),
                        sequence,
                        "record 1 names a record before it, and there is none")
                : null;
    }

    private @Nullable ChainFault next(String whose, long sequence, String before, Line line) throws IOException {
        if (!whose.equals(org)) {
            return new ChainFault(
                    Kind.OTHER_CHAIN,
                    line.number(),
                    sequence,
                    "record " + sequence + " is of organisation " + whose + ", those before it are of " + org);
        }
        if (sequence <= lastSequence) {
            return new ChainFault(
                    Kind.ORDER,
                    line.number(),
                    sequence,
                    "record " + sequence + " comes behind record " + lastSequence
                            + ": in the wrong order, or a second time");
        }
        if (sequence > lastSequence + 1) {
            return missing(sequence, line);
        }
        return before.equals(last)
                ? null
                : new ChainFault(
                        Kind.NOT_LINKED,
                        line.number(),
                        sequence,
                        "record " + sequence + " does not name the hash of record " + lastSequence
                                + ": one of both was put in the place of another");
    }

    /** Whether what is missing comes later: then it is the order that is wrong. */
    private ChainFault missing(long sequence, Line at) throws IOException {
        long wanted = lastSequence + 1;
        for (Line line = lines.next(); line != null; line = lines.next()) {
            if (sequence(line) == wanted) {
                return new ChainFault(
                        Kind.ORDER,
                        at.number(),
                        sequence,
                        "record " + sequence + " stands in the place of record " + wanted + ", which is line "
                                + line.number());
            }
        }
        return new ChainFault(
                Kind.GAP,
                at.number(),
                wanted,
                (sequence == wanted + 1
                                ? "record " + wanted + " is missing"
                                : "records " + wanted + " to " + (sequence - 1) + " are missing")
                        + ": the next one is " + sequence);
    }

    private static long sequence(Line line) {
        try {
            return content(line).members().get("seq") instanceof Long sequence ? sequence : 0;
        } catch (StreamException e) {
            return 0; // not the one that is looked for
        }
    }

    private @Nullable ChainFault head(Content content, Line line) {
        ChainHead found = ChainHead.of(content.members());
        head = found;
        signer = content.members().get(ChainHead.KEY_ID) instanceof String id ? id : null;
        ChainFault unsigned = key == null ? null : signature(content, key, line);
        return unsigned != null ? unsigned : misfit(found, line);
    }

    private @Nullable ChainFault signature(Content content, PublicKey wanted, Line line) {
        if (signer == null || !(content.members().get(ChainHead.SIGNATURE) instanceof String signature)) {
            return of(Kind.UNSIGNED, line, "the head has no signature");
        }
        String signed = content.json().without(ChainHead.SIGNATURE).toString();
        if (HeadKey.verifies(wanted, signed, signature)) {
            return null;
        }
        return signer.equals(HeadKey.id(wanted))
                ? of(Kind.SIGNATURE_WRONG, line, "the head was altered: its signature does not fit it")
                : of(
                        Kind.OTHER_KEY,
                        line,
                        "the head says that key " + signer + " signed it; the one to look with is "
                                + HeadKey.id(wanted));
    }

    private @Nullable ChainFault misfit(ChainHead found, Line line) {
        ChainHead.Span span = found.span();
        if (span == null) {
            return firstSequence == 0
                    ? null
                    : of(Kind.HEAD_ALTERED, line, "the head tells of no records, and there are some");
        }
        if (firstSequence == 0) {
            return of(
                    Kind.CUT_AT_START,
                    line,
                    "all records are missing: the head tells of " + span.first() + " to " + span.last());
        }
        if (span.first() < firstSequence) {
            return of(
                    Kind.CUT_AT_START,
                    line,
                    "the file begins with record " + firstSequence + ", and began with " + span.first());
        }
        if (span.last() > lastSequence) {
            return of(
                    Kind.CUT_AT_END,
                    line,
                    "the file ends with record " + lastSequence + ", and ended with " + span.last());
        }
        boolean fits = found.org().equals(org)
                && span.equals(new ChainHead.Span(firstSequence, lastSequence, previous, last))
                && found.chain().sequence() >= lastSequence
                && (found.chain().sequence() > lastSequence
                        || found.chain().hash().equals(last));
        return fits ? null : of(Kind.HEAD_ALTERED, line, "the head does not tell of these records");
    }

    private static ChainFault of(Kind kind, Line line, String message) {
        return new ChainFault(kind, line.number(), 0, message);
    }
}
