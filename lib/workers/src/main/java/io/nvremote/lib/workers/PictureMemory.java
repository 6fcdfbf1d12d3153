// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.workers;

import io.nvremote.media.Damage;
import io.nvremote.media.Frame;
import io.nvremote.media.HostSurface;
import io.nvremote.media.PixelFormat;
import io.nvremote.media.Size;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The side of picture memory that writes: a few slots in a file, made anew when pictures of another form come. Only the rows that
 * changed since a slot was last written are copied. The reader unlinks the file once it has mapped it.
 *
 * <p><b>Threads.</b> {@link #put} and {@link #close} belong to one at a time; {@link #release} to any.
 */
public final class PictureMemory implements AutoCloseable {

    private static final int SLOTS = 3;
    /** Encoders read rows in steps of their vector width: room behind each plane keeps that inside. */
    private static final int ROOM_BEHIND_BYTES = 64;

    private static final int CHUNK_BYTES = 1 << 20;

    private final Path folder;
    private final String prefix;
    private int made;
    private @Nullable Block block;
    private @Nullable Object damageOf;
    private long sequence;

    /** Files are {@code prefix-1}, {@code prefix-2} … in {@code folder}, which only its owner may enter. */
    public PictureMemory(Path folder, String prefix) {
        this.folder = folder;
        this.prefix = prefix;
    }

    /**
     * Copies a picture into a free slot, which is then held until {@link #release}.
     *
     * @return null if the other side holds all slots
     */
    public @Nullable PictureNote put(Frame frame) throws IOException {
        HostSurface surface = frame.host();
        Block into = block;
        if (into == null || !into.isFor(surface)) {
            close();
            into = new Block(folder.resolve(prefix + "-" + ++made), surface);
            block = into;
        }
        BitSet changed = changed(frame);
        return into.put(surface, changed, frame);
    }

    /** Rows that differ from the picture before; null if that is not known. */
    private @Nullable BitSet changed(Frame frame) {
        Damage damage = frame.damage();
        Object session = damage == null ? null : damage.session();
        boolean follows = session != null && session == damageOf && frame.sequence() == sequence + 1;
        damageOf = session;
        sequence = frame.sequence();
        return damage != null && follows ? damage.rows() : null;
    }

    /** The other side needs this slot no longer. Slots of memory that is no more are nobody's. */
    public void release(String file, int slot) {
        Block at = block;
        if (at != null && at.name.equals(file) && slot >= 0 && slot < SLOTS) {
            at.slots.get(slot).held = false;
        }
    }

    /** Unmaps the memory; what the other side still reads is its own mapping. Idempotent. */
    @Override
    public void close() throws IOException {
        Block last = block;
        block = null;
        if (last != null) {
            last.arena.close();
            Files.deleteIfExists(last.file);
        }
    }

    private static final class Slot {
        private final List<PictureNote.Plane> planes = new ArrayList<>();
        private final BitSet stale = new BitSet();
        private volatile boolean held;
    }

    private static final class Block {

        private final Path file;
        private final String name;
        private final PixelFormat format;
        private final Size size;
        private final Arena arena = Arena.ofShared();
        private final MemorySegment memory;
        private final List<Slot> slots = new ArrayList<>();

        Block(Path file, HostSurface form) throws IOException {
            this.file = file;
            this.name = String.valueOf(file.getFileName());
            this.format = form.format();
            this.size = form.size();
            long end = 0;
            for (int i = 0; i < SLOTS; i++) {
                Slot slot = new Slot();
                for (HostSurface.Plane plane : form.planes()) {
                    long bytes = plane.memory().byteSize();
                    slot.planes.add(new PictureNote.Plane(end, bytes, plane.strideBytes()));
                    end += (bytes + 2L * ROOM_BEHIND_BYTES - 1) / ROOM_BEHIND_BYTES * ROOM_BEHIND_BYTES;
                }
                slot.stale.set(0, form.size().height());
                slots.add(slot);
            }
            try (FileChannel channel = FileChannel.open(
                    file,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
                fill(channel, end);
                memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, end, arena);
            } catch (IOException | RuntimeException e) {
                arena.close();
                Files.deleteIfExists(file);
                throw e;
            }
        }

        /** Room that is there: writing to a mapped file for which there is none ends a process. */
        private static void fill(FileChannel channel, long bytes) throws IOException {
            ByteBuffer zeros = ByteBuffer.allocate(CHUNK_BYTES);
            for (long written = 0; written < bytes; ) {
                zeros.position(0).limit((int) Math.min(CHUNK_BYTES, bytes - written));
                written += channel.write(zeros);
            }
        }

        boolean isFor(HostSurface surface) {
            return surface.format().equals(format) && surface.size().equals(size) && sameLayout(surface.planes());
        }

        private boolean sameLayout(List<HostSurface.Plane> planes) {
            for (int i = 0; i < planes.size(); i++) {
                PictureNote.Plane here = slots.getFirst().planes.get(i);
                if (planes.get(i).strideBytes() != here.strideBytes()
                        || planes.get(i).memory().byteSize() != here.bytes()) {
                    return false;
                }
            }
            return true;
        }

        @Nullable
        PictureNote put(HostSurface surface, @Nullable BitSet changed, Frame frame) {
            for (Slot slot : slots) {
                if (changed == null) {
                    slot.stale.set(0, size.height());
                } else {
                    slot.stale.or(changed);
                }
            }
            for (int i = 0; i < SLOTS; i++) {
                Slot slot = slots.get(i);
                if (!slot.held) {
                    copy(surface, slot);
                    slot.held = true;
                    return new PictureNote(
                            name,
                            memory.byteSize(),
                            i,
                            format,
                            size,
                            slot.planes,
                            frame.sequence(),
                            frame.stamps(),
                            changed);
                }
            }
            return null;
        }

        private void copy(HostSurface from, Slot to) {
            for (int i = 0; i < from.planes().size(); i++) {
                HostSurface.Plane plane = from.planes().get(i);
                long place = to.planes.get(i).offset();
                if (from.planes().size() > 1) {
                    MemorySegment.copy(
                            plane.memory(), 0, memory, place, plane.memory().byteSize());
                    continue;
                }
                int height = from.size().height();
                for (int row = to.stale.nextSetBit(0); row >= 0 && row < height; ) {
                    int end = Math.min(to.stale.nextClearBit(row), height);
                    long at = (long) row * plane.strideBytes();
                    long bytes = Math.min(
                            (long) (end - row) * plane.strideBytes(),
                            plane.memory().byteSize() - at);
                    MemorySegment.copy(plane.memory(), at, memory, place + at, bytes);
                    row = to.stale.nextSetBit(end);
                }
            }
            to.stale.clear();
        }
    }
}
