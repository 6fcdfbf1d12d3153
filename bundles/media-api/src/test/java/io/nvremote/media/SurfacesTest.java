// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where pictures can be, and how those of other memory come to the CPU. */
class SurfacesTest {

    private static final Size SIZE = new Size(16, 16);
    private static final Surface DEVICE = new DeviceSurface("GPU-1", "worker-7", PixelFormat.BGRA, SIZE, 0xD00D, 64, 1);

    private final AtomicInteger downloads = new AtomicInteger();

    /** A device's memory, copied by hand. */
    private final class Device implements Lease {

        private final Download download = new Download(() -> {
            downloads.incrementAndGet();
            return new HostSurface(
                    PixelFormat.BGRA,
                    SIZE,
                    List.of(new HostSurface.Plane(Arena.ofAuto().allocate(1024), 64)));
        });

        @Override
        public Surface surface() {
            return DEVICE;
        }

        @Override
        public HostSurface host() {
            return download.get();
        }

        @Override
        public Lease hold() {
            return this;
        }

        @Override
        public void release() {}
    }

    @Test
    void a_device_frame_is_downloaded_when_first_asked_for_and_once_for_all_who_hold_it() {
        LentFrame frame = new LentFrame(new Device(), 1, StageStamps.captured(1, 2), null);
        Frame.Retained kept = frame.retain();
        assertThat(frame.size()).isEqualTo(SIZE);
        assertThat(downloads).as("nobody asked for pixels").hasValue(0);
        HostSurface pixels = frame.host();
        assertThat(kept.frame().host()).isSameAs(pixels);
        assertThat(downloads).hasValue(1);
    }

    @Test
    void a_download_that_fails_is_tried_again() {
        AtomicInteger tries = new AtomicInteger();
        Download download = new Download(() -> {
            if (tries.incrementAndGet() == 1) {
                throw new IllegalStateException("the device is busy");
            }
            return new HostSurface(
                    PixelFormat.BGRA,
                    SIZE,
                    List.of(new HostSurface.Plane(Arena.ofAuto().allocate(1024), 64)));
        });
        assertThatThrownBy(download::get).hasMessage("the device is busy");
        assertThat(download.get()).isSameAs(download.get());
    }

    @Test
    void memory_that_the_cpu_can_not_read_is_refused_by_name() {
        Lease without = new Lease() {
            @Override
            public Surface surface() {
                return DEVICE;
            }

            @Override
            public Lease hold() {
                return this;
            }

            @Override
            public void release() {}
        };
        assertThatThrownBy(without::host).hasMessage("the CPU can't read pictures in device GPU-1 in worker-7 BGRA");
    }

    @Test
    void a_shared_file_is_mapped_plane_by_plane(@TempDir Path folder) throws IOException {
        byte[] bytes = new byte[100 + 256 + 128];
        bytes[100] = 41;
        bytes[356] = 42;
        Path file = Files.write(folder.resolve("picture"), bytes);
        SharedSurface shared = new SharedSurface(
                file,
                PixelFormat.NV12,
                SIZE,
                List.of(new SharedSurface.Part(100, 256, 16), new SharedSurface.Part(356, 128, 16)));
        try (Arena arena = Arena.ofConfined()) {
            HostSurface mapped = shared.map(arena);
            assertThat(mapped.planes().get(0).memory().get(ValueLayout.JAVA_BYTE, 0))
                    .isEqualTo((byte) 41);
            assertThat(mapped.planes().get(1).memory().get(ValueLayout.JAVA_BYTE, 0))
                    .isEqualTo((byte) 42);
        }
        assertThat(shared.kind()).isNotEqualTo(SurfaceKind.host(PixelFormat.NV12));
    }
}
