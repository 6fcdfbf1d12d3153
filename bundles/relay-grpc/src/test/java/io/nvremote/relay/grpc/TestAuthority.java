// SPDX-License-Identifier: Apache-2.0
package io.nvremote.relay.grpc;

import io.nvremote.keys.file.FileKeys;
import io.nvremote.keys.file.FileKeysConfig;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.Map;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.osgi.service.condition.Condition;

/** A certificate authority for one test, with its files in one folder. */
final class TestAuthority {

    private final Path folder;
    private final X500Principal name;
    private final KeyPair keys = keys();
    private final Path file;
    private long serial = 1;

    TestAuthority(Path folder, String name) {
        this.folder = folder;
        this.name = new X500Principal("CN=" + name);
        this.file = write(name + ".pem", "CERTIFICATE", encoded(issue(this.name, keys, "", true)));
    }

    /** A certificate that carries {@code uri}, believed by and believing this authority. */
    Identity identity(String label, String uri) {
        return identity(label, uri, this);
    }

    /** The same, believing the certificates of another authority. */
    Identity identity(String label, String uri, TestAuthority believed) {
        KeyPair own = keys();
        X509Certificate certificate = issue(new X500Principal("CN=" + label), own, uri, false);
        Map<String, String> files = Map.of(
                "keys_name",
                label,
                "certificate_file",
                write(label + ".pem", "CERTIFICATE", encoded(certificate)).toString(),
                "key_file",
                write(label + ".key", "PRIVATE KEY", own.getPrivate().getEncoded())
                        .toString(),
                "authority_file",
                believed.file.toString());
        FileKeysConfig config = (FileKeysConfig) Proxy.newProxyInstance(
                FileKeysConfig.class.getClassLoader(),
                new Class<?>[] {FileKeysConfig.class},
                (proxy, method, arguments) -> files.get(method.getName()));
        return new Identity(new FileKeys(config, Condition.INSTANCE));
    }

    private X509Certificate issue(X500Principal subject, KeyPair subjectKeys, String uri, boolean authority) {
        Instant now = Instant.now();
        try {
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    name,
                    BigInteger.valueOf(serial++),
                    Date.from(now.minusSeconds(60)),
                    Date.from(now.plusSeconds(3_600)),
                    subject,
                    subjectKeys.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            if (!uri.isEmpty()) {
                GeneralName san = new GeneralName(GeneralName.uniformResourceIdentifier, uri);
                builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(san));
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
        } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair keys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private Path write(String fileName, String kind, byte[] der) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        try {
            return Files.writeString(
                    folder.resolve(fileName),
                    "-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----\n");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
