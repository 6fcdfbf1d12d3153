// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory.postgres;

import io.nvremote.core.Clock;
import io.nvremote.core.GatewayId;
import io.nvremote.core.HostId;
import io.nvremote.core.OrgId;
import io.nvremote.core.Secret;
import io.nvremote.core.StreamException;
import io.nvremote.directory.Credentials;
import io.nvremote.directory.DirectoryError;
import io.nvremote.directory.Issued;
import io.nvremote.lib.pem.Pem;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes certificates (RFC 5280). Everything in them but the public key is set here. Safe for any thread. */
final class Signer {

    static final Duration HOST_LIFE = Duration.ofDays(7);
    static final Duration SERVICE_LIFE = Duration.ofDays(30);
    private static final Duration ROOT_LIFE = Duration.ofDays(3650);
    private static final Duration SKEW = Duration.ofMinutes(5);
    private static final X500Name ROOT_NAME = new X500Name("CN=nvremote internal CA");
    private static final SecureRandom RANDOM = new SecureRandom();

    private final AuthorityFiles.Root root;
    private final Clock clock;
    private final String rootPem;

    Signer(AuthorityFiles.Root root, Clock clock) {
        this.root = root;
        this.clock = clock;
        this.rootPem = pem(root.certificate());
    }

    String rootPem() {
        return rootPem;
    }

    Issued host(OrgId org, HostId host, String csrPem) {
        PublicKey key = CertificateRequest.key(csrPem);
        X509Certificate leaf = leaf(
                key,
                "CN=host " + host,
                List.of(uri("spiffe://nvremote/org/" + org + "/host/" + host)),
                HOST_LIFE,
                KeyPurposeId.id_kp_clientAuth);
        return new Issued(
                leaf.getSerialNumber(),
                pem(leaf),
                leaf.getNotBefore().toInstant(),
                leaf.getNotAfter().toInstant());
    }

    Credentials server(Set<String> dnsNames, Set<String> ipAddresses) {
        return credentials(
                "CN=nvremote control plane", names(dnsNames, ipAddresses, List.of()), KeyPurposeId.id_kp_serverAuth);
    }

    Credentials gateway(GatewayId gateway, Set<String> dnsNames, Set<String> ipAddresses) {
        return credentials(
                "CN=gateway " + gateway,
                names(dnsNames, ipAddresses, List.of(uri("spiffe://nvremote/gateway/" + gateway))),
                KeyPurposeId.id_kp_serverAuth,
                KeyPurposeId.id_kp_clientAuth);
    }

    Credentials controlPlane() {
        return credentials(
                "CN=nvremote control plane client",
                List.of(uri("spiffe://nvremote/control-plane")),
                KeyPurposeId.id_kp_clientAuth);
    }

    static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new StreamException(DirectoryError.CA_UNUSABLE, "the JDK can't make EC keys", e);
        }
    }

    static X509Certificate root(KeyPair pair, Instant now) {
        try {
            X509v3CertificateBuilder builder = builder(ROOT_NAME, ROOT_NAME, pair.getPublic(), now, ROOT_LIFE);
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            builder.addExtension(
                    Extension.subjectKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
            return sign(builder, pair.getPrivate());
        } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
            throw failed(e);
        }
    }

    private Credentials credentials(String subject, List<GeneralName> names, KeyPurposeId... purposes) {
        KeyPair pair = newKeys();
        X509Certificate leaf = leaf(pair.getPublic(), subject, names, SERVICE_LIFE, purposes);
        return new Credentials(
                new Secret(Pem.write("PRIVATE KEY", pair.getPrivate().getEncoded())),
                pem(leaf),
                rootPem,
                leaf.getNotAfter().toInstant());
    }

    private X509Certificate leaf(
            PublicKey key, String subject, List<GeneralName> names, Duration life, KeyPurposeId... purposes) {
        try {
            JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
            X509v3CertificateBuilder builder = builder(ROOT_NAME, new X500Name(subject), key, clock.instant(), life);
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes));
            builder.addExtension(
                    Extension.subjectAlternativeName, false, new GeneralNames(names.toArray(GeneralName[]::new)));
            builder.addExtension(Extension.subjectKeyIdentifier, false, identifiers.createSubjectKeyIdentifier(key));
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    identifiers.createAuthorityKeyIdentifier(root.certificate().getPublicKey()));
            return sign(builder, root.key());
        } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
            throw failed(e);
        }
    }

    private static X509v3CertificateBuilder builder(
            X500Name issuer, X500Name subject, PublicKey key, Instant now, Duration life) {
        // 127 random bits and one that is set: positive and never short (RFC 5280 section 4.1.2.2).
        BigInteger serial = new BigInteger(127, RANDOM).setBit(127);
        return new JcaX509v3CertificateBuilder(
                issuer,
                serial,
                Date.from(now.minus(SKEW).truncatedTo(ChronoUnit.SECONDS)),
                Date.from(now.plus(life).truncatedTo(ChronoUnit.SECONDS)),
                subject,
                key);
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key)
            throws OperatorCreationException, GeneralSecurityException {
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
    }

    private static List<GeneralName> names(Set<String> dns, Set<String> addresses, List<GeneralName> more) {
        List<GeneralName> names = new ArrayList<>(more);
        Set<String> allDns = new TreeSet<>(dns);
        allDns.add("localhost");
        allDns.forEach(name -> names.add(new GeneralName(GeneralName.dNSName, name)));
        Set<String> allAddresses = new TreeSet<>(addresses);
        allAddresses.add("127.0.0.1");
        allAddresses.add("::1");
        allAddresses.forEach(address -> names.add(new GeneralName(GeneralName.iPAddress, address)));
        return names;
    }

    private static GeneralName uri(String uri) {
        return new GeneralName(GeneralName.uniformResourceIdentifier, uri);
    }

    private static String pem(X509Certificate certificate) {
        try {
            return Pem.write("CERTIFICATE", certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw failed(e);
        }
    }

    private static StreamException failed(Exception e) {
        return new StreamException(DirectoryError.CA_UNUSABLE, "a certificate could not be made: " + e.getMessage(), e);
    }
}
