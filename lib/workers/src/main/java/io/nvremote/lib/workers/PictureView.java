// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.workers;

import io.nvremote.media.Damage;
import io.nvremote.media.HostSurface;
import io.nvremote.media.Lease;
import io.nvremote.media.LentFrame;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The side of picture memory that reads. Maps each new file, unlinks it, and lends its pictures; memory that is no longer written stays
 * until the last picture in it is let go.
 *
 * <p><b>Threads.</b> {@link #open} and {@link #close} belong to one at a time; what they lend is let go by any.
 */
public final class PictureView implements AutoCloseable {

    /** Hears that a slot is free. From any thread. */
    @FunctionalInterface
    public interface Released {
        void released(String file, int slot);
    }

    private final Path folder;
    private final Released released;
    private final Object session = new Object();
    private @Nullable Mapped mapped;

    public PictureView(Path folder, Released released) {
        this.folder = folder;
        this.released = released;
    }

    /**
     * The picture, held once until it is closed.
     *
     * @param sequence how the pictures count for who reads them
     * @throws ProtocolFault if there is no such memory
     */
    public LentFrame open(PictureNote note, long sequence) throws IOException {
        Mapped at = mapped;
        if (at == null || !at.file.equals(note.file())) {
            close();
            at = new Mapped(folder, note);
            mapped = at;
        }
        if (note.fileBytes() != at.memory.byteSize()) {
            throw new ProtocolFault("picture memory of another size: " + note.fileBytes());
        }
        Mapped memory = at;
        HostSurface surface = new HostSurface(
                note.format(),
                note.size(),
                note.planes().stream()
                        .map(plane -> new HostSurface.Plane(
                                memory.memory.asSlice(plane.offset(), plane.bytes()), plane.strideBytes()))
                        .toList());
        BitSet changed = note.changed();
        memory.holds.incrementAndGet();
        return new LentFrame(
                new SlotLease(memory, note.slot(), surface),
                sequence,
                note.stamps(),
                changed == null ? null : new Damage(session, changed));
    }

    /** Lets the memory go, once no picture in it is held. Idempotent. */
    @Override
    public void close() {
        Mapped last = mapped;
        mapped = null;
        if (last != null) {
            last.release();
        }
    }

    private static final class Mapped {

        private final String file;
        private final Arena arena = Arena.ofShared();
        private final MemorySegment memory;
        /** One is the view's own. */
        private final AtomicInteger holds = new AtomicInteger(1);

        Mapped(Path folder, PictureNote note) throws IOException {
            file = note.file();
            Path path = folder.resolve(file);
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
                if (channel.size() < note.fileBytes()) {
                    throw new ProtocolFault("picture memory is smaller than said: " + channel.size());
                }
                memory = channel.map(FileChannel.MapMode.READ_ONLY, 0, note.fileBytes(), arena);
                Files.delete(path);
            } catch (IOException | RuntimeException e) {
                arena.close();
                throw e;
            }
        }

        void release() {
            if (holds.decrementAndGet() == 0) {
                arena.close();
            }
        }
    }

    private final class SlotLease implements Lease {

        private final Mapped memory;
        private final int slot;
        private final HostSurface surface;
        private final AtomicInteger holds = new AtomicInteger(1);

        SlotLease(Mapped memory, int slot, HostSurface surface) {
            this.memory = memory;
            this.slot = slot;
            this.surface = surface;
        }

        @Override
        public HostSurface surface() {
            return surface;
        }

        @Override
        public Lease hold() {
            holds.incrementAndGet();
            return this;
        }

        @Override
        public void release() {
            if (holds.decrementAndGet() == 0) {
                released.released(memory.file, slot);
                memory.release();
            }
        }
    }
}
