// SPDX-License-Identifier: Apache-2.0
package io.nvremote.web.ports;

import io.nvremote.keys.KeyMaterial;
import io.nvremote.keys.file.FileKeys;
import io.nvremote.keys.file.FileKeysConfig;
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
import org.osgi.framework.BundleContext;
import org.osgi.service.condition.Condition;

/** A certificate authority made by the JDK's keytool, with a server's and a client's certificate. */
public final class TestAuthority {

    private static final char[] PASSWORD = "changeit".toCharArray();

    /** A framework without any other version of the port. */
    private static final BundleContext ALONE = (BundleContext) Proxy.newProxyInstance(
            BundleContext.class.getClassLoader(),
            new Class<?>[] {BundleContext.class},
            (proxy, method, arguments) -> method.getName().equals("getServiceReferences") ? List.of() : null);

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

    /** Where the material of {@link #keys(Path)} is in that folder. */
    private static Path certificate(Path folder) {
        return folder.resolve("server.pem");
    }

    private static Path key(Path folder) {
        return folder.resolve("server.key");
    }

    private static Path authority(Path folder) {
        return folder.resolve("ca.pem");
    }

    /** The real provider over a folder that may be empty yet. */
    public static KeyMaterial keys(Path folder) {
        return new FileKeys(
                config(
                        FileKeysConfig.class,
                        Map.of(
                                "keys_name",
                                "server",
                                "certificate_file",
                                certificate(folder).toString(),
                                "key_file",
                                key(folder).toString(),
                                "authority_file",
                                authority(folder).toString())),
                Condition.INSTANCE);
    }

    /** A port on 127.0.0.1 that takes a free one and asks for certificates. */
    public static TlsPort port(Path folder) {
        return port(0, keys(folder));
    }

    static TlsPort port(int number, KeyMaterial keys) {
        return port(ALONE, number, keys);
    }

    static TlsPort port(BundleContext context, int number, KeyMaterial keys) {
        TlsPort port = new TlsPort(
                context,
                config(TlsPortConfig.class, Map.of("port", number, "address", "127.0.0.1", "client_certificate", true)),
                Map.of());
        port.setKeys(keys);
        return port;
    }

    private static <T> T config(Class<T> type, Map<String, Object> values) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> values.get(method.getName())));
    }

    public void writeServer(Path to) throws Exception {
        Files.writeString(
                authority(to), pem("CERTIFICATE", keys.getCertificate("ca").getEncoded()));
        Files.writeString(
                certificate(to),
                pem("CERTIFICATE", keys.getCertificate("server").getEncoded()));
        Files.writeString(
                key(to), pem("PRIVATE KEY", keys.getKey("server", PASSWORD).getEncoded()));
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
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-J-XX:TieredStopAtLevel=1",
                "-J-XX:+UseSerialGC"));
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
