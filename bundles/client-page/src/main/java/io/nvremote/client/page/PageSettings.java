// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client.page;

import io.nvremote.lib.settings.Settings;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** {@link PageConfig}, checked. */
record PageSettings(int port, @Nullable Path urlFile) {

    private static final Settings READER = new Settings(PageConfig.PID);

    static PageSettings of(PageConfig config) {
        return new PageSettings(READER.port("port", config.port()), READER.pathOrNone("url.file", config.url_file()));
    }
}
