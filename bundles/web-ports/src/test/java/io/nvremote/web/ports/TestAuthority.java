// SPDX-License-Identifier: Apache-2.0
package io.nvremote.web.ports;

import io.nvremote.lib.tls.KeyFiles;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate authority made by the JDK's keytool, with a server's and a client's certificate. */
public final class TestAuthority {

    private static final char[] PASSWORD = "changeit".toCharArray();

    private final Path store;
    private final KeyStore keys;

    public TestAuthority(Path folder, String name) throws Exception {
        store = folder.resolve(name + ".p12");
        keytool("-genkeypair", "-alias", "ca", "-dname", "CN=" + name, "-ext", "bc:c=ca:true");
        keytool(
                "-genkeypair",
                "-alias",
                "server",
                "-signer",
                "ca",
                "-dname",
                "CN=server",
                "-ext",
                "san=ip:127.0.0.1,dns:localhost");
        keytool("-genkeypair", "-alias", "client", "-signer", "ca", "-dname", "CN=host-1", "-ext", "eku=clientAuth");
        keys = load();
    }

    public KeyFiles files(Path folder) {
        return new KeyFiles(folder.resolve("server.pem"), folder.resolve("server.key"), folder.resolve("ca.pem"));
    }

    /** The settings of a port on 127.0.0.1 that takes a free one and asks for certificates. */
    public static TlsPortConfig port(KeyFiles files) {
        return port(0, files);
    }

    static TlsPortConfig port(int number, KeyFiles files) {
        Map<String, Object> values = Map.of(
                "port",
                number,
                "address",
                "127.0.0.1",
                "client_certificate",
                true,
                "certificate_file",
                files.certificate().toString(),
                "key_file",
                files.key().toString(),
                "authority_file",
                files.authority().toString());
        return (TlsPortConfig) Proxy.newProxyInstance(
                TlsPortConfig.class.getClassLoader(),
                new Class<?>[] {TlsPortConfig.class},
                (proxy, method, arguments) -> values.get(method.getName()));
    }

    public void writeServer(KeyFiles to) throws Exception {
        Files.writeString(
                to.authority(), pem("CERTIFICATE", keys.getCertificate("ca").getEncoded()));
        Files.writeString(
                to.certificate(),
                pem("CERTIFICATE", keys.getCertificate("server").getEncoded()));
        Files.writeString(
                to.key(), pem("PRIVATE KEY", keys.getKey("server", PASSWORD).getEncoded()));
    }

    /** A client that trusts {@code trusted}, with this authority's client certificate or with none. */
    public SSLContext client(TestAuthority trusted, boolean certificate) throws Exception {
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        if (certificate) {
            own.setKeyEntry("client", keys.getKey("client", PASSWORD), PASSWORD, keys.getCertificateChain("client"));
        }
        KeyManagerFactory keyManagers = KeyManagerFactory.getInstance("PKIX");
        keyManagers.init(own, PASSWORD);
        KeyStore roots = KeyStore.getInstance("PKCS12");
        roots.load(null, null);
        roots.setCertificateEntry("ca", trusted.keys.getCertificate("ca"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(roots);
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(keyManagers.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private KeyStore load() throws Exception {
        KeyStore read = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            read.load(in, PASSWORD);
        }
        return read;
    }

    private static String pem(String kind, byte[] der) {
        return "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END " + kind + "-----\n";
    }

    private void keytool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of(
                "-keystore",
                store.toString(),
                "-storepass",
                "changeit",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                "2"));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IllegalStateException("keytool failed: " + output);
        }
    }
}
