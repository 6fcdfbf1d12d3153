// SPDX-License-Identifier: Apache-2.0
package io.nvremote.store.postgres;

import io.nvremote.core.CoreError;
import io.nvremote.core.Secret;
import io.nvremote.core.StreamException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/** A PostgreSQL server that somebody else runs. Sets data sources up; connects to nothing by itself. */
final class ExternalServer {

    private ExternalServer() {}

    static void configure(PGSimpleDataSource source, @Nullable String url, String user, @Nullable String password) {
        if (url == null || !url.startsWith("jdbc:postgresql:") || url.contains("password=")) {
            throw refused("url", "a JDBC URL like jdbc:postgresql://host:5432/nvremote, without a password");
        }
        source.setUrl(url);
        source.setUser(user);
        source.setPassword(secret(password).reveal());
        source.setApplicationName("nvremote");
        source.setConnectTimeout(5);
        source.setSocketTimeout(30);
    }

    private static Secret secret(@Nullable String reference) {
        if (reference != null && reference.startsWith("file:")) {
            try {
                return new Secret(Files.readString(Path.of(reference.substring("file:".length())))
                        .strip());
            } catch (IOException e) {
                throw new StreamException(
                        CoreError.INVALID_CONFIGURATION,
                        ExternalConfig.PID + ": the password file can't be read: " + e.getMessage(),
                        e);
            }
        }
        String value = reference != null && reference.startsWith("env:")
                ? System.getenv(reference.substring("env:".length()))
                : null;
        if (value == null || value.isEmpty()) {
            throw refused("a password", "file:<path> of a file, or env:<name> of a variable that is set");
        }
        return new Secret(value);
    }

    private static StreamException refused(String key, String rule) {
        return new StreamException(
                CoreError.INVALID_CONFIGURATION, ExternalConfig.PID + ": " + key + " must be " + rule);
    }
}
