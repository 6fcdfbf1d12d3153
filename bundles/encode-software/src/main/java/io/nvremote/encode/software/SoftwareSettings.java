// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.software;

import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import java.util.Arrays;
import java.util.Locale;

/**
 * Checked configuration.
 *
 * @param threads slices, and threads, of each picture
 * @param sessionsMax streams at once
 * @param library whose openh264 codes
 */
record SoftwareSettings(int threads, int sessionsMax, Library library) {

    /** Where openh264 comes from. */
    enum Library {
        /** The machine's where it has one, else the one inside FFmpeg. */
        AUTO,
        SYSTEM,
        FFMPEG
    }

    SoftwareSettings {
        check("threads", threads, 16);
        check("sessions.max", sessionsMax, 256);
    }

    static SoftwareSettings of(SoftwareConfig config) {
        return new SoftwareSettings(config.threads(), config.sessions_max(), library(config.library()));
    }

    private static Library library(String name) {
        return Arrays.stream(Library.values())
                .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst()
                .orElseThrow(() -> new StreamException(
                        CoreError.INVALID_CONFIGURATION,
                        SoftwareConfig.PID + ": library must be auto, system or ffmpeg: " + name));
    }

    private static void check(String key, int value, int max) {
        if (value < 1 || value > max) {
            throw new StreamException(
                    CoreError.INVALID_CONFIGURATION,
                    SoftwareConfig.PID + ": " + key + " must be 1 to " + max + ": " + value);
        }
    }
}
