// SPDX-License-Identifier: Apache-2.0
package io.nvremote.auth.oidc;

import io.nvremote.auth.AuthError;
import io.nvremote.core.CoreError;
import io.nvremote.core.Secret;
import io.nvremote.core.StreamException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Talks HTTP to the issuer: no redirects, at most 256 KiB, at most 10 s. Safe for any thread. */
final class IssuerHttp implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int MAX_BODY = 256 * 1024;

    private final Optional<Path> trust;
    private @Nullable HttpClient client;

    IssuerHttp(Optional<Path> trust) {
        this.trust = trust;
    }

    Answer get(URI uri) {
        return send(
                HttpRequest.newBuilder(uri).header("Accept", "application/json").GET());
    }

    /** @param authorization the header of that name */
    Answer get(URI uri, Secret authorization) {
        return send(HttpRequest.newBuilder(uri)
                .header("Accept", "application/json")
                .header("Authorization", authorization.reveal())
                .GET());
    }

    /** @param authorization the header of that name; null for none */
    Answer post(URI uri, String form, @Nullable Secret authorization) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .header("Accept", "application/json")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form));
        if (authorization != null) {
            request.header("Authorization", authorization.reveal());
        }
        return send(request);
    }

    private Answer send(HttpRequest.Builder request) {
        HttpRequest ready = request.timeout(PATIENCE).build();
        try {
            HttpResponse<InputStream> response = client().send(ready, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                byte[] bytes = body.readNBytes(MAX_BODY + 1);
                if (bytes.length > MAX_BODY) {
                    throw new StreamException(AuthError.ISSUER_INVALID, "the issuer answered more than 256 KiB");
                }
                return new Answer(response.statusCode(), new String(bytes, StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new StreamException(
                    AuthError.ISSUER_UNAVAILABLE,
                    "the issuer at " + ready.uri().getAuthority() + " can't be reached",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StreamException(AuthError.ISSUER_UNAVAILABLE, "interrupted while asking the issuer", e);
        }
    }

    /** Made at the first use: the trust file may be written by another part of the runtime while it starts. */
    private synchronized HttpClient client() {
        HttpClient made = client;
        if (made == null) {
            HttpClient.Builder builder =
                    HttpClient.newBuilder().connectTimeout(PATIENCE).followRedirects(HttpClient.Redirect.NEVER);
            trust.map(IssuerHttp::context).ifPresent(builder::sslContext);
            made = builder.build();
            client = made;
        }
        return made;
    }

    private static SSLContext context(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            int number = 0;
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("trust" + number++, certificate);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, factory.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new StreamException(
                    CoreError.INVALID_CONFIGURATION,
                    OidcAuthConfig.PID + " issuer.trust.file=" + file + ": not a readable PEM file of certificates",
                    e);
        }
    }

    @Override
    public synchronized void close() {
        HttpClient made = client;
        if (made != null) {
            made.shutdownNow();
        }
    }

    record Answer(int status, String body) {}
}
