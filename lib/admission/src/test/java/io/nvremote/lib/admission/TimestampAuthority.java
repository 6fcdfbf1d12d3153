// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.admission;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/** An authority for timestamps (RFC 3161) with a certificate of an issuer of its own: OpenSSL's, behind HTTP as section 3.4 has it. */
final class TimestampAuthority implements AutoCloseable {

    private final Path folder;
    private final HttpServer server;

    /** @param days for which its certificate is valid */
    TimestampAuthority(Path folder, String name, int days) throws Exception {
        this.folder = Files.createDirectories(folder.resolve(name));
        Files.writeString(this.folder.resolve("ts.cnf"), """
                [req]
                distinguished_name = none
                [none]
                [tsa]
                serial = %s/serial
                crypto_device = builtin
                signer_digest = sha256
                default_policy = 1.2.3.4.1
                digests = sha256, sha384, sha512
                accuracy = secs:1
                ordering = no
                tsa_name = no
                ess_cert_id_chain = no
                ess_cert_id_alg = sha256
                [stamps]
                extendedKeyUsage = critical, timeStamping
                keyUsage = critical, digitalSignature
                """.formatted(this.folder));
        openssl(
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-keyout",
                "issuer.key",
                "-out",
                "issuer.pem",
                "-days",
                "3650",
                "-config",
                "ts.cnf",
                "-subj",
                "/CN=" + name + "-issuer",
                "-addext",
                "basicConstraints=critical,CA:TRUE");
        openssl(
                "req",
                "-new",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-keyout",
                "tsa.key",
                "-out",
                "tsa.csr",
                "-config",
                "ts.cnf",
                "-subj",
                "/CN=" + name);
        openssl(
                "x509",
                "-req",
                "-in",
                "tsa.csr",
                "-CA",
                "issuer.pem",
                "-CAkey",
                "issuer.key",
                "-out",
                "tsa.pem",
                "-days",
                Integer.toString(days),
                "-set_serial",
                "7",
                "-extfile",
                "ts.cnf",
                "-extensions",
                "stamps");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    /** Its certificate, or its issuer's, as a file among others. */
    void trustIn(Path timestamping, boolean issuer) throws IOException {
        Files.createDirectories(timestamping);
        String file = issuer ? "issuer.pem" : "tsa.pem";
        Files.copy(
                folder.resolve(file),
                timestamping.resolve(folder.getFileName() + "-" + file),
                StandardCopyOption.REPLACE_EXISTING);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Files.write(folder.resolve("query"), exchange.getRequestBody().readAllBytes());
            openssl(
                    "ts",
                    "-reply",
                    "-config",
                    "ts.cnf",
                    "-section",
                    "tsa",
                    "-queryfile",
                    "query",
                    "-signer",
                    "tsa.pem",
                    "-inkey",
                    "tsa.key",
                    "-out",
                    "reply");
            byte[] reply = Files.readAllBytes(folder.resolve("reply"));
            exchange.getResponseHeaders().set("Content-Type", "application/timestamp-reply");
            exchange.sendResponseHeaders(200, reply.length);
            exchange.getResponseBody().write(reply);
        }
    }

    private void openssl(String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + ": " + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
