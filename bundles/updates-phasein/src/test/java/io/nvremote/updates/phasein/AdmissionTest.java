// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates.phasein;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.core.StreamException;
import io.nvremote.lib.signed.Publishers;
import io.nvremote.updates.UpdateError;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdmissionTest {

    private static final byte[] CONTENT = "content".getBytes(StandardCharsets.UTF_8);

    @TempDir
    static Path keys;

    @TempDir
    Path work;

    private static KeyStore publisher;
    private static KeyStore stranger;
    private static KeyStore expired;
    private static KeyStore early;
    private static KeyStore weak;

    @BeforeAll
    static void make_keys() throws Exception {
        publisher = PluginJars.keyStore(keys, "publisher");
        stranger = PluginJars.keyStore(keys, "stranger");
        expired = PluginJars.keyStore(
                keys, "expired", "-keyalg", "EC", "-groupname", "secp256r1", "-startdate", "-400d", "-validity", "30");
        early = PluginJars.keyStore(
                keys, "early", "-keyalg", "EC", "-groupname", "secp256r1", "-startdate", "+5d", "-validity", "30");
        weak = PluginJars.keyStore(keys, "weak", "-keyalg", "RSA", "-keysize", "1024", "-validity", "30");
        Path trusted = keys.resolve("publishers");
        PluginJars.trust(publisher, trusted.resolve("acme.pem"));
        PluginJars.trust(expired, trusted.resolve("expired.pem"));
        PluginJars.trust(early, trusted.resolve("early.pem"));
        PluginJars.trust(weak, trusted.resolve("weak.pem"));
        Files.writeString(trusted.resolve("broken.pem"), "no certificate");
    }

    private static Admission.Admitted admit(Path jar, Instant now) {
        return new Admission(new Publishers(keys.resolve("publishers"))).admit(jar, now);
    }

    /** Refused with that code, and the message has these words. */
    private static void refused(Path jar, UpdateError code, String... words) {
        assertThatThrownBy(() -> admit(jar, Instant.now())).isInstanceOfSatisfying(StreamException.class, e -> {
            assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
            List.of(words).forEach(word -> assertThat(e).hasMessageContaining(word));
        });
    }

    private Path signed(Map<String, String> headers) throws Exception {
        return PluginJars.sign(PluginJars.jar(work, headers), publisher);
    }

    private Path signed() throws Exception {
        return signed(PluginJars.headers());
    }

    private static Map<String, String> with(String header, String value) {
        Map<String, String> headers = PluginJars.headers();
        headers.put(header, value);
        return headers;
    }

    @Test
    void a_plugin_signed_by_a_publisher_is_admitted_with_the_very_bytes_of_its_file() throws Exception {
        Path jar = signed();
        Admission.Admitted plugin = admit(jar, Instant.now());
        assertThat(plugin.name()).isEqualTo("com.acme.encoder");
        assertThat(plugin.version()).hasToString("1.2.3");
        assertThat(plugin.publisher().subject()).isEqualTo("CN=publisher");
        assertThat(plugin.publisher().platform()).isFalse();
        assertThat(plugin.content().open().readAllBytes()).isEqualTo(Files.readAllBytes(jar));
    }

    @Test
    void a_second_signature_over_everything_does_no_harm() throws Exception {
        Path both = PluginJars.sign(
                PluginJars.sign(PluginJars.jar(work, PluginJars.headers()), stranger, "STRANGER", "SHA-256"),
                publisher);
        assertThat(admit(both, Instant.now()).publisher().subject()).isEqualTo("CN=publisher");
    }

    @Test
    void an_unsigned_plugin_and_one_signed_by_a_stranger_are_refused() throws Exception {
        Path jar = PluginJars.jar(work, PluginJars.headers());
        refused(jar, UpdateError.NOT_SIGNED);
        refused(PluginJars.sign(jar, stranger), UpdateError.UNKNOWN_PUBLISHER, "CN=stranger", keys.toString());
    }

    @Test
    void a_certificate_that_is_not_valid_now_or_a_key_that_is_too_short_is_refused() throws Exception {
        Path jar = PluginJars.jar(work, PluginJars.headers());
        refused(PluginJars.sign(jar, expired), UpdateError.CERTIFICATE_EXPIRED, "CN=expired");
        refused(PluginJars.sign(jar, early), UpdateError.CERTIFICATE_EXPIRED, "CN=early");
        refused(PluginJars.sign(jar, weak), UpdateError.UNKNOWN_PUBLISHER, "2048 bits");
        assertThat(admit(PluginJars.sign(jar, expired), Instant.now().minus(Duration.ofDays(390)))
                        .publisher()
                        .subject())
                .as("as it was when the certificate was valid")
                .isEqualTo("CN=expired");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SHA-1", "MD5"})
    void a_digest_that_can_be_forged_counts_as_no_signature(String digest) throws Exception {
        refused(
                PluginJars.sign(PluginJars.jar(work, PluginJars.headers()), publisher, "SIGNER", digest),
                UpdateError.NOT_SIGNED);
    }

    /** What is added to a signed jar, each alone; all of it was to be found in no list of what was signed. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "com/acme/Added.class",
                "META-INF/services/evil",
                "META-INF/EVIL.SF",
                "META-INF/EVIL.EC",
                "META-INF/evil.rsa",
                "META-INF/SIG-EVIL",
                "META-INF/manifest.mf",
                "meta-inf/MANIFEST.MF",
                "Meta-Inf/EVIL.SF",
                "META-INF//MANIFEST.MF",
                "META-INF/./MANIFEST.MF",
                "/META-INF/MANIFEST.MF",
                "../slip",
                "a/../../slip",
                "/etc/slip",
                "c:/slip",
                "..\\slip",
                "a\u0000b",
            })
    void whatever_is_added_to_a_signed_jar_is_found_out(String name) throws Exception {
        assertThatThrownBy(() -> admit(PluginJars.add(signed(), name), Instant.now()))
                .isInstanceOfSatisfying(StreamException.class, e -> assertThat(e.code())
                        .isIn(UpdateError.TAMPERED, UpdateError.NOT_SIGNED));
    }

    @Test
    void a_pair_of_junk_that_looks_like_another_signature_is_found_out() throws Exception {
        refused(PluginJars.add(signed(), "META-INF/EVIL.SF", "META-INF/EVIL.EC"), UpdateError.TAMPERED);
    }

    @Test
    void a_changed_or_removed_file_is_found_out() throws Exception {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("com/acme/Encoder.class", CONTENT);
        entries.put("com/acme/Other.class", CONTENT);
        Path signed = PluginJars.sign(PluginJars.jar(work, PluginJars.headers(), entries), publisher);
        refused(
                PluginJars.rewrite(
                        signed,
                        n -> false,
                        (name, bytes) -> name.endsWith("Other.class") ? new byte[] {1} : bytes,
                        Map.of()),
                UpdateError.TAMPERED);
        refused(PluginJars.drop(signed, "com/acme/Other.class"::equals), UpdateError.TAMPERED, "com/acme/Other.class");
        refused(PluginJars.drop(signed, n -> n.endsWith(".class")), UpdateError.NOT_A_PLUGIN);
        refused(PluginJars.drop(signed, n -> n.endsWith(".EC")), UpdateError.TAMPERED, "META-INF/SIGNER");
        refused(PluginJars.drop(signed, n -> n.endsWith(".SF")), UpdateError.TAMPERED, "META-INF/SIGNER");
        refused(PluginJars.drop(signed, n -> n.matches(".*\\.(SF|EC)")), UpdateError.NOT_SIGNED);
        for (String change : List.of("Bundle-Version: 1.2.3>Bundle-Version: 9.2.3", "acme.encoder>evil.encoder")) {
            String[] words = change.split(">", -1);
            refused(
                    PluginJars.rewrite(
                            signed,
                            n -> false,
                            (name, bytes) -> name.endsWith("MANIFEST.MF")
                                    ? PluginJars.replace(bytes, words[0], words[1], 1)
                                    : bytes,
                            Map.of()),
                    UpdateError.TAMPERED);
        }
    }

    @Test
    void bytes_before_after_or_within_the_archive_are_found_out() throws Exception {
        Path signed = signed();
        byte[] more = "more".getBytes(StandardCharsets.US_ASCII);
        refused(PluginJars.bytes(signed, b -> PluginJars.concat(b, new byte[1])), UpdateError.TAMPERED);
        refused(PluginJars.bytes(signed, b -> PluginJars.concat(more, b)), UpdateError.TAMPERED);
        refused(PluginJars.bytes(signed, AdmissionTest::commented), UpdateError.TAMPERED);
        // The local header's name comes first, the directory's second: each alone is changed.
        refused(
                PluginJars.bytes(signed, b -> PluginJars.replace(b, "com/acme/Encoder", "com/acme/Decoder", 1)),
                UpdateError.TAMPERED,
                "another name");
    }

    private static byte[] commented(byte[] jar) {
        byte[] with = PluginJars.concat(jar, new byte[] {'x'});
        with[jar.length - 2] = 1;
        return with;
    }

    @Test
    void no_single_changed_byte_of_a_jar_is_admitted_as_something_else() throws Exception {
        byte[] good = Files.readAllBytes(signed());
        PluginManifest manifest = admit(Files.write(work.resolve("good.jar"), good), Instant.now())
                .manifest();
        Path file = work.resolve("changed.jar");
        for (int i = 0; i < good.length; i += 7) {
            byte[] changed = good.clone();
            changed[i] ^= 0x21;
            Files.write(file, changed);
            try {
                // What no reader looks at (times, attributes) may change; what the jar is may not.
                assertThat(admit(file, Instant.now()).manifest()).isEqualTo(manifest);
            } catch (StreamException e) {
                assertThat(e.code()).isInstanceOf(UpdateError.class);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Fragment-Host | x",
                "fragment-host | x",
                "Bundle-Activator | x",
                "DynamicImport-Package | *",
                "Require-Bundle | io.nvremote.core",
                "Export-Package | io.nvremote.encode",
                "Provide-Capability | io.nvremote.encode,io.nvremote.part;part=framework-log",
                "Provide-Capability | io.nvremote.encode,osgi.extender;osgi.extender=osgi.component",
                "Provide-Capability | x;y='io.nvremote.encode'",
                "Provide-Capability | io.nvremote.encoder",
                "Require-Capability | io.nvremote.encode",
                "Require-Capability | osgi.wiring.bundle;filter:='(a=b)'",
                "Bundle-ManifestVersion | 1",
                "Bundle-SymbolicName | ../../elsewhere",
                "Bundle-SymbolicName | a/b",
                "Bundle-SymbolicName | com..acme",
                "Bundle-SymbolicName | com.acme;singleton:=true",
                "Bundle-SymbolicName | com.acme;singleton:=\"true\"",
                "Bundle-SymbolicName | com.acme; singleton := TRUE",
                "Bundle-Version | 1.0-SNAPSHOT",
            })
    void a_bundle_that_is_no_plugin_or_has_another_hold_on_the_runtime_is_refused(String header, String value)
            throws Exception {
        Map<String, String> headers = PluginJars.headers();
        headers.keySet().removeIf(header::equalsIgnoreCase);
        headers.put(header, value);
        refused(signed(headers), UpdateError.NOT_A_PLUGIN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Provide-Capability",
                "Nvremote-Tck",
                "Bundle-SymbolicName",
                "Bundle-Version",
                "Bundle-ManifestVersion"
            })
    void a_bundle_that_lacks_what_makes_it_a_plugin_is_refused(String missing) throws Exception {
        Map<String, String> headers = PluginJars.headers();
        headers.remove(missing);
        refused(signed(headers), UpdateError.NOT_A_PLUGIN);
    }

    @Test
    void capabilities_are_read_as_the_framework_reads_them() {
        assertThat(PluginManifest.namespaces("a;b;x=\"q,io.nvremote.z;\";f:='(a=b)', c ;v:List<String>=\"1,2\""))
                .containsExactly("a", "b", "c");
        assertThat(PluginManifest.namespaces(null)).isEmpty();
    }

    @Test
    void a_manifest_for_newer_javas_is_refused_also_when_signed() throws Exception {
        for (String name :
                List.of("META-INF/versions/25/OSGI-INF/MANIFEST.MF", "META-INF/VERSIONS/9/osgi-inf/manifest.mf")) {
            Path jar = PluginJars.jar(work, with("Multi-Release", "true"), Map.of("A.class", CONTENT, name, CONTENT));
            refused(PluginJars.sign(jar, publisher), UpdateError.NOT_A_PLUGIN, name);
        }
    }

    @Test
    void a_file_that_is_no_jar_is_refused() throws Exception {
        refused(Files.writeString(work.resolve("x.jar"), "hello"), UpdateError.FILE_UNREADABLE, "no jar");
        refused(work.resolve("absent.jar"), UpdateError.FILE_UNREADABLE, "no such file");
        refused(work, UpdateError.FILE_UNREADABLE, "regular");
        refused(Path.of("/dev/zero"), UpdateError.FILE_UNREADABLE, "regular");
    }
}
