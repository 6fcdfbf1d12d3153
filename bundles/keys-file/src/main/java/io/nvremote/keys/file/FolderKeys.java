// SPDX-License-Identifier: Apache-2.0
package io.nvremote.keys.file;

import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import io.nvremote.keys.SharedKeys;
import io.nvremote.lib.files.StateFiles;
import io.nvremote.lib.files.StateFiles.Readers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.Designate;

/** Keys as files that only their owner can read, for the one process of this folder. */
@Designate(ocd = FolderKeysConfig.class)
@Component(configurationPid = FolderKeysConfig.PID, configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class FolderKeys implements SharedKeys {

    private static final Pattern NAME = Pattern.compile("[a-z0-9]+([.-][a-z0-9]+)*");

    private final Path folder;

    @Activate
    public FolderKeys(FolderKeysConfig config) {
        folder = FolderKeysSettings.of(config).folder();
    }

    @Override
    public synchronized byte[] key(String name, Supplier<byte[]> made) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(name + " is no name of a key");
        }
        Path file = folder.resolve(name);
        try {
            StateFiles.ownerFolder(folder);
            if (!Files.exists(file)) {
                StateFiles.write(file, made.get(), Readers.OWNER);
            }
            if (StateFiles.othersCanUse(file)) {
                throw new StreamException(
                        CoreError.INVALID_CONFIGURATION,
                        origin(name) + " can be read by others: chmod 600 it, and delete it if somebody may have");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new StreamException(
                    CoreError.INVALID_CONFIGURATION, origin(name) + " can't be read or made: " + e.getMessage(), e);
        }
    }

    @Override
    public String origin(String name) {
        return "the key file " + folder.resolve(name);
    }
}
