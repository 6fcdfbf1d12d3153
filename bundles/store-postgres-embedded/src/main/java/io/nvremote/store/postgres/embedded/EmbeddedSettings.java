// SPDX-License-Identifier: Apache-2.0
package io.nvremote.store.postgres.embedded;

import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the embedded server is told; valid. */
public record EmbeddedSettings(Path folder, int port, String user, Duration startTimeout) {

    private static final Pattern USER = Pattern.compile("[a-z_][a-z0-9_-]{0,31}");

    public EmbeddedSettings {
        require(port >= 0 && port <= 65_535, "port", port, "0 to 65535");
        require(USER.matcher(user).matches() && !user.equals("root"), "user", user, "a user name, not root");
        require(
                startTimeout.compareTo(Duration.ofSeconds(5)) >= 0
                        && startTimeout.compareTo(Duration.ofMinutes(10)) <= 0,
                "start.timeout",
                startTimeout,
                "PT5S to PT10M");
        folder = folder.toAbsolutePath().normalize();
    }

    static EmbeddedSettings of(EmbeddedConfig config) {
        @Nullable String folder = config.folder();
        require(folder != null && !folder.isBlank(), "folder", "empty", "a folder");
        try {
            return new EmbeddedSettings(
                    Path.of(config.folder()), config.port(), config.user(), Duration.parse(config.start_timeout()));
        } catch (DateTimeParseException e) {
            throw refused("start.timeout", config.start_timeout(), "an ISO-8601 duration like PT60S");
        }
    }

    private static void require(boolean rule, String key, Object value, String text) {
        if (!rule) {
            throw refused(key, value, text);
        }
    }

    private static StreamException refused(String key, Object value, String text) {
        return new StreamException(
                CoreError.INVALID_CONFIGURATION,
                EmbeddedConfig.PID + ": " + key + " is " + value + ", must be " + text);
    }
}
