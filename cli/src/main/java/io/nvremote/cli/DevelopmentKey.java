// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipFile;
import jdk.security.jarsigner.JarSigner;

/**
 * A key for builds of development: made once for each user, in a folder that only that user may enter, which is what guards it. No
 * operator should trust its certificate beyond a machine of the developer's own.
 */
final class DevelopmentKey {

    private static final String ALIAS = "publisher";
    /** PKCS #12 has to have one. */
    private static final String PASSWORD = "development";

    private final Path folder;
    private final KeyStore store;

    private DevelopmentKey(Path folder, KeyStore store) {
        this.folder = folder;
        this.store = store;
    }

    /** The one in this folder, which is made with a key in it if need be. */
    static DevelopmentKey in(Path folder) throws IOException, InterruptedException {
        Path file = folder.resolve("publisher.p12");
        if (!Files.exists(file)) {
            Files.createDirectories(folder.toAbsolutePath().getParent());
            if (!Files.isDirectory(folder)) {
                Files.createDirectory(
                        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            Path fresh = folder.resolve("fresh.p12");
            Files.deleteIfExists(fresh);
            List<String> make = new ArrayList<>(List.of("-genkeypair", "-alias", ALIAS, "-keyalg", "EC"));
            make.addAll(List.of(
                    "-groupname", "secp256r1", "-dname", "CN=development of " + System.getProperty("user.name")));
            make.addAll(List.of("-validity", "365", "-storetype", "PKCS12"));
            keytool(fresh, make);
            Path certificate = folder.resolve("fresh.pem");
            keytool(fresh, List.of("-exportcert", "-rfc", "-alias", ALIAS, "-file", certificate.toString()));
            Files.move(certificate, folder.resolve("publisher.pem"), StandardCopyOption.REPLACE_EXISTING);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        }
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, PASSWORD.toCharArray());
            return new DevelopmentKey(folder, store);
        } catch (GeneralSecurityException e) {
            throw new Trouble("the development key in " + folder + " can't be used; delete that folder", e);
        }
    }

    private static void keytool(Path store, List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-J-XX:TieredStopAtLevel=1"));
        command.addAll(arguments);
        command.addAll(List.of("-keystore", store.toString(), "-storepass", PASSWORD));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new Trouble("keytool made no key: " + said.strip());
        }
    }

    /** What has to lie among the publishers that a host agent trusts. */
    Path certificate() {
        return folder.resolve("publisher.pem");
    }

    /** Puts the certificate there, if it is not. */
    void trustIn(Path publishers) throws IOException {
        Files.copy(certificate(), publishers.resolve("development.pem"), StandardCopyOption.REPLACE_EXISTING);
    }

    /** Signs a copy. */
    void sign(Path jar, Path to) throws IOException {
        Files.createDirectories(to.toAbsolutePath().getParent());
        try (ZipFile zip = new ZipFile(jar.toFile());
                OutputStream out = Files.newOutputStream(to)) {
            new JarSigner.Builder(
                            (PrivateKey) store.getKey(ALIAS, PASSWORD.toCharArray()),
                            CertificateFactory.getInstance("X.509")
                                    .generateCertPath(List.of(store.getCertificateChain(ALIAS))))
                    .digestAlgorithm("SHA-256")
                    .build()
                    .sign(zip, out);
        } catch (GeneralSecurityException e) {
            throw new Trouble("the development key in " + folder + " can't be used; delete that folder", e);
        }
    }
}
