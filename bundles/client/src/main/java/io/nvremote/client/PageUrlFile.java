// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
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
            Path folder = file.toAbsolutePath().getParent();
            Path fresh = Files.createTempFile(
                    folder,
                    "page",
                    ".tmp",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(fresh, url + "\n");
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new StreamException(
                    CoreError.INVALID_CONFIGURATION,
                    ClientConfig.PID + ": page.url.file must be a file that can be written: " + file,
                    e);
        }
    }
}
