// SPDX-License-Identifier: Apache-2.0
package io.nvremote.control;

import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;

/** Validated settings of the role. Immutable. */
record ControlSettings(Path dataFolder, Duration answerPatience, Duration hostSilence) {

    static ControlSettings of(ControlConfig config) {
        if (config.data_folder().isBlank()) {
            throw refused("data.folder", "", "must not be empty");
        }
        return new ControlSettings(
                Path.of(config.data_folder()),
                duration("answer.patience", config.answer_patience(), Duration.ofSeconds(1), Duration.ofSeconds(9)),
                duration("host.silence", config.host_silence(), Duration.ofSeconds(30), Duration.ofMinutes(10)));
    }

    private static Duration duration(String key, String value, Duration least, Duration most) {
        try {
            Duration duration = Duration.parse(value);
            if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
                throw refused(key, value, "must be " + least + " to " + most);
            }
            return duration;
        } catch (DateTimeParseException e) {
            throw new StreamException(
                    CoreError.INVALID_CONFIGURATION,
                    ControlConfig.PID + " " + key + "=" + value + ": not a duration",
                    e);
        }
    }

    private static StreamException refused(String key, String value, String rule) {
        return new StreamException(
                CoreError.INVALID_CONFIGURATION, ControlConfig.PID + " " + key + "=" + value + ": " + rule);
    }
}
