// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.core.StreamException;
import io.nvremote.lib.signed.Publishers;
import io.nvremote.lib.signed.Revocations;
import io.nvremote.tests.jars.JarFiles;
import io.nvremote.tests.jars.Publisher;
import io.nvremote.updates.UpdateError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an operator writes into {@code revoked.txt}, and what is wrong with it. What the lines do is in {@code AdmissionCases}. */
class RevocationsTest {

    @TempDir
    Path work;

    private Path publishers;
    private Publisher acme;
    private Path jar;

    @BeforeEach
    void sign() throws Exception {
        publishers = work.resolve("publishers");
        acme = Publisher.of(work, "acme").trustIn(publishers);
        jar = acme.sign(JarFiles.jar(work, JarFiles.pluginHeaders()));
    }

    private void admit() {
        new Admission(new Publishers(publishers)).admit(jar, Instant.now());
    }

    private void revoked(String text) throws Exception {
        Files.writeString(publishers.resolve("revoked.txt"), text);
    }

    private void refused(UpdateError code, String words) {
        assertThatThrownBy(this::admit)
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(words);
    }

    @Test
    void remarks_and_empty_lines_revoke_nothing() throws Exception {
        admit();
        revoked("# nothing yet\n\n   # and here\n");
        admit();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "serial",
                "serial xyz",
                "serial : why",
                "key 1234 too short",
                "file 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a0",
                "publisher CN=acme",
                "keys 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
            })
    void a_wrong_line_is_named_and_lets_nobody_in(String line) throws Exception {
        revoked("# one\n" + line + "\n");
        refused(UpdateError.REVOCATIONS_UNREADABLE, "line 2");
        assertThatThrownBy(this::admit).hasMessageContaining(line);
    }

    @Test
    void a_file_that_was_just_being_written_lets_nobody_in() throws Exception {
        revoked("");
        refused(UpdateError.REVOCATIONS_UNREADABLE, "empty");
        revoked("# nothing\n# cut off");
        refused(UpdateError.REVOCATIONS_UNREADABLE, "last line has no end");
    }

    @Test
    void a_file_that_can_not_be_read_lets_nobody_in() throws Exception {
        Files.createDirectory(publishers.resolve("revoked.txt"));
        refused(UpdateError.REVOCATIONS_UNREADABLE, "revoked.txt");
        Files.delete(publishers.resolve("revoked.txt"));
        Files.createSymbolicLink(publishers.resolve("revoked.txt"), work.resolve("nowhere"));
        refused(UpdateError.REVOCATIONS_UNREADABLE, "link to nothing");
    }

    @Test
    void right_lines_hold_beside_a_wrong_one() throws Exception {
        String serial = acme.certificate().getSerialNumber().toString(16);
        revoked("nonsense\nserial 0x" + serial + " as openssl and keytool write it\n");
        Revocations read = Revocations.of(publishers);
        assertThat(read.wrong()).singleElement().asString().contains("line 1").contains("nonsense");
        assertThat(read.why(List.of(acme.certificate()), ""))
                .contains("CN=acme")
                .contains("line 2");
        revoked("serial 00:" + serial.replaceAll("(..)(?=.)", "$1:").toUpperCase(Locale.ROOT) + "\n");
        refused(UpdateError.REVOKED, "the certificate of CN=acme");
    }
}
