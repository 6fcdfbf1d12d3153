// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates.phasein;

import io.nvremote.lib.settings.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Validated settings.
 *
 * @param start how long a plugin's code may take to start
 * @param stop how long it may take to stop
 */
record PhaseInSettings(Path data, Path publishers, Duration probation, Duration start, Duration stop) {

    private static final Duration START = Duration.ofSeconds(10);
    private static final Duration STOP = Duration.ofSeconds(5);

    private static final Settings READER = new Settings(PhaseInConfig.PID);

    static PhaseInSettings of(PhaseInConfig config) {
        return new PhaseInSettings(
                folder("data.folder", config.data_folder()),
                folder("publishers.folder", config.publishers_folder()),
                READER.duration("probation", config.probation(), Duration.ZERO, Duration.ofMinutes(5)),
                START,
                STOP);
    }

    private static Path folder(String key, String value) {
        Path path = READER.path(key, value);
        READER.require(Files.isDirectory(path), key, value, "an existing folder");
        return path;
    }
}
