// SPDX-License-Identifier: Apache-2.0
package io.nvremote.operator;

import io.nvremote.lib.settings.Settings;
import java.nio.file.Path;

/** Validated settings of the operator's way in. Immutable. */
record OperatorSettings(Path socket) {

    private static final Settings READER = new Settings(OperatorConfig.PID);

    static OperatorSettings of(OperatorConfig config) {
        return new OperatorSettings(READER.path("socket", config.socket()));
    }
}
