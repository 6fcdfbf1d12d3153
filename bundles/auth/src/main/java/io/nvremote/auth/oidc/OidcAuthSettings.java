// SPDX-License-Identifier: Apache-2.0
package io.nvremote.auth.oidc;

import io.nvremote.core.CoreError;
import io.nvremote.core.Secret;
import io.nvremote.core.StreamException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Validated settings of sign-in. Immutable. */
record OidcAuthSettings(
        Path dataFolder,
        URI publicUrl,
        URI issuer,
        String clientId,
        Optional<Secret> clientSecret,
        Optional<Path> issuerTrust,
        String scope) {

    static OidcAuthSettings of(OidcAuthConfig config) {
        return new OidcAuthSettings(
                Path.of(present("data.folder", config.data_folder())),
                base("public.url", config.public_url()),
                base("issuer", config.issuer()),
                config.client_id().strip(),
                config.client_secret_file().isBlank() ? Optional.empty() : Optional.of(secret(config)),
                config.issuer_trust_file().isBlank()
                        ? Optional.empty()
                        : Optional.of(Path.of(config.issuer_trust_file())),
                present("scope", config.scope()));
    }

    /** Where the issuer sends the browser back to. */
    URI callback() {
        return URI.create(publicUrl + "/api/v1/auth/callback");
    }

    private static String present(String key, String value) {
        if (value.isBlank()) {
            throw refused(key, value, "must not be empty");
        }
        return value.strip();
    }

    /** {@code https}, or {@code http} to this machine alone; no query, no fragment, no slash at the end. */
    private static URI base(String key, String value) {
        URI uri;
        try {
            uri = URI.create(present(key, value));
        } catch (IllegalArgumentException e) {
            throw new StreamException(
                    CoreError.INVALID_CONFIGURATION, OidcAuthConfig.PID + " " + key + "=" + value + ": not a URL", e);
        }
        String host = uri.getHost();
        boolean loopback = "127.0.0.1".equals(host) || "[::1]".equals(host) || "localhost".equals(host);
        boolean scheme = "https".equals(uri.getScheme()) || ("http".equals(uri.getScheme()) && loopback);
        if (host == null || !scheme || uri.getQuery() != null || uri.getFragment() != null || value.endsWith("/")) {
            throw refused(key, value, "must be https://host[:port][/path], or http:// with a loopback address");
        }
        return uri;
    }

    private static Secret secret(OidcAuthConfig config) {
        try {
            return new Secret(
                    Files.readString(Path.of(config.client_secret_file())).strip());
        } catch (IOException e) {
            throw new StreamException(
                    CoreError.INVALID_CONFIGURATION,
                    OidcAuthConfig.PID + " client.secret.file=" + config.client_secret_file() + ": can't be read",
                    e);
        }
    }

    private static StreamException refused(String key, String value, String rule) {
        return new StreamException(
                CoreError.INVALID_CONFIGURATION, OidcAuthConfig.PID + " " + key + "=" + value + ": " + rule);
    }
}
