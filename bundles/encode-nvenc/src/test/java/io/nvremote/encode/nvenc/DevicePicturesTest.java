// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.nvenc;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvremote.decode.DecoderSession;
import io.nvremote.decode.software.SoftwareDecoder;
import io.nvremote.encode.EncodeSpec;
import io.nvremote.encode.EncoderSession;
import io.nvremote.media.Codec;
import io.nvremote.media.DeviceSurface;
import io.nvremote.media.Frame;
import io.nvremote.media.HostSurface;
import io.nvremote.media.PixelFormat;
import io.nvremote.media.StageStamps;
import io.nvremote.media.Surface;
import io.nvremote.media.SurfaceKind;
import io.nvremote.tck.TestcardFrames;
import io.nvremote.testcard.TestcardReader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fake driver: pictures that a source has put into the GPU's memory. */
class DevicePicturesTest {

    private static final String GPU = "GPU-f0f0f0f0-f0f0-f0f0-f0f0-f0f0f0f0f0f0";

    @TempDir
    private Path folder;

    private FakeMachine machine;
    private Cuda cuda;
    private Gpu gpu;
    private MemorySegment context;
    private Cuda.Pitched memory;

    /** As a source would: with the context that all of the process share. */
    @BeforeEach
    void source() {
        machine = FakeMachine.with(folder, Map.of());
        cuda = new Cuda(machine.driver().folder());
        gpu = cuda.gpus().getFirst();
        context = cuda.retain(gpu);
        cuda.push(context);
        memory = cuda.allocate(4L * FakeMachine.SIZE.width(), FakeMachine.SIZE.height());
        cuda.pop();
    }

    @AfterEach
    void end() {
        cuda.push(context);
        cuda.free(memory);
        cuda.pop();
        cuda.release(gpu);
        machine.close();
    }

    private DeviceSurface here() {
        return surface(GPU, "", PixelFormat.BGRA, context.address());
    }

    private DeviceSurface surface(String device, String place, PixelFormat format, long address) {
        return new DeviceSurface(
                device, place, format, FakeMachine.SIZE, memory.address(), (int) memory.pitchBytes(), address);
    }

    /** A picture that is where the surface says, and can be downloaded. */
    private static final class Downloadable implements Frame {
        private final Frame picture;
        private final DeviceSurface surface;
        private int downloads;

        Downloadable(Frame picture, DeviceSurface surface) {
            this.picture = picture;
            this.surface = surface;
        }

        @Override
        public Surface surface() {
            return surface;
        }

        @Override
        public HostSurface host() {
            downloads++;
            return picture.host();
        }

        @Override
        public long sequence() {
            return picture.sequence();
        }

        @Override
        public StageStamps stamps() {
            return picture.stamps();
        }

        @Override
        public Retained retain() {
            return picture.retain();
        }
    }

    /** Codes ten pictures and returns how many were downloaded; each is seen as it is. */
    private int downloads(DeviceSurface surface) {
        List<Integer> numbers = new ArrayList<>();
        int downloads = 0;
        EncodeSpec spec = new EncodeSpec(
                Codec.H264,
                FakeMachine.SIZE,
                FakeMachine.SPEC.rate(),
                FakeMachine.SPEC.bitrate(),
                FakeMachine.SPEC.sampling(),
                new SurfaceKind(SurfaceKind.DEVICE, surface.device(), surface.place(), PixelFormat.BGRA));
        try (TestcardFrames cards = new TestcardFrames(FakeMachine.SIZE);
                DecoderSession decoder = SoftwareDecoder.standalone()
                        .open(
                                Codec.H264,
                                frame -> numbers.add(TestcardReader.read(frame.host())
                                        .orElseThrow()
                                        .number()));
                EncoderSession session = machine.device().open(spec, decoder::decode)) {
            for (int i = 0; i < 10; i++) {
                Frame card = cards.next();
                upload(card.host());
                Downloadable frame = new Downloadable(card, surface);
                session.encode(frame, false);
                downloads += frame.downloads;
            }
        }
        assertThat(numbers).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        return downloads;
    }

    private void upload(HostSurface surface) {
        HostSurface.Plane plane = surface.planes().getFirst();
        try (Arena arena = Arena.ofConfined()) {
            cuda.push(context);
            cuda.upload(
                    Cuda.copyParameters(arena),
                    plane.memory(),
                    plane.strideBytes(),
                    memory,
                    0,
                    4L * FakeMachine.SIZE.width(),
                    FakeMachine.SIZE.height());
            cuda.pop();
        }
    }

    @Test
    void a_picture_in_the_same_context_is_read_where_it_is() {
        assertThat(downloads(here())).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "GPU-f1f1f1f1-f1f1-f1f1-f1f1-f1f1f1f1f1f1, '', BGRA, 0",
        GPU + ", worker-1, BGRA, 0",
        GPU + ", '', NV12, 0",
        GPU + ", '', BGRA, 8"
    })
    void a_picture_that_is_elsewhere_is_downloaded(String device, String place, String format, long besides) {
        PixelFormat known = format.equals("BGRA") ? PixelFormat.BGRA : PixelFormat.NV12;
        assertThat(downloads(surface(device, place, known, context.address() + besides)))
                .isEqualTo(10);
    }
}
