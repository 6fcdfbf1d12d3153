// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.core.StreamException;
import io.nvremote.lib.signed.Publishers;
import io.nvremote.tests.jars.AdmissionCase;
import io.nvremote.tests.jars.AdmissionCases;
import io.nvremote.tests.jars.JarFiles;
import io.nvremote.tests.jars.Publisher;
import io.nvremote.updates.UpdateError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AdmissionTest {

    @TempDir
    static Path work;

    private static Publisher publisher;
    private static Path publishers;

    @BeforeAll
    static void make_keys() throws Exception {
        Path mine = work.resolve("mine");
        publishers = mine.resolve("publishers");
        publisher = Publisher.of(mine, "publisher").trustIn(publishers);
    }

    private static Admission.Admitted admit(Path jar, Path trusted, Instant now) {
        return new Admission(new Publishers(trusted)).admit(jar, now);
    }

    private static Admission.Admitted admit(Path jar) {
        return admit(jar, publishers, Instant.now());
    }

    private static Path signed() throws Exception {
        return publisher.sign(JarFiles.jar(work, JarFiles.pluginHeaders()));
    }

    static List<AdmissionCase> cases() throws Exception {
        return AdmissionCases.make(work.resolve("cases")).stream()
                .filter(each -> !each.runtime())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void a_file_is_admitted_or_refused_with_its_reason(AdmissionCase file) {
        Path trusted = AdmissionCases.publishers(work.resolve("cases"));
        if (file.code().isEmpty()) {
            assertThat(admit(file.jar(), trusted, Instant.now()).name()).isEqualTo("com.acme.encoder");
            return;
        }
        assertThatThrownBy(() -> PlatformNames.check(admit(file.jar(), trusted, Instant.now()), List.of()))
                .isInstanceOfSatisfying(StreamException.class, e -> {
                    assertThat(e.code()).as(e.getMessage()).isEqualTo(UpdateError.valueOf(file.code()));
                    assertThat(e).hasMessageContaining(file.words());
                });
    }

    @Test
    void a_plugin_signed_by_a_publisher_is_admitted_with_the_very_bytes_of_its_file() throws Exception {
        Path jar = signed();
        Admission.Admitted plugin = admit(jar);
        assertThat(plugin.name()).isEqualTo("com.acme.encoder");
        assertThat(plugin.version()).hasToString("1.2.3");
        assertThat(plugin.publisher().subject()).isEqualTo("CN=publisher");
        assertThat(plugin.publisher().platform()).isFalse();
        assertThat(plugin.content().open().readAllBytes()).isEqualTo(Files.readAllBytes(jar));
    }

    @Test
    void before_trust_is_asked_for_any_publisher_will_do_and_the_platform_s_names_are_taken() throws Exception {
        Path jar = Publisher.of(work, "stranger").sign(JarFiles.jar(work, JarFiles.pluginHeaders()));
        Admission.Admitted plugin = new Admission(Publishers.anybody()).admit(jar, Instant.now());
        assertThat(plugin.publisher().subject()).isEqualTo("CN=stranger");
        assertThat(plugin.publisher().platform()).isFalse();
    }

    @Test
    void a_certificate_is_asked_for_the_time_of_the_admission() throws Exception {
        Publisher expired = Publisher.of(work, "expired", "-startdate", "-400d").trustIn(work.resolve("before"));
        Path jar = expired.sign(JarFiles.jar(work, JarFiles.pluginHeaders()));
        assertThat(admit(jar, work.resolve("before"), Instant.now().minus(Duration.ofDays(390)))
                        .publisher()
                        .subject())
                .isEqualTo("CN=expired");
    }

    @Test
    void no_single_changed_byte_of_a_jar_is_admitted_as_something_else() throws Exception {
        byte[] good = Files.readAllBytes(signed());
        PluginManifest manifest =
                admit(Files.write(work.resolve("good.jar"), good)).manifest();
        Path file = work.resolve("changed.jar");
        for (int i = 0; i < good.length; i += 7) {
            byte[] changed = good.clone();
            changed[i] ^= 0x21;
            Files.write(file, changed);
            try {
                // What no reader looks at (times, attributes) may change; what the jar is may not.
                assertThat(admit(file).manifest()).isEqualTo(manifest);
            } catch (StreamException e) {
                assertThat(e.code()).isInstanceOf(UpdateError.class);
            }
        }
    }

    @Test
    void clauses_are_read_as_the_framework_reads_them() {
        List<Headers.Clause> clauses = Headers.clausesOf(
                "a;b;x=\"q,io.nvremote.z;\";f:='(a=b)', c ;v:List<String>=\"1,2\";filter:=\"(&(a=b)(c=d))\"");
        assertThat(clauses).extracting(Headers.Clause::paths).containsExactly(List.of("a", "b"), List.of("c"));
        assertThat(clauses.getFirst().values())
                .containsEntry("x", "q,io.nvremote.z;")
                .containsEntry("f:", "'(a=b)'");
        assertThat(clauses.getLast().values()).containsEntry("v", "1,2").containsEntry("filter:", "(&(a=b)(c=d))");
        assertThat(Headers.clausesOf(null)).isEmpty();
    }

    @Test
    void what_is_no_file_is_refused() {
        for (Path none : List.of(work.resolve("absent.jar"), work, Path.of("/dev/zero"))) {
            assertThatThrownBy(() -> admit(none))
                    .isInstanceOfSatisfying(
                            StreamException.class, e -> assertThat(e.code()).isEqualTo(UpdateError.FILE_UNREADABLE));
        }
    }
}
