// SPDX-License-Identifier: Apache-2.0
package io.nvremote.control;

import io.nvremote.lib.settings.Settings;
import java.time.Duration;
import java.util.Map;

/** Validated settings of the role. Immutable. */
record ControlSettings(Duration answerPatience, Duration hostSilence) {

    private static final Settings READER = new Settings(ControlConfig.PID);
    private static final Map<String, String> GONE =
            Map.of("data.folder", "write a folder under io.nvremote.keys.file.shared, and move relay-ticket.key there");

    static ControlSettings of(ControlConfig config, Map<String, ?> present) {
        refuseFormer(present);
        return new ControlSettings(
                READER.duration(
                        "answer.patience", config.answer_patience(), Duration.ofSeconds(1), Duration.ofSeconds(9)),
                READER.duration("host.silence", config.host_silence(), Duration.ofSeconds(30), Duration.ofMinutes(10)));
    }

    static void refuseFormer(Map<String, ?> present) {
        READER.defunct(present, GONE);
    }
}
