// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates.phasein;

import io.nvremote.lib.settings.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Validated settings. */
record PhaseInSettings(Path data, Path publishers, Duration probation) {

    private static final Settings READER = new Settings(PhaseInConfig.PID);

    static PhaseInSettings of(PhaseInConfig config) {
        return new PhaseInSettings(
                folder("data.folder", config.data_folder()),
                folder("publishers.folder", config.publishers_folder()),
                READER.duration("probation", config.probation(), Duration.ZERO, Duration.ofMinutes(5)));
    }

    private static Path folder(String key, String value) {
        Path path = READER.path(key, value);
        READER.require(Files.isDirectory(path), key, value, "an existing folder");
        return path;
    }
}
