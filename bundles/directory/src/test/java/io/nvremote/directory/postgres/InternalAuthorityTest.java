// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.core.Clock;
import io.nvremote.core.GatewayId;
import io.nvremote.core.HostId;
import io.nvremote.core.OrgId;
import io.nvremote.core.StreamException;
import io.nvremote.directory.Credentials;
import io.nvremote.directory.DirectoryError;
import io.nvremote.directory.Issued;
import io.nvremote.lib.pem.Pem;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InternalAuthorityTest {

    @TempDir
    Path folder;

    @Test
    void everything_in_a_host_certificate_but_its_key_is_set_by_the_server() throws Exception {
        InternalAuthority authority = new InternalAuthority(folder, Clock.system());
        OrgId org = OrgId.next();
        HostId host = HostId.next();
        KeyPair keys = keys("EC", 256);
        Issued issued = authority.host(org, host, csr(keys, "CN=admin,O=somebody else", "SHA256withECDSA"));

        X509Certificate leaf = certificate(issued.certificatePem());
        assertThat(leaf.getPublicKey()).isEqualTo(keys.getPublic());
        assertThat(leaf.getSubjectX500Principal().getName()).isEqualTo("CN=host " + host);
        assertThat(leaf.getSubjectAlternativeNames())
                .containsExactly(List.of(6, "spiffe://nvremote/org/" + org + "/host/" + host));
        assertThat(leaf.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
        assertThat(leaf.getBasicConstraints()).as("no authority").isEqualTo(-1);
        assertThat(leaf.getSerialNumber()).isEqualTo(issued.serial());
        assertThat(leaf.getSerialNumber().bitLength()).isEqualTo(128);
        assertThat(Duration.between(Instant.now(), issued.notAfter()))
                .isBetween(Duration.ofDays(6), Duration.ofDays(7));
        validate(authority, leaf);
    }

    @Test
    void certificates_of_services_carry_their_names_and_purposes() throws Exception {
        InternalAuthority authority = new InternalAuthority(folder, Clock.system());
        X509Certificate server =
                leaf(authority, authority.server(Set.of("control.example.org"), Set.of("192.0.2.7", "2001:db8::7")));
        assertThat(server.getSubjectAlternativeNames())
                .contains(
                        List.of(2, "localhost"),
                        List.of(2, "control.example.org"),
                        List.of(7, "127.0.0.1"),
                        List.of(7, "192.0.2.7"),
                        List.of(7, "2001:db8:0:0:0:0:0:7"));
        assertThat(server.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");

        GatewayId id = GatewayId.next();
        X509Certificate gateway = leaf(authority, authority.gateway(id, Set.of(), Set.of()));
        assertThat(gateway.getSubjectAlternativeNames()).contains(List.of(6, "spiffe://nvremote/gateway/" + id));

        X509Certificate caller = leaf(authority, authority.controlPlane());
        assertThat(caller.getSubjectAlternativeNames()).containsExactly(List.of(6, "spiffe://nvremote/control-plane"));
        assertThat(caller.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
    }

    @Test
    void the_authority_is_made_once_and_its_key_is_readable_by_its_owner_only() throws Exception {
        String root = new InternalAuthority(folder, Clock.system()).rootPem();
        assertThat(new InternalAuthority(folder, Clock.system()).rootPem()).isEqualTo(root);
        Path key = folder.resolve("ca-key.pem");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");

        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        assertUnusable("can be read or written by others");
    }

    @Test
    void files_that_do_not_belong_together_are_refused(@TempDir Path other) throws Exception {
        new InternalAuthority(folder, Clock.system());
        new InternalAuthority(other, Clock.system());
        Files.copy(other.resolve("ca.pem"), folder.resolve("ca.pem"), StandardCopyOption.REPLACE_EXISTING);
        assertUnusable("is not the key of ca.pem");
        Files.delete(folder.resolve("ca-key.pem"));
        assertUnusable("is missing");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "not PEM",
                "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n",
                "-----BEGIN CERTIFICATE REQUEST-----\nMIIB\n",
                "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIE==\n-----END PRIVATE KEY-----\n"
            })
    void what_is_no_request_is_refused(String pem) {
        assertRefused(pem);
    }

    @Test
    void a_request_that_is_not_signed_by_its_own_key_is_refused() throws Exception {
        KeyPair shown = keys("EC", 256);
        KeyPair signing = keys("EC", 256);
        assertRefused(Pem.write(
                "CERTIFICATE REQUEST",
                new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=x"), shown.getPublic())
                        .build(new JcaContentSignerBuilder("SHA256withECDSA").build(signing.getPrivate()))
                        .getEncoded()));
    }

    @Test
    void weak_keys_are_refused_and_strong_ones_taken() throws Exception {
        assertRefused(csr(keys("RSA", 1024), "CN=x", "SHA256withRSA"));
        InternalAuthority authority = new InternalAuthority(folder, Clock.system());
        for (String taken : List.of(
                csr(keys("RSA", 2048), "CN=x", "SHA256withRSA"),
                csr(keys("EC", 384), "CN=x", "SHA384withECDSA"),
                csr(KeyPairGenerator.getInstance("Ed25519").generateKeyPair(), "CN=x", "Ed25519"))) {
            validate(
                    authority,
                    certificate(
                            authority.host(OrgId.next(), HostId.next(), taken).certificatePem()));
        }
    }

    @Test
    void every_flipped_byte_of_a_request_is_refused_or_leaves_the_key_as_it_was() throws Exception {
        KeyPair keys = keys("EC", 256);
        byte[] der = new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=x"), keys.getPublic())
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))
                .getEncoded();
        int refused = 0;
        for (int i = 0; i < der.length; i++) {
            byte[] bent = der.clone();
            bent[i] ^= 0x41;
            try {
                assertThat(CertificateRequest.key(Pem.write("CERTIFICATE REQUEST", bent)))
                        .isEqualTo(keys.getPublic());
            } catch (StreamException e) {
                assertThat(e.code()).isEqualTo(DirectoryError.CSR_REFUSED);
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(der.length * 9 / 10);
    }

    private void assertRefused(String pem) {
        InternalAuthority authority = new InternalAuthority(folder, Clock.system());
        assertThatThrownBy(() -> authority.host(OrgId.next(), HostId.next(), pem))
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(DirectoryError.CSR_REFUSED));
    }

    private void assertUnusable(String text) {
        assertThatThrownBy(() -> new InternalAuthority(folder, Clock.system()))
                .hasMessageContaining(text)
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(DirectoryError.CA_UNUSABLE));
    }

    private static X509Certificate leaf(InternalAuthority authority, Credentials credentials) throws Exception {
        X509Certificate leaf = certificate(credentials.certificatePem());
        validate(authority, leaf);
        assertThat(credentials.privateKeyPem().reveal()).startsWith("-----BEGIN PRIVATE KEY-----");
        assertThat(credentials.toString()).doesNotContain("PRIVATE KEY");
        return leaf;
    }

    /** The JDK's own path validation against the root. */
    private static void validate(InternalAuthority authority, X509Certificate leaf) throws Exception {
        PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(certificate(authority.rootPem()), null)));
        parameters.setRevocationEnabled(false);
        CertPathValidator.getInstance("PKIX")
                .validate(CertificateFactory.getInstance("X.509").generateCertPath(List.of(leaf)), parameters);
    }

    private static X509Certificate certificate(String pem) throws Exception {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
    }

    static KeyPair keys(String algorithm, int size) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(size);
        return generator.generateKeyPair();
    }

    static String csr(KeyPair keys, String subject, String algorithm) throws Exception {
        return Pem.write(
                "CERTIFICATE REQUEST",
                new JcaPKCS10CertificationRequestBuilder(new X500Name(subject), keys.getPublic())
                        .build(new JcaContentSignerBuilder(algorithm).build(keys.getPrivate()))
                        .getEncoded());
    }
}
