// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.nvenc;

import io.nvremote.core.StreamException;
import io.nvremote.encode.EncodeError;
import io.nvremote.lib.files.StateFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * How many of a GPU's sessions our processes use, all together: a slot is a file that is locked as long as a stream runs. The system
 * takes the lock back from a process that dies. Safe for any thread.
 */
final class NvencSlots {

    private static final String OWNER = "unix:uid";

    private final Path folder;
    private final String gpu;
    private final int most;

    /** {@code folder} is made where there is none, for its owner alone. */
    NvencSlots(Path folder, String gpu, int most) {
        this.folder = folder;
        this.gpu = gpu;
        this.most = most;
    }

    /** A slot in use until it is closed. */
    interface Slot extends AutoCloseable {
        @Override
        void close();
    }

    /** {@link EncodeError#DEVICE_FULL} if there is none left. */
    Slot take() {
        try {
            StateFiles.ownerFolder(folder);
            checkOwner();
            for (int i = 0; i < most; i++) {
                Slot slot = lock(folder.resolve(gpu + "." + i));
                if (slot != null) {
                    return slot;
                }
            }
        } catch (IOException e) {
            throw new StreamException(
                    EncodeError.DEVICE_UNAVAILABLE, "streams can't be counted in " + folder + ": " + e.getMessage(), e);
        }
        throw new StreamException(
                EncodeError.DEVICE_FULL,
                "all processes together run " + most + " streams on " + gpu + ", sessions.max");
    }

    /** In a folder of somebody else's he could hold all the locks, or let several think that they have the same. */
    private void checkOwner() throws IOException {
        Object own = Files.getAttribute(Path.of("/proc/self"), OWNER);
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                || !own.equals(Files.getAttribute(folder, OWNER, LinkOption.NOFOLLOW_LINKS))) {
            throw new IOException("it is no folder of this process's user");
        }
    }

    private static @Nullable Slot lock(Path file) throws IOException {
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return () -> release(channel);
            }
        } catch (OverlappingFileLockException e) {
            // another stream of this process, be it of another version of this bundle
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        channel.close();
        return null;
    }

    private static void release(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("a slot can't be given back", e);
        }
    }
}
