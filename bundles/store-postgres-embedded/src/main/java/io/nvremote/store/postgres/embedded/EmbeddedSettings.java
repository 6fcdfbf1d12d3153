// SPDX-License-Identifier: Apache-2.0
package io.nvremote.store.postgres.embedded;

import io.nvremote.lib.settings.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;

/** What the embedded server is told. */
public record EmbeddedSettings(Path folder, int port, String user, Duration startTimeout) {

    private static final Settings READER = new Settings(EmbeddedConfig.PID);
    private static final Pattern USER = Pattern.compile("(?!root$)[a-z_][a-z0-9_-]{0,31}");

    public EmbeddedSettings {
        folder = folder.toAbsolutePath().normalize();
    }

    static EmbeddedSettings of(EmbeddedConfig config) {
        return new EmbeddedSettings(
                READER.path("folder", config.folder()),
                READER.port("port", config.port()),
                READER.text("user", config.user(), USER, "a user name, not root"),
                READER.duration(
                        "start.timeout", config.start_timeout(), Duration.ofSeconds(5), Duration.ofMinutes(10)));
    }
}
