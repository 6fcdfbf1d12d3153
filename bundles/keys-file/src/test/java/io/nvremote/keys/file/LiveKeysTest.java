// SPDX-License-Identifier: Apache-2.0
package io.nvremote.keys.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.lib.pem.Pem;
import java.lang.reflect.Proxy;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.service.condition.Condition;

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

    private FileKeys material() {
        Map<String, String> values = Map.of(
                "keys_name",
                "server",
                "certificate_file",
                files.certificate().toString(),
                "key_file",
                files.key().toString(),
                "authority_file",
                files.authority().toString());
        FileKeysConfig config = (FileKeysConfig) Proxy.newProxyInstance(
                FileKeysConfig.class.getClassLoader(),
                new Class<?>[] {FileKeysConfig.class},
                (proxy, method, arguments) -> values.get(method.getName()));
        return new FileKeys(config, Condition.INSTANCE);
    }

    @Test
    void the_service_is_there_before_its_files_and_names_each_that_lacks_or_is_damaged() throws Exception {
        FileKeys keys = material();
        Made first = make("EC");
        write(first, first);
        for (Map.Entry<String, Path> file : Map.of(
                        "certificate.file", files.certificate(),
                        "key.file", files.key(),
                        "authority.file", files.authority())
                .entrySet()) {
            String right = Files.readString(file.getValue());
            Files.delete(file.getValue());
            assertThatThrownBy(() -> material().certificate())
                    .hasMessage("io.nvremote.keys.file " + file.getKey() + "=" + file.getValue()
                            + ": must be a file that can be read");
            Files.writeString(file.getValue(), "no PEM at all");
            assertThatThrownBy(() -> material().certificate())
                    .hasMessageStartingWith(
                            "io.nvremote.keys.file keys.name=server: can't be used: " + file.getValue());
            Files.writeString(file.getValue(), right);
        }
        assertThat(keys.certificate()).isEqualTo(first.certificate());
    }

    @Test
    void one_set_of_managers_shows_and_believes_what_came_later() throws Exception {
        FileKeys keys = material();
        X509ExtendedKeyManager shown = keys.keyManager();
        X509ExtendedTrustManager believed = keys.trustManager();
        assertThat(shown.chooseEngineServerAlias("EC", null, null)).isNull();
        X509Certificate[] stranger = {make("EC").certificate()};
        assertThatThrownBy(() -> believed.checkClientTrusted(stranger, "EC")).isInstanceOf(CertificateException.class);
        for (int i = 0; i < 2; i++) {
            Made one = make("EC");
            write(one, one);
            String alias = shown.chooseEngineServerAlias("EC", null, null);
            assertThat(shown.getCertificateChain(alias)).containsExactly(one.certificate());
            assertThat(believed.getAcceptedIssuers()).containsExactly(one.certificate());
            assertThat(keys.certificate()).isEqualTo(one.certificate());
        }
    }
}
