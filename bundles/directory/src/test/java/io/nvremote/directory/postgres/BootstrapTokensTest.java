// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.audit.AuditTrail;
import io.nvremote.audit.postgres.AuditSchema;
import io.nvremote.audit.postgres.PostgresAudit;
import io.nvremote.core.Actor;
import io.nvremote.core.Clock;
import io.nvremote.core.HostId;
import io.nvremote.core.OrgId;
import io.nvremote.core.StreamException;
import io.nvremote.core.UserId;
import io.nvremote.directory.AddressBlock;
import io.nvremote.directory.BootstrapToken;
import io.nvremote.directory.Directory;
import io.nvremote.directory.DirectoryError;
import io.nvremote.directory.Enrolment;
import io.nvremote.directory.HostApplication;
import io.nvremote.directory.Identity;
import io.nvremote.directory.TokenEntry;
import io.nvremote.directory.TokenTerms;
import io.nvremote.store.postgres.TestDatabase;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** For whom a bootstrap token is good, what is told of it, and how it is taken back. */
@ExtendWith(TestDatabase.Once.class)
@TestDatabase.With({DirectorySchema.class, AuditSchema.class})
class BootstrapTokensTest {

    private static final Duration LIFE = Duration.ofMinutes(15);

    private final TestDatabase database;
    private final Enrolment enrolment;
    private final OrgId org;
    private final OrgId other;
    private final UserId admin;
    private final Actor actor;
    private final String csr;

    BootstrapTokensTest(TestDatabase database, @TempDir Path folder) throws Exception {
        this.database = database;
        Clock clock = Clock.system();
        AuditTrail audit = new PostgresAudit(database.store(), clock);
        Directory directory = new PostgresDirectory(database.store(), audit, clock);
        enrolment = new PostgresEnrolment(
                database.store(), audit, new InternalAuthority(folder, clock), Duration.ofDays(30), clock);
        csr = InternalAuthorityTest.csr(InternalAuthorityTest.keys("EC", 256), "CN=x", "SHA256withECDSA");
        String subject = UUID.randomUUID().toString();
        admin = directory
                .signIn(new Identity("https://issuer", subject, "a@example.org", true, "A", null), Actor.SYSTEM)
                .id();
        actor = Actor.user(admin, null, null);
        org = directory.createOrg(admin, "Org", "o-" + subject, Actor.SYSTEM).id();
        other = directory.createOrg(admin, "Org", "p-" + subject, Actor.SYSTEM).id();
    }

    private BootstrapToken issued(@Nullable String hostname, @Nullable String network) {
        AddressBlock block = network == null ? null : AddressBlock.parse(network);
        return enrolment.issue(org, admin, new TokenTerms(LIFE, hostname, block), actor);
    }

    private HostId redeem(BootstrapToken token, String hostname, @Nullable String address) {
        Actor who = Actor.anonymous(address == null ? null : InetAddress.ofLiteral(address), "x");
        HostApplication application = new HostApplication(hostname, csr, Map.of(), Map.of(), "0.1.0");
        return enrolment.redeem(org, token.text(), application, who).host();
    }

    private static void assertCode(DirectoryError code, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StreamException.class, e -> assertThat(e.code())
                .isEqualTo(code));
    }

    private TokenEntry.State state(BootstrapToken token) {
        return enrolment.tokens(org, null, 100).stream()
                .filter(entry -> entry.id().equals(token.id()))
                .map(TokenEntry::state)
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
        "box,            , box,    198.51.100.7, true",
        "Box,            , bOX,    198.51.100.7, true",
        "box,            , boxer,  198.51.100.7, false",
        "'%',            , box,    198.51.100.7, false",
        ", 198.51.100.0/24, any,   198.51.100.7, true",
        ", 198.51.100.0/24, any,   198.51.101.7, false",
        ", 198.51.100.0/24, any,   ,             false",
        ", 198.51.100.7,    any,   198.51.100.7, true",
        ", 198.51.100.7,    any,   198.51.100.8, false",
        ", 0.0.0.0/0,       any,   198.51.100.8, true",
        ", 0.0.0.0/0,       any,   2001:db8::1,  false",
        ", 2001:db8::/32,   any,   2001:db8:9::1, true",
        ", 2001:db8::/32,   any,   2001:db9::1,  false",
        "box, 198.51.100.0/24, box,  198.51.100.7, true",
        "box, 198.51.100.0/24, box,  198.51.101.7, false",
        "box, 198.51.100.0/24, boxer, 198.51.100.7, false",
        ",               , any,    ,             true"
    })
    void a_token_is_good_for_the_machine_that_it_was_made_for_and_spent_by_no_other(
            String hostname, String network, String name, String address, boolean good) {
        BootstrapToken token = issued(hostname, network);
        if (good) {
            assertThat(redeem(token, name, address)).isNotNull();
            assertThat(state(token)).isEqualTo(TokenEntry.State.USED);
        } else {
            assertCode(DirectoryError.TOKEN_REFUSED, () -> redeem(token, name, address));
            assertThat(state(token)).isEqualTo(TokenEntry.State.UNUSED);
        }
    }

    @Test
    void they_are_listed_with_what_became_of_them_and_without_their_texts() {
        BootstrapToken unused = issued("box", "10.0.0.0/8");
        BootstrapToken used = issued(null, null);
        HostId host = redeem(used, "h", "198.51.100.7");
        BootstrapToken revoked = issued(null, null);
        enrolment.revokeToken(org, revoked.id(), actor);
        BootstrapToken expired = issued(null, null);
        database.asOwner(
                "UPDATE bootstrap_tokens SET created_at = now() - interval '1 h', expires_at = now() - interval '1 s'"
                        + " WHERE id = '" + expired.id() + "'");
        List<TokenEntry> all = new ArrayList<>();
        for (UUID after = null; all.size() < 4; after = all.getLast().id()) {
            all.addAll(enrolment.tokens(org, after, 1)); // page by page
        }
        assertThat(all).extracting(TokenEntry::id).containsExactly(unused.id(), used.id(), revoked.id(), expired.id());
        assertThat(all)
                .extracting(TokenEntry::state)
                .containsExactly(
                        TokenEntry.State.UNUSED,
                        TokenEntry.State.USED,
                        TokenEntry.State.REVOKED,
                        TokenEntry.State.EXPIRED);
        assertThat(all.getFirst().hostname()).isEqualTo("box");
        assertThat(all.getFirst().network()).isEqualTo("10.0.0.0/8");
        assertThat(all.getFirst().by()).isEqualTo(admin);
        assertThat(all.get(1).usedBy()).isEqualTo(host);
        assertThat(all.toString()).doesNotContain(unused.text().reveal().substring(Enrolment.PREFIX.length()));
        assertThat(enrolment.tokens(other, null, 100))
                .as("another organisation's")
                .isEmpty();
    }

    @Test
    void a_revoked_token_enrols_nobody_and_is_revoked_once_by_its_own_organisation() {
        BootstrapToken token = issued(null, null);
        assertCode(DirectoryError.TOKEN_UNKNOWN, () -> enrolment.revokeToken(other, token.id(), actor));
        enrolment.revokeToken(org, token.id(), actor);
        assertCode(DirectoryError.TOKEN_REFUSED, () -> redeem(token, "h", "198.51.100.7"));
        assertCode(DirectoryError.TOKEN_UNKNOWN, () -> enrolment.revokeToken(org, token.id(), actor));
        BootstrapToken used = issued(null, null);
        redeem(used, "h", "198.51.100.7");
        assertCode(DirectoryError.TOKEN_UNKNOWN, () -> enrolment.revokeToken(org, used.id(), actor));
        assertThat(database.valueAsOwner(
                        "SELECT string_agg(event_type, ' ' ORDER BY seq) FROM audit_log WHERE resource_id = '"
                                + token.id() + "'"))
                .isEqualTo("BOOTSTRAP_TOKEN_GENERATED BOOTSTRAP_TOKEN_REVOKED");
    }
}
