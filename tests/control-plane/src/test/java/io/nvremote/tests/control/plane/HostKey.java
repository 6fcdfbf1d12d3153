// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.control.plane;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;

/** A host's key and certificate request, made with the JDK's keytool. */
record HostKey(Path store) {

    private static final String PASSWORD = "password";

    static HostKey make(Path folder) throws Exception {
        Path store = Files.createTempFile(folder, "host", ".p12");
        Files.delete(store);
        keytool(
                "-genkeypair",
                "-alias",
                "host",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=host",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD);
        return new HostKey(store);
    }

    String registration() throws Exception {
        return RunningControlPlane.JSON.writeValueAsString(
                Map.of("hostname", "box-" + store.getFileName(), "csr", request()));
    }

    /** PKCS#10 in PEM. */
    String request() throws Exception {
        return keytool("-certreq", "-alias", "host", "-keystore", store.toString(), "-storepass", PASSWORD);
    }

    /** The certificate that keytool signed by the key itself, in PEM. */
    String certificate() throws Exception {
        return keytool("-exportcert", "-rfc", "-alias", "host", "-keystore", store.toString(), "-storepass", PASSWORD);
    }

    KeyManager[] managers(String certificatePem) throws Exception {
        KeyStore keys = load();
        List<? extends Certificate> chain = List.copyOf(CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(certificatePem.getBytes(StandardCharsets.US_ASCII))));
        keys.setKeyEntry(
                "host",
                keys.getKey("host", PASSWORD.toCharArray()),
                PASSWORD.toCharArray(),
                chain.toArray(Certificate[]::new));
        return managers(keys);
    }

    /** With the certificate that keytool signed by the key itself. */
    KeyManager[] selfSigned() throws Exception {
        return managers(load());
    }

    private KeyStore load() throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        return keys;
    }

    private static KeyManager[] managers(KeyStore keys) throws Exception {
        KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
        factory.init(keys, PASSWORD.toCharArray());
        return factory.getKeyManagers();
    }

    private static String keytool(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/keytool").toString(),
                "-J-XX:TieredStopAtLevel=1",
                "-J-XX:+UseSerialGC"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new AssertionError("keytool failed: " + output);
        }
        int begin = output.indexOf("-----BEGIN");
        return begin < 0 ? output : output.substring(begin);
    }
}
