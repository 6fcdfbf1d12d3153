// SPDX-License-Identifier: Apache-2.0
package io.nvremote.input.x11;

import io.nvremote.lib.settings.Settings;
import java.util.regex.Pattern;

/**
 * Checked configuration.
 *
 * @param display an X display name, or empty for the environment's
 */
record X11Settings(String display) {

    private static final Pattern DISPLAY = Pattern.compile("([A-Za-z0-9_.-]*:\\d{1,5}(\\.\\d{1,2})?)?");

    X11Settings {
        new Settings(X11Config.PID).text("display", display, DISPLAY, "like :0, or empty");
    }

    static X11Settings of(X11Config config) {
        return new X11Settings(config.display());
    }
}
