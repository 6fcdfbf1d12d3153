// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.audit.AuditError;
import io.nvremote.audit.AuditRecord;
import io.nvremote.core.OrgId;
import io.nvremote.lib.chain.ChainFault.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files of records {@code 11} to {@code 20}, on lines 1 to 10, with a head on line 11; sound, and damaged in each way. */
class ChainVerifierTest {

    @Test
    void a_sound_file_is_whole_and_says_which_records_it_has() {
        ChainVerification found = ChainFile.verify(ChainFile.lines(), ChainFile.publicKey());
        assertThat(found.fault()).isNull();
        assertThat(found.records()).isEqualTo(10);
        assertThat(found.first()).isEqualTo(11);
        assertThat(found.last()).isEqualTo(20);
        assertThat(found.signer()).isEqualTo(HeadKey.id(ChainFile.publicKey()));
        assertThat(found.head().chain().sequence()).isEqualTo(24);
        assertThat(found.head().span().count()).isEqualTo(10);
    }

    @Test
    void from_the_chain_s_first_record_to_its_last_and_without_any_record() {
        List<AuditRecord> chain = ChainFile.chain(ChainFile.ORG, 3);
        String end = chain.getLast().hash();
        assertThat(ChainFile.verify(ChainFile.lines(chain, ChainFile.head(chain, 3, end)), ChainFile.publicKey())
                        .whole())
                .isTrue();
        ChainVerification none =
                ChainFile.verify(ChainFile.lines(List.of(), ChainFile.head(List.of(), 3, end)), ChainFile.publicKey());
        assertThat(none.whole()).isTrue();
        assertThat(none.records() + none.first() + none.last()).isZero();
    }

    /** What is done to the lines, what is found, on which line, and which record it is about. */
    private static Arguments damage(
            String name, Kind found, long line, long sequence, UnaryOperator<List<String>> done) {
        return Arguments.of(name, found, line, sequence, done);
    }

    private static UnaryOperator<List<String>> line(int number, UnaryOperator<String> done) {
        return lines -> {
            lines.set(number - 1, done.apply(lines.get(number - 1)));
            return lines;
        };
    }

    private static UnaryOperator<List<String>> removed(int from, int to) {
        return lines -> {
            lines.subList(from - 1, to).clear();
            return lines;
        };
    }

    private static UnaryOperator<List<String>> put(int at, UnaryOperator<List<String>> made) {
        return lines -> {
            lines.addAll(at - 1, made.apply(lines));
            return lines;
        };
    }

    /** A record in the place of the fifth that fits its predecessor, and whose hash fits its content. */
    private static List<String> forged(List<String> lines) {
        String previous = ChainHead.text(FlatJson.read(lines.get(3), AuditError.EVENT_REFUSED), "hash");
        lines.set(4, ChainRecords.line(ChainFile.row(15, ChainFile.event(ChainFile.ORG, "forged"), previous)));
        return lines;
    }

    private static String foreign(long sequence) {
        return ChainRecords.line(ChainFile.chain(OrgId.next(), sequence).getLast());
    }

    static Stream<Arguments> damages() {
        return Stream.of(
                damage("a text", Kind.ALTERED, 5, 15, line(5, l -> l.replace("\"n\":\"15\"", "\"n\":\"51\""))),
                damage("a time", Kind.ALTERED, 5, 15, line(5, l -> l.replace(".123456Z", ".123457Z"))),
                damage("a fact more", Kind.ALTERED, 5, 15, line(5, l -> ChainFile.with(l, Map.of("resource_id", "x")))),
                damage("a fact less", Kind.ALTERED, 5, 15, line(5, l -> ChainFile.without(l, "actor_id"))),
                damage("a name", Kind.ALTERED, 5, 15, line(5, l -> l.replace("\"actor_ip\"", "\"actor_iq\""))),
                damage("a number", Kind.ALTERED, 5, 16, line(5, l -> ChainFile.with(l, Map.of("seq", 16L)))),
                damage("a hash", Kind.ALTERED, 5, 15, line(5, l -> ChainFile.with(l, Map.of("hash", "a".repeat(64))))),
                damage(
                        "the hash before",
                        Kind.ALTERED,
                        1,
                        11,
                        line(1, l -> ChainFile.with(l, Map.of("prev_hash", "a".repeat(64))))),
                damage("a forged record", Kind.NOT_LINKED, 6, 16, ChainVerifierTest::forged),
                damage("a removed record", Kind.GAP, 5, 15, removed(5, 5)),
                damage("removed records", Kind.GAP, 5, 15, removed(5, 8)),
                damage("two that changed places", Kind.ORDER, 5, 16, lines -> {
                    Collections.swap(lines, 4, 5);
                    return lines;
                }),
                damage("one that was moved back", Kind.ORDER, 5, 16, lines -> {
                    lines.add(8, lines.remove(4));
                    return lines;
                }),
                damage("backwards", Kind.ORDER, 2, 19, lines -> {
                    Collections.reverse(lines.subList(0, 10));
                    return lines;
                }),
                damage("one twice", Kind.ORDER, 6, 15, put(6, lines -> List.of(lines.get(4)))),
                damage("one of another chain", Kind.OTHER_CHAIN, 5, 15, put(5, lines -> List.of(foreign(15)))),
                damage("cut at the start", Kind.CUT_AT_START, 9, 0, removed(1, 2)),
                damage("cut at the end", Kind.CUT_AT_END, 9, 0, removed(9, 10)),
                damage("without a head", Kind.CUT_AT_END, 11, 0, removed(11, 11)),
                damage("records and head gone", Kind.CUT_AT_END, 8, 0, removed(8, 11)),
                damage("all records gone", Kind.CUT_AT_START, 1, 0, removed(1, 10)),
                damage("nothing left", Kind.CUT_AT_END, 1, 0, removed(1, 11)),
                damage("a record behind the head", Kind.BEHIND_HEAD, 12, 0, put(12, lines -> List.of(lines.get(9)))),
                damage("a blank line", Kind.UNREADABLE, 5, 0, put(5, lines -> List.of(""))),
                damage("a blank", Kind.UNREADABLE, 5, 0, line(5, l -> l.replace("\"n\":", "\"n\": "))),
                damage("a name twice", Kind.UNREADABLE, 5, 0, line(5, l -> "{\"seq\":7," + l.substring(1))),
                damage("no JSON", Kind.UNREADABLE, 5, 0, line(5, l -> l.substring(7))),
                damage("another form", Kind.UNREADABLE, 5, 0, line(5, l -> l.replace("\"seq\":15", "\"seq\":15.0"))),
                damage("no record", Kind.UNREADABLE, 5, 0, line(5, l -> "{}")),
                damage("too long", Kind.UNREADABLE, 5, 0, line(5, l -> "x".repeat(LineReader.LONGEST + 1))),
                damage("no hash before", Kind.UNREADABLE, 5, 0, line(5, l -> ChainFile.without(l, "prev_hash"))),
                damage("record 0", Kind.UNREADABLE, 5, 0, line(5, l -> ChainFile.with(l, Map.of("seq", 0L)))),
                damage(
                        "head of other records",
                        Kind.SIGNATURE_WRONG,
                        11,
                        0,
                        head(Map.of("from", "2026-01-01T00:00:00Z"))),
                damage("head of another count", Kind.UNREADABLE, 11, 0, head(Map.of("count", 9L))),
                damage("head of another format", Kind.UNREADABLE, 11, 0, head(Map.of("head", "nvremote-audit-2"))),
                damage(
                        "head without a signature",
                        Kind.UNSIGNED,
                        11,
                        0,
                        line(11, l -> ChainFile.without(l, "signature"))),
                damage("head with no signature", Kind.SIGNATURE_WRONG, 11, 0, head(Map.of("signature", "!"))),
                damage("head of another key", Kind.OTHER_KEY, 11, 0, head(Map.of("key_id", "a".repeat(32)))));
    }

    private static UnaryOperator<List<String>> head(Map<String, Object> members) {
        return line(11, l -> ChainFile.with(l, members));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("damages")
    void the_first_thing_that_does_not_fit_is_named(
            String name, Kind found, long line, long sequence, UnaryOperator<List<String>> done) {
        List<String> lines = done.apply(new ArrayList<>(ChainFile.lines()));
        ChainFault fault = ChainFile.verify(lines, ChainFile.publicKey()).fault();
        assertThat(fault).isNotNull();
        assertThat(fault.kind() + " " + fault.line() + " " + fault.sequence())
                .as(fault.message())
                .isEqualTo(found + " " + line + " " + sequence);
        assertThat(fault.message()).isNotBlank().doesNotContain("null");
    }

    /** Without a key a head that was written anew is believed: what it can't hide is said all the same. */
    @Test
    void without_a_key_a_head_must_still_tell_of_these_records() {
        List<AuditRecord> part = ChainFile.chain(ChainFile.ORG, ChainFile.END).subList(10, 18);
        String end = ChainFile.chain(ChainFile.ORG, 24).getLast().hash();
        List<String> shortened = ChainFile.lines(part, ChainFile.head(part, 24, end));
        assertThat(ChainFile.verify(shortened, null).whole()).isTrue();
        String head = shortened.getLast();
        for (Map<String, Object> lie : List.<Map<String, Object>>of(
                Map.of("hash", "a".repeat(64)),
                Map.of("prev_hash", "a".repeat(64)),
                Map.of("org_id", OrgId.next().toString()),
                Map.of("chain_seq", 17L),
                Map.of("chain_seq", 18L),
                Map.of("first_seq", 12L, "count", 7L),
                Map.of("last_seq", 17L, "count", 7L),
                Map.of("count", 0L))) {
            shortened.set(shortened.size() - 1, ChainFile.with(head, lie));
            ChainFault fault = ChainFile.verify(shortened, null).fault();
            assertThat(fault).as(lie.toString()).isNotNull();
            assertThat(fault.kind()).as(lie.toString()).isEqualTo(Kind.HEAD_ALTERED);
        }
    }

    @Test
    void a_record_before_the_first_is_none() {
        List<AuditRecord> rows = List.of(ChainFile.row(1, ChainFile.event(ChainFile.ORG, "x"), "a".repeat(64)));
        List<String> lines =
                ChainFile.lines(rows, ChainFile.head(rows, 1, rows.getLast().hash()));
        assertThat(ChainFile.verify(lines, null).fault().kind()).isEqualTo(Kind.NOT_LINKED);
    }

    @Test
    void any_byte_that_was_changed_and_any_place_where_the_file_was_cut_is_seen() {
        List<AuditRecord> part = ChainFile.chain(ChainFile.ORG, 4).subList(1, 3);
        byte[] whole = ChainFile.text(ChainFile.lines(part, ChainFile.head(part, 4, "a".repeat(64))))
                .getBytes(StandardCharsets.UTF_8);
        assertThat(ChainFile.verify(whole, ChainFile.publicKey()).whole()).isTrue();
        for (int at = 0; at < whole.length; at++) {
            byte[] changed = whole.clone();
            changed[at] ^= (byte) (1 + at % 255);
            assertThat(ChainFile.verify(changed, ChainFile.publicKey()).whole())
                    .as("byte " + at)
                    .isFalse();
            ChainVerification cut = ChainFile.verify(Arrays.copyOf(whole, at), ChainFile.publicKey());
            assertThat(cut.whole()).as("cut at " + at).isFalse();
            assertThat(cut.fault().kind()).as("cut at " + at).isEqualTo(Kind.CUT_AT_END);
        }
    }
}
