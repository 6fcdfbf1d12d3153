// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nvremote.audit.AuditEvent;
import io.nvremote.audit.AuditRecord;
import io.nvremote.audit.AuditType;
import io.nvremote.core.Actor;
import io.nvremote.core.OrgId;
import io.nvremote.lib.chain.ChainHead;
import io.nvremote.lib.chain.ChainRecords;
import io.nvremote.lib.chain.HeadKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the command says; each kind of damage is told in {@code lib/chain}. */
class AuditCommandTest {

    private static final OrgId ORG = OrgId.next();

    @TempDir
    Path folder;

    private Path file;
    private Path key;

    @BeforeEach
    void export() throws IOException, GeneralSecurityException {
        HeadKey signer = HeadKey.of(HeadKey.made());
        file = Files.write(folder.resolve("audit.jsonl"), lines(signer));
        key = Files.writeString(folder.resolve("key.pem"), signer.pem());
    }

    /** Records 1 to 5 of a chain that went on. */
    private static List<String> lines(HeadKey signer) {
        List<String> lines = new ArrayList<>();
        String previous = ChainRecords.GENESIS;
        for (long n = 1; n <= 5; n++) {
            AuditEvent event = AuditEvent.of(ORG, AuditType.ORG_UPDATED, Actor.SYSTEM, "org", ORG)
                    .with("n", "v" + n);
            Instant at = Instant.parse("2026-02-01T00:00:00Z").plusSeconds(n);
            String hash = ChainRecords.hash(previous, ChainRecords.content(n, at, event));
            lines.add(ChainRecords.line(new AuditRecord(n, at, event, previous, hash)));
            previous = hash;
        }
        ChainHead.Period period =
                new ChainHead.Period("2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z");
        ChainHead.Span span = new ChainHead.Span(1, 5, ChainRecords.GENESIS, previous);
        lines.add(new ChainHead(ORG.toString(), period, span, new ChainHead.End(7, "a".repeat(64))).line(signer));
        return lines;
    }

    private static CommandRun verify(Object... arguments) {
        List<String> words = new ArrayList<>(List.of("verify"));
        for (Object argument : arguments) {
            words.add(argument.toString());
        }
        return CommandRun.of(new AuditCommand(), words.toArray(String[]::new));
    }

    @Test
    void a_sound_export_is_said_to_be_with_what_was_looked_at() {
        CommandRun run = verify(file, "--key", key);
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("all fits: records 1 to 5 (5) of organisation " + ORG)
                .contains("the chain ended with record 7; signed with key ");
        run = verify(file);
        assertThat(run.exit()).isZero();
        assertThat(run.out()).contains("its signature was not looked at").doesNotContain("signed with");
        assertThat(run.err()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "v3                 | v9                 | line 3: record 3 was altered                | ALTERED   | 2",
                "\"seq\":3          | \"seq\":4          | line 3: record 4 was altered                | ALTERED   | 2",
                "2026-03-01         | 2026-03-02         | line 6: the head was altered                | SIGNATURE_WRONG | 5",
            })
    void what_does_not_fit_is_named_by_its_line(String text, String other, String said, String code, int fits)
            throws IOException {
        Files.writeString(file, Files.readString(file).replace(text, other));
        CommandRun run = verify(file, "--key", key);
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err())
                .startsWith("nvremote: " + file + " does not fit: " + said)
                .contains(code);
        assertThat(run.out()).contains("fits up to the fault: records 1 to " + fits);
        run = verify(file, "--key", key, "--json");
        assertThat(run.exit()).isEqualTo(1);
        JsonNode found = new ObjectMapper().readTree(run.out());
        assertThat(found.get("ok").asBoolean()).isFalse();
        assertThat(found.at("/fault/code").asText()).isEqualTo(code);
        assertThat(found.get("last_seq").asInt()).isEqualTo(fits);
        assertThat(found.has("signed_with")).isFalse();
    }

    @Test
    void what_is_missing_is_named_and_json_says_the_same() throws IOException {
        List<String> lines = Files.readAllLines(file);
        lines.remove(2);
        Files.write(file, lines);
        assertThat(verify(file).err()).contains("line 3: record 3 is missing: the next one is 4 (GAP)");
        Files.write(file, lines.subList(0, 2));
        CommandRun run = verify(file, "--json");
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err()).contains("after record 2").contains("CUT_AT_END");
        Files.write(file, lines(otherKey()));
        assertThat(verify(file, "--key", key).err()).contains("OTHER_KEY");
    }

    private static HeadKey otherKey() {
        try {
            return HeadKey.of(HeadKey.made());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void json_has_what_was_verified() throws IOException {
        CommandRun run = verify(file, "--key", key, "--json");
        assertThat(run.exit()).isZero();
        JsonNode found = new ObjectMapper().readTree(run.out());
        assertThat(found.get("ok").asBoolean()).isTrue();
        assertThat(found.get("org_id").asText()).isEqualTo(ORG.toString());
        assertThat(found.get("first_seq").asInt() + " " + found.get("last_seq").asInt() + " "
                        + found.get("chain_seq").asInt())
                .isEqualTo("1 5 7");
        assertThat(found.get("signed_with").asText()).matches("[0-9a-f]{32}");
    }

    @Test
    void a_file_that_is_none_is_said() throws IOException {
        Path none = folder.resolve("none");
        assertThat(verify(none).exit()).isEqualTo(2);
        assertThat(verify(none).err()).contains("no such file: " + none);
        assertThat(verify(file, "--key", none).exit()).isEqualTo(2);
        CommandRun run = verify(file, "--key", file);
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err())
                .contains("--key is no Ed25519 public key: " + file)
                .contains("PUBLIC KEY");
        assertThat(verify().exit()).isEqualTo(2);
    }
}
