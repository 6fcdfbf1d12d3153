// SPDX-License-Identifier: Apache-2.0
package io.nvremote.gpu.nvml;

import io.nvremote.lib.settings.Settings;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Checked configuration.
 *
 * @param driverFolder where the driver is; null for wherever the system's linker looks
 */
record NvmlSettings(@Nullable Path driverFolder) {

    private static final Settings READER = new Settings(NvmlConfig.PID);

    static NvmlSettings of(NvmlConfig config) {
        return new NvmlSettings(READER.pathOrNone("driver.folder", config.driver_folder()));
    }

    String library() {
        return driverFolder == null
                ? NvmlLibrary.NAME
                : driverFolder.resolve(NvmlLibrary.NAME).toString();
    }
}
