// SPDX-License-Identifier: Apache-2.0
package io.nvremote.keys.file;

import io.nvremote.lib.settings.Settings;
import java.nio.file.Path;

/** {@link FolderKeysConfig}, checked. */
record FolderKeysSettings(Path folder) {

    static FolderKeysSettings of(FolderKeysConfig config) {
        return new FolderKeysSettings(new Settings(FolderKeysConfig.PID).path("folder", config.folder()));
    }
}
