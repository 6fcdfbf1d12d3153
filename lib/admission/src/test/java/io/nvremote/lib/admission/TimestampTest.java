// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.core.StreamException;
import io.nvremote.lib.signed.Publishers;
import io.nvremote.tests.jars.JarFiles;
import io.nvremote.tests.jars.Publisher;
import io.nvremote.updates.UpdateError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signatures that outlast their certificate, by timestamps of an authority that OpenSSL plays. The publisher's is valid for 30 days. */
class TimestampTest {

    private static final Duration LATER = Duration.ofDays(60);

    @TempDir
    Path work;

    private Path publishers;
    private Path timestamping;
    private Publisher acme;
    private TimestampAuthority authority;

    @BeforeEach
    void start() throws Exception {
        publishers = work.resolve("publishers");
        timestamping = publishers.resolve("timestamping");
        acme = Publisher.of(work, "acme").trustIn(publishers);
        authority = new TimestampAuthority(work, "clock", 90);
    }

    @AfterEach
    void stop() {
        authority.close();
    }

    private Path stamped(Publisher publisher) throws Exception {
        return publisher.signAt(JarFiles.jar(work, JarFiles.pluginHeaders()), authority.address());
    }

    private void admit(Path jar, Duration later) {
        new Admission(new Publishers(publishers)).admit(jar, Instant.now().plus(later));
    }

    private void refused(Path jar, Duration later, String words) {
        assertThatThrownBy(() -> admit(jar, later))
                .isInstanceOfSatisfying(
                        StreamException.class,
                        e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(UpdateError.CERTIFICATE_EXPIRED))
                .hasMessageStartingWith("the certificate of CN=acme is valid from ")
                .hasMessageContaining(words);
    }

    @Test
    void an_expired_certificate_counts_where_the_authority_is_trusted() throws Exception {
        Path jar = stamped(acme);
        admit(jar, Duration.ZERO);
        refused(jar, LATER, "its timestamp by CN=clock does not count: no authority for timestamps is trusted in ");
        authority.trustIn(timestamping, false);
        admit(jar, LATER);
    }

    @Test
    void an_expired_certificate_counts_where_the_authority_s_issuer_is_trusted() throws Exception {
        Path jar = stamped(acme);
        authority.trustIn(timestamping, true);
        admit(jar, LATER);
    }

    @Test
    void without_a_timestamp_an_expired_certificate_is_refused_as_ever() throws Exception {
        authority.trustIn(timestamping, true);
        Path jar = acme.sign(JarFiles.jar(work, JarFiles.pluginHeaders()));
        refused(jar, LATER, " to ");
        assertThatThrownBy(() -> admit(jar, LATER)).message().doesNotContain("timestamp");
    }

    @Test
    void another_authority_of_the_same_name_proves_nothing() throws Exception {
        Path jar = stamped(acme);
        try (TimestampAuthority other = new TimestampAuthority(work.resolve("other"), "clock", 90)) {
            other.trustIn(timestamping, true);
            other.trustIn(timestamping, false);
        }
        refused(jar, LATER, "its timestamp by CN=clock does not count: ");
    }

    @Test
    void an_authority_whose_own_certificate_has_expired_proves_nothing() throws Exception {
        Path jar = stamped(acme);
        authority.trustIn(timestamping, false);
        refused(jar, Duration.ofDays(100), "its timestamp by CN=clock does not count: ");
        Files.delete(timestamping.resolve("clock-tsa.pem"));
        authority.trustIn(timestamping, true);
        refused(jar, Duration.ofDays(100), "its timestamp by CN=clock does not count: ");
    }

    @Test
    void what_was_signed_after_the_certificate_had_expired_is_refused() throws Exception {
        Publisher late = Publisher.of(work.resolve("late"), "acme", "-startdate", "-40d", "-validity", "30");
        late.trustIn(publishers);
        authority.trustIn(timestamping, true);
        refused(stamped(late), Duration.ZERO, " to ");
    }

    @Test
    void a_certificate_that_is_not_valid_yet_is_helped_by_no_timestamp() throws Exception {
        Publisher early = Publisher.of(work.resolve("early"), "acme", "-startdate", "+5d", "-validity", "30");
        early.trustIn(publishers);
        authority.trustIn(timestamping, true);
        refused(stamped(early), Duration.ZERO, " to ");
    }

    @Test
    void an_authority_that_is_revoked_proves_nothing() throws Exception {
        Path jar = stamped(acme);
        authority.trustIn(timestamping, true);
        Files.writeString(publishers.resolve("revoked.txt"), "serial 7 stolen\n");
        admit(jar, Duration.ZERO);
        refused(jar, LATER, "the certificate of CN=clock is revoked (revoked.txt, line 1): stolen");
    }

    @Test
    void a_publisher_who_is_revoked_is_helped_by_no_timestamp() throws Exception {
        Path jar = stamped(acme);
        authority.trustIn(timestamping, true);
        admit(jar, LATER);
        Files.writeString(
                publishers.resolve("revoked.txt"),
                "serial " + acme.certificate().getSerialNumber().toString(16) + "\n");
        assertThatThrownBy(() -> admit(jar, LATER))
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(UpdateError.REVOKED));
    }
}
