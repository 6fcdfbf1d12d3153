// SPDX-License-Identifier: Apache-2.0
package io.nvremote.input.x11;

import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import java.util.regex.Pattern;

/**
 * Checked configuration.
 *
 * @param display an X display name, or empty for the environment's
 */
record X11Settings(String display) {

    private static final Pattern DISPLAY = Pattern.compile("([A-Za-z0-9_.-]*:\\d{1,5}(\\.\\d{1,2})?)?");

    X11Settings {
        if (!DISPLAY.matcher(display).matches()) {
            throw new StreamException(
                    CoreError.INVALID_CONFIGURATION,
                    X11Config.PID + ": display must look like :0 or be empty: " + display);
        }
    }

    static X11Settings of(X11Config config) {
        return new X11Settings(config.display());
    }
}
