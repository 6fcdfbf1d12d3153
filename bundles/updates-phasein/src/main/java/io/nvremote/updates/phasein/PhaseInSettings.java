// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates.phasein;

import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;

/** Validated settings. */
record PhaseInSettings(Path data, Path publishers, Duration probation) {

    static PhaseInSettings of(PhaseInConfig config) {
        return new PhaseInSettings(
                folder("data.folder", config.data_folder()),
                folder("publishers.folder", config.publishers_folder()),
                duration("probation", config.probation()));
    }

    private static Path folder(String key, String value) {
        Path path = Path.of(value);
        if (value.isBlank() || !Files.isDirectory(path)) {
            throw refused(key, value, "must be an existing folder");
        }
        return path;
    }

    private static Duration duration(String key, String value) {
        try {
            Duration duration = Duration.parse(value);
            if (duration.isNegative() || duration.compareTo(Duration.ofMinutes(5)) > 0) {
                throw refused(key, value, "must be PT0S to PT5M");
            }
            return duration;
        } catch (DateTimeParseException e) {
            throw new StreamException(
                    CoreError.INVALID_CONFIGURATION,
                    PhaseInConfig.PID + " " + key + "=" + value + ": not a duration",
                    e);
        }
    }

    private static StreamException refused(String key, String value, String rule) {
        return new StreamException(
                CoreError.INVALID_CONFIGURATION, PhaseInConfig.PID + " " + key + "=" + value + ": " + rule);
    }
}
