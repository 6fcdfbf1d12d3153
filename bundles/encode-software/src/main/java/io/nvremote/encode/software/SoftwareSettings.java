// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.software;

import io.nvremote.lib.settings.Settings;
import java.util.Map;

/**
 * Checked configuration.
 *
 * @param threads threads for each picture, and slices of H.264
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

    private static final Settings READER = new Settings(SoftwareConfig.PID);

    SoftwareSettings {
        READER.integer("threads", threads, 1, 16);
        READER.integer("sessions.max", sessionsMax, 1, 256);
    }

    /** The defaults of {@link SoftwareConfig}. */
    static SoftwareSettings standard() {
        return new SoftwareSettings(2, 8, Library.AUTO);
    }

    static SoftwareSettings of(SoftwareConfig config) {
        return new SoftwareSettings(
                config.threads(), config.sessions_max(), READER.choice("library", config.library(), Library.class));
    }

    /** As a worker is told them. */
    Map<String, String> toMap() {
        return Map.of(
                "threads",
                Integer.toString(threads),
                "sessions.max",
                Integer.toString(sessionsMax),
                "library",
                library.name());
    }

    /** What {@link #toMap} made. */
    static SoftwareSettings of(Map<String, String> told) {
        return new SoftwareSettings(
                Integer.parseInt(told.getOrDefault("threads", "")),
                Integer.parseInt(told.getOrDefault("sessions.max", "")),
                Library.valueOf(told.getOrDefault("library", "")));
    }
}
