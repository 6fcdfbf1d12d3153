// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.nvenc;

import io.nvremote.core.Clock;
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
import java.time.Duration;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How many of a GPU's sessions our processes use, all together: a slot is a file that is locked as long as a stream runs. The system
 * takes the lock back from a process that dies. Safe for any thread.
 */
final class NvencSlots {

    private static final String OWNER = "unix:uid";
    /** Between two looks whether it is one's turn. */
    private static final Duration PAUSE = Duration.ofMillis(2);

    /** Somebody who counts has each slot for a moment. */
    private static final int LOOKS = 5;

    private final Path folder;
    private final String gpu;
    private final int most;
    private final Clock clock;

    /** {@code folder} is made where there is none, for its owner alone. */
    NvencSlots(Path folder, String gpu, int most, Clock clock) {
        this.folder = folder;
        this.gpu = gpu;
        this.most = most;
        this.clock = clock;
    }

    /** A slot in use until it is closed. */
    interface Slot extends AutoCloseable {
        @Override
        void close();
    }

    /** {@link EncodeError#DEVICE_FULL} if there is none left. */
    Slot take() {
        prepare();
        Slot slot = free(slots());
        for (int i = 0; slot == null && i < LOOKS; i++) {
            clock.sleep(PAUSE);
            slot = free(slots());
        }
        if (slot == null) {
            throw full(most);
        }
        return slot;
    }

    StreamException full(int streams) {
        return new StreamException(
                EncodeError.DEVICE_FULL,
                "all processes together run " + streams + " streams on " + gpu + ", sessions.max is " + most);
    }

    /** Admits a stream while nobody else does, in any process; waits for that. Those who wait have no slot yet. */
    <T> T inTurn(Supplier<T> admission) {
        prepare();
        Path file = folder.resolve(gpu + ".turn");
        Slot turn = free(Stream.of(file));
        while (turn == null) {
            clock.sleep(PAUSE);
            if (Thread.currentThread().isInterrupted()) {
                throw new StreamException(
                        EncodeError.DEVICE_FULL, "interrupted while it waited for its turn on " + gpu);
            }
            turn = free(Stream.of(file));
        }
        try {
            return admission.get();
        } finally {
            turn.close();
        }
    }

    /** Slots in use now. */
    int used() {
        prepare();
        int used = 0;
        for (Path file : slots().filter(Files::exists).toList()) {
            Slot free = free(Stream.of(file));
            if (free == null) {
                used++;
            } else {
                free.close();
            }
        }
        return used;
    }

    private Stream<Path> slots() {
        return IntStream.range(0, most).mapToObj(number -> folder.resolve(gpu + "." + number));
    }

    /** {@link #lock} of the first of these that is free; null if none is. */
    private @Nullable Slot free(Stream<Path> files) {
        try {
            for (Path file : files.toList()) {
                Slot free = lock(file);
                if (free != null) {
                    return free;
                }
            }
            return null;
        } catch (IOException e) {
            throw uncounted(e);
        }
    }

    private void prepare() {
        try {
            StateFiles.ownerFolder(folder);
            checkOwner();
        } catch (IOException e) {
            throw uncounted(e);
        }
    }

    private StreamException uncounted(IOException why) {
        return new StreamException(
                EncodeError.DEVICE_UNAVAILABLE, "streams can't be counted in " + folder + ": " + why.getMessage(), why);
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
