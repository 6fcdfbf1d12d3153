// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client.page;

import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import io.nvremote.lib.files.StateFiles;
import io.nvremote.lib.files.StateFiles.Readers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Keeps the page's newest one-time address in a file that only its owner can read; replaced as a whole. */
record PageUrlFile(@Nullable Path file) implements Consumer<String> {

    @Override
    public void accept(String url) {
        if (file == null) {
            return;
        }
        try {
            StateFiles.write(file, url + "\n", Readers.OWNER);
        } catch (IOException e) {
            throw new StreamException(
                    CoreError.INVALID_CONFIGURATION,
                    PageConfig.PID + ": url.file must be a file that can be written: " + file,
                    e);
        }
    }
}
