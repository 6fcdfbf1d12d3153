// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.nvenc;

import io.nvremote.core.Clock;
import java.util.Map;

/** The encoder without a framework around it, as a process of its own makes it. */
final class NvencBody {

    private NvencBody() {}

    /** With settings by the keys of {@link NvencConfig}. Whoever takes it closes it. */
    static NvencDevice open(Map<String, String> settings) {
        return new NvencDevice(NvencSettings.of(settings), Clock.system());
    }
}
