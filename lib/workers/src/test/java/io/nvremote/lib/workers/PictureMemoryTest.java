// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.workers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvremote.media.Damage;
import io.nvremote.media.Frame;
import io.nvremote.media.HostSurface;
import io.nvremote.media.Lease;
import io.nvremote.media.LentFrame;
import io.nvremote.media.PixelFormat;
import io.nvremote.media.Size;
import io.nvremote.media.StageStamps;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one side wrote is what the other reads, whatever changed in between and whatever is held. */
class PictureMemoryTest {

    @TempDir
    private Path folder;

    private final Random random = new Random(3);

    /** Memory that is nobody's to give back. */
    private record Fixed(HostSurface surface) implements Lease {

        @Override
        public Lease hold() {
            return this;
        }

        @Override
        public void release() {}
    }

    private static HostSurface picture(Arena arena, PixelFormat format, Size size) {
        List<HostSurface.Plane> planes = new ArrayList<>();
        for (int i = 0; i < format.planes(); i++) {
            int stride = (format.equals(PixelFormat.BGRA) ? 4 : 1) * size.width() + 13;
            int rows = i == 0 ? size.height() : (size.height() + 1) / 2;
            planes.add(new HostSurface.Plane(arena.allocate((long) stride * rows + 5), stride));
        }
        return new HostSurface(format, size, planes);
    }

    private void scribble(HostSurface picture, BitSet rows) {
        for (HostSurface.Plane plane : picture.planes()) {
            for (int row = rows.nextSetBit(0); row >= 0; row = rows.nextSetBit(row + 1)) {
                long at = (long) row * plane.strideBytes();
                for (long i = at;
                        i < at + plane.strideBytes() && i < plane.memory().byteSize();
                        i++) {
                    plane.memory().set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt());
                }
            }
        }
    }

    private static Frame frame(HostSurface picture, long sequence, @Nullable Damage damage) {
        return new LentFrame(new Fixed(picture), sequence, StageStamps.captured(1, 2), damage);
    }

    private static void same(HostSurface read, HostSurface written) {
        assertThat(read.size()).isEqualTo(written.size());
        for (int i = 0; i < written.planes().size(); i++) {
            MemorySegment there = read.planes().get(i).memory();
            assertThat(there.mismatch(written.planes().get(i).memory())).isEqualTo(-1);
        }
    }

    /** 3,000 pictures of changing form, with gaps, other sessions and silence about what changed, some held for a while. */
    @Test
    void every_picture_is_read_as_it_was_written() throws IOException {
        List<PixelFormat> formats = List.of(PixelFormat.BGRA, PixelFormat.NV12, PixelFormat.I420);
        try (Arena arena = Arena.ofConfined();
                PictureMemory memory = new PictureMemory(folder, "p");
                PictureView view = new PictureView(folder, memory::release)) {
            Deque<LentFrame> held = new ArrayDeque<>();
            HostSurface picture = picture(arena, PixelFormat.BGRA, new Size(20, 17));
            Object session = new Object();
            long sequence = 0;
            int refused = 0;
            for (int i = 0; i < 3_000; i++) {
                if (random.nextInt(100) == 0) {
                    Size size = new Size(16 + random.nextInt(40), 16 + random.nextInt(40));
                    picture = picture(arena, formats.get(random.nextInt(3)), size);
                }
                if (random.nextInt(50) == 0) {
                    session = new Object();
                }
                sequence += random.nextInt(20) == 0 ? 3 : 1;
                BitSet rows = new BitSet();
                for (int row = 0; row < picture.size().height(); row++) {
                    rows.set(row, random.nextInt(4) == 0);
                }
                scribble(picture, rows);
                boolean silent = random.nextInt(20) == 0;
                PictureNote note = memory.put(frame(picture, sequence, silent ? null : new Damage(session, rows)));
                if (note == null) {
                    refused++;
                    sequence += 7; // a picture that nobody saw: the next one follows none
                    held.removeFirst().close();
                    continue;
                }
                FieldWriter fields = new FieldWriter();
                note.put(fields);
                LentFrame read = view.open(PictureNote.read(new FieldReader(fields.content())), i);
                same(read.host(), picture);
                held.addLast(read);
                if (random.nextInt(3) > 0) {
                    held.removeFirst().close();
                }
            }
            held.forEach(LentFrame::close);
            assertThat(refused).as("pictures for which no slot was free").isPositive();
        }
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).as("files that are left").isEmpty();
        }
    }

    @Test
    void only_rows_that_changed_are_copied() throws IOException {
        try (Arena arena = Arena.ofConfined();
                PictureMemory memory = new PictureMemory(folder, "p");
                PictureView view = new PictureView(folder, memory::release)) {
            HostSurface picture = picture(arena, PixelFormat.BGRA, new Size(16, 16));
            Object session = new Object();
            BitSet none = new BitSet();
            for (int i = 0; i < 4; i++) {
                PictureNote note = memory.put(frame(picture, i, new Damage(session, none)));
                view.open(note, i).close();
            }
            BitSet row = new BitSet();
            row.set(3);
            scribble(picture, BitSet.valueOf(new long[] {0xffff}));
            try (LentFrame read = view.open(memory.put(frame(picture, 4, new Damage(session, row))), 4)) {
                MemorySegment there = read.host().planes().getFirst().memory();
                MemorySegment here = picture.planes().getFirst().memory();
                int stride = picture.planes().getFirst().strideBytes();
                assertThat(there.asSlice(3L * stride, stride).mismatch(here.asSlice(3L * stride, stride)))
                        .isEqualTo(-1);
                assertThat(there.asSlice(4L * stride, stride).mismatch(here.asSlice(4L * stride, stride)))
                        .as("a row that was said not to have changed")
                        .isNotEqualTo(-1);
            }
        }
    }

    /** A view that goes while a picture is held: the picture's memory stays until it is let go. */
    @Test
    void a_held_picture_outlives_the_view_and_the_memory() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            HostSurface picture = picture(arena, PixelFormat.BGRA, new Size(16, 16));
            scribble(picture, BitSet.valueOf(new long[] {0xffff}));
            LentFrame read;
            try (PictureMemory memory = new PictureMemory(folder, "p");
                    PictureView view = new PictureView(folder, memory::release)) {
                read = view.open(memory.put(frame(picture, 0, null)), 0);
            }
            same(read.host(), picture);
            read.close();
        }
    }

    /** A tmpfs of 64 kB: the picture is refused with the system's words, and nothing of it stays. */
    @Test
    void a_full_file_system_refuses_the_picture_and_ends_nobody() throws Exception {
        if (!mount("-t", "tmpfs", "-o", "size=64k", "tmpfs", folder.toString())) {
            assertThat(System.getenv("CI")).as("a file system can be mounted").isNotEqualTo("true");
            Assumptions.abort("NOT PROVEN: picture memory on a full file system, which needs root");
        }
        try (Arena arena = Arena.ofConfined();
                PictureMemory memory = new PictureMemory(folder, "p")) {
            HostSurface picture = picture(arena, PixelFormat.BGRA, new Size(640, 360));
            assertThatThrownBy(() -> memory.put(frame(picture, 0, null)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("No space left");
            try (Stream<Path> left = Files.list(folder)) {
                assertThat(left).isEmpty();
            }
        } finally {
            assertThat(run("umount", folder.toString())).isTrue();
        }
    }

    private static boolean mount(String... options) throws IOException, InterruptedException {
        return run(Stream.concat(Stream.of("mount"), Stream.of(options)).toArray(String[]::new));
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
    }
}
