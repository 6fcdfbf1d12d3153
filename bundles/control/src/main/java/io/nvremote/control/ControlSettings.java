// SPDX-License-Identifier: Apache-2.0
package io.nvremote.control;

import io.nvremote.lib.settings.Settings;
import java.nio.file.Path;
import java.time.Duration;

/** Validated settings of the role. Immutable. */
record ControlSettings(Path dataFolder, Duration answerPatience, Duration hostSilence) {

    private static final Settings READER = new Settings(ControlConfig.PID);

    static ControlSettings of(ControlConfig config) {
        return new ControlSettings(
                READER.path("data.folder", config.data_folder()),
                READER.duration(
                        "answer.patience", config.answer_patience(), Duration.ofSeconds(1), Duration.ofSeconds(9)),
                READER.duration("host.silence", config.host_silence(), Duration.ofSeconds(30), Duration.ofMinutes(10)));
    }
}
