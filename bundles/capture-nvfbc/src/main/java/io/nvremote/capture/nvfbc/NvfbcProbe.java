// SPDX-License-Identifier: Apache-2.0
package io.nvremote.capture.nvfbc;

import java.util.Map;

/**
 * What of NvFBC can be asked without an X server, for who asks what a machine can do: {@code ./nvremote gpu-check}. Calls the driver in
 * this process, which a faulty one takes with it. Whatever can't be had is refused as a stream is. For one thread.
 */
public final class NvfbcProbe {

    /** No driver has spoken it, nor will. */
    private static final int NO_VERSION = 0x1;

    private final NvfbcSettings settings;

    /** @param settings by the keys of {@link NvfbcConfig} */
    public NvfbcProbe(Map<String, String> settings) {
        this.settings = NvfbcSettings.of(settings);
    }

    /** Has the driver hand out its functions, in NvFBC's version of this bundle: how many are called here. None of them is missing. */
    public int functions() {
        var unused = new NvfbcLibrary(settings.driverFolder());
        return NvfbcLibrary.Call.values().length;
    }

    /** Whether the driver refuses a version that it does not speak, as one has to that looks at it. */
    public boolean refusesAnotherVersion() {
        return NvfbcLibrary.fill(settings.driverFolder(), NO_VERSION) == NvfbcStatus.API_VERSION;
    }
}
