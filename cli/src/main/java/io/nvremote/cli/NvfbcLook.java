// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli;

import java.nio.file.Files;
import java.nio.file.Path;

/** Why the screen can't be captured by NVIDIA's driver, as far as that is seen without asking the driver. */
final class NvfbcLook {

    private static final String OTHERWISE = "; without NvFBC the screen is captured by X11";

    private NvfbcLook() {}

    static boolean usable() {
        return Files.exists(Path.of("/proc/driver/nvidia/version")) && Machine.hasLibrary("libnvidia-fbc.so.1");
    }

    /** In one sentence; said only where it is not usable. */
    static String trouble() {
        return Files.exists(Path.of("/proc/driver/nvidia/version"))
                ? "libnvidia-fbc.so.1 is missing: install the driver's libnvidia-fbc1, or give the container the capability display"
                        + OTHERWISE
                : "no NVIDIA driver is loaded: install 440 or newer where there is a GPU with Xorg on it" + OTHERWISE;
    }
}
