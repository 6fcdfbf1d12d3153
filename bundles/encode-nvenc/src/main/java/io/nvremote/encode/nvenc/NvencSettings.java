// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.nvenc;

import io.nvremote.lib.settings.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Checked configuration.
 *
 * @param gpu UUID; empty for the first GPU with an encoder
 * @param sessionsMax streams at once of all processes on that GPU
 * @param slotsFolder where they are counted
 * @param driverFolder where the driver is; null for wherever the system's linker looks
 */
record NvencSettings(
        String gpu,
        int sessionsMax,
        Path slotsFolder,
        @Nullable Path driverFolder) {

    /** The kernel module's own word, in containers that are given the GPU too. */
    private static final Path LOADED_DRIVER = Path.of("/proc/driver/nvidia/version");

    private static final Settings READER = new Settings(NvencConfig.PID);
    private static final Pattern UUID = Pattern.compile("|GPU-[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    /** As {@link NvencConfig} has them. */
    private static final Map<String, String> DEFAULTS =
            new TreeMap<>(Map.of("gpu", "", "sessions.max", "32", "slots.folder", "", "driver.folder", ""));

    NvencSettings {
        READER.text("gpu", gpu, UUID, "empty or a UUID as nvidia-smi -L prints it");
        READER.integer("sessions.max", sessionsMax, 1, 256);
    }

    static NvencSettings of(NvencConfig config) {
        return of(config.gpu(), config.sessions_max(), config.slots_folder(), config.driver_folder());
    }

    /** From texts, by the same keys; one that is not there has its default, and one that is unknown is refused. */
    static NvencSettings of(Map<String, String> texts) {
        for (String key : texts.keySet()) {
            READER.require(DEFAULTS.containsKey(key), key, texts.get(key), "one of " + DEFAULTS.keySet());
        }
        Map<String, String> all = new TreeMap<>(DEFAULTS);
        all.putAll(texts);
        return of(
                all.getOrDefault("gpu", ""),
                READER.read("sessions.max", all.get("sessions.max"), "1 to 256", Integer::parseInt),
                all.get("slots.folder"),
                all.get("driver.folder"));
    }

    private static NvencSettings of(String gpu, int sessionsMax, @Nullable String slots, @Nullable String driver) {
        Path folder = READER.pathOrNone("slots.folder", slots);
        return new NvencSettings(
                gpu, sessionsMax, folder == null ? ownFolder() : folder, READER.pathOrNone("driver.folder", driver));
    }

    /** As a worker is told them. */
    Map<String, String> toMap() {
        return Map.of(
                "gpu",
                gpu,
                "sessions.max",
                Integer.toString(sessionsMax),
                "slots.folder",
                slotsFolder.toString(),
                "driver.folder",
                driverFolder == null ? "" : driverFolder.toString());
    }

    /** A file that is there where a driver is. Looking costs nothing; a worker for each look would. */
    Path driverMark() {
        return driverFolder == null ? LOADED_DRIVER : driverFolder.resolve(Cuda.NAME);
    }

    boolean driverIsThere() {
        return Files.exists(driverMark());
    }

    private static Path ownFolder() {
        return Path.of(System.getProperty("java.io.tmpdir"), "nvremote-nvenc-" + System.getProperty("user.name"));
    }
}
