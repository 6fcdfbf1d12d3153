// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.lib.pem.Pem;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LiveKeysTest {

    @TempDir
    Path folder;

    private KeyFiles files;
    private int serial;

    private record Made(KeyPair keys, X509Certificate certificate) {}

    @BeforeEach
    void name() {
        files = new KeyFiles(folder.resolve("own.pem"), folder.resolve("own.key"), folder.resolve("ca.pem"));
    }

    private Made make(String algorithm) throws Exception {
        KeyPair keys = KeyPairGenerator.getInstance(algorithm).generateKeyPair();
        X500Principal name = new X500Principal("CN=" + ++serial);
        String signing =
                algorithm.equals("EC") ? "SHA256withECDSA" : algorithm.equals("RSA") ? "SHA256withRSA" : algorithm;
        X509Certificate certificate = new JcaX509CertificateConverter()
                .getCertificate(new JcaX509v3CertificateBuilder(
                                name,
                                BigInteger.valueOf(serial),
                                Date.from(Instant.EPOCH),
                                Date.from(Instant.parse("2100-01-01T00:00:00Z")),
                                name,
                                keys.getPublic())
                        .build(new JcaContentSignerBuilder(signing).build(keys.getPrivate())));
        return new Made(keys, certificate);
    }

    private void write(Made certificate, Made key) throws Exception {
        Files.writeString(
                files.key(), Pem.write("PRIVATE KEY", key.keys().getPrivate().getEncoded()));
        String pem = Pem.write("CERTIFICATE", certificate.certificate().getEncoded());
        Files.writeString(files.authority(), pem);
        Files.writeString(files.certificate(), pem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC", "RSA", "Ed25519"})
    void what_is_written_later_is_in_force_at_once(String algorithm) throws Exception {
        LiveKeys live = new LiveKeys(files);
        assertThat(live.get()).isNull();
        Made first = make(algorithm);
        write(first, first);
        assertThat(live.get().own()).isEqualTo(first.certificate());
        Made second = make(algorithm);
        write(second, second);
        assertThat(live.get().own()).isEqualTo(second.certificate());
    }

    @Test
    void a_key_and_a_certificate_that_do_not_belong_together_leave_the_old_ones_in_force() throws Exception {
        Made first = make("EC");
        write(first, first);
        LiveKeys live = new LiveKeys(files);
        write(make("EC"), make("EC"));
        assertThat(live.get().own()).isEqualTo(first.certificate());
        write(make("EC"), make("RSA"));
        assertThat(live.get().own()).isEqualTo(first.certificate());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\0\0\0\0\0\0\0\0", "no PEM at all"})
    void damaged_files_leave_the_old_ones_in_force(String text) throws Exception {
        Made first = make("EC");
        write(first, first);
        for (Path file : new Path[] {files.certificate(), files.key(), files.authority()}) {
            LiveKeys live = new LiveKeys(files);
            String before = Files.readString(file);
            Files.writeString(file, text);
            assertThat(live.get().own()).isEqualTo(first.certificate());
            Files.delete(file);
            assertThat(live.get().own()).isEqualTo(first.certificate());
            Files.writeString(file, before);
        }
    }
}
