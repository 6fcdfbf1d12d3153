// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.nvenc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.nvremote.core.Clock;
import io.nvremote.encode.nvenc.NvencLibrary.Call;
import io.nvremote.media.Codec;
import io.nvremote.media.HostSurface;
import io.nvremote.media.Size;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The steps on which the encoder stands, each for itself, for who asks what a machine can do: {@code ./nvremote gpu-check}. Calls the
 * driver in this process, which a faulty one takes with it. Whatever can't be had is refused as a stream is. For one thread.
 */
public final class NvencProbe {

    private static final int ROUNDS = 100;

    private final NvencSettings settings;

    /** @param settings by the keys of {@link NvencConfig} */
    public NvencProbe(Map<String, String> settings) {
        this.settings = NvencSettings.of(settings);
    }

    /** Names of all GPUs by their UUIDs, in CUDA's order. */
    public Map<String, String> gpus() {
        Map<String, String> found = new LinkedHashMap<>();
        cuda().gpus().forEach(gpu -> found.put(gpu.uuid(), gpu.name()));
        return found;
    }

    private Cuda cuda() {
        return new Cuda(settings.driverFolder());
    }

    /** The interface's version of the driver, and the newest that both sides speak, with all its functions there. */
    public List<String> versions() {
        return List.of(
                NvencLibrary.driverVersion(settings.driverFolder()),
                new NvencLibrary(settings.driverFolder()).api().toString());
    }

    /** What a GPU answers to a session in each version that both sides speak: NVENC's statuses by version. */
    public Map<String, Integer> sessions(String uuid) {
        return inContext(uuid, (cuda, context) -> {
            Map<String, Integer> answers = new LinkedHashMap<>();
            ApiVersion newest = new NvencLibrary(settings.driverFolder()).api();
            for (ApiVersion version : ApiVersion.values()) {
                if (newest.atLeast(version)) {
                    answers.put(version.toString(), open(version, context));
                }
            }
            return answers;
        });
    }

    private int open(ApiVersion version, MemorySegment context) {
        NvencLibrary library = new NvencLibrary(settings.driverFolder(), newest -> new NvencStructs(version));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment place = arena.allocate(ADDRESS);
            int status = NvencGpu.open(library, context, place);
            if (status == NvencStatus.SUCCESS) {
                library.call(Call.DESTROY_ENCODER, place.get(ADDRESS, 0));
            }
            return status;
        }
    }

    /** Whether a status says that the GPU has no encoder, and nothing worse. */
    public static boolean meansNoEncoder(int status) {
        return status == NvencStatus.NO_ENCODE_DEVICE || status == NvencStatus.UNSUPPORTED_DEVICE;
    }

    /** What the settings' GPU makes, and for each codec what it can do, in words. */
    public Map<Codec, String> codecs() {
        try (NvencGpu gpu = NvencGpu.open(cuda(), new NvencLibrary(settings.driverFolder()), settings.gpu())) {
            Map<Codec, String> found = new LinkedHashMap<>();
            for (NvencCodec codec : gpu.codecs()) {
                found.put(new Codec(codec.toString()), words(gpu.capabilities(codec)));
            }
            return found;
        }
    }

    private static String words(Capabilities can) {
        return can.sizes()
                + (can.retargets() ? ", live rate" : "")
                + (can.buffers() ? ", own VBV" : "")
                + (can.manyReferences() ? ", several references" : "")
                + (can.invalidates() ? ", references invalidated" : "");
    }

    /** Whether it leaves out references that a client has lost. */
    public boolean invalidates(Codec codec) {
        try (NvencGpu gpu = NvencGpu.open(cuda(), new NvencLibrary(settings.driverFolder()), settings.gpu())) {
            return gpu.capabilities(NvencCodec.of(codec).orElseThrow()).invalidates();
        }
    }

    /**
     * A picture in BGRA, brought to NV12 by the kernel on that GPU: rows of luma, then of chroma. Of an odd size without its last column
     * or row.
     */
    public byte[] nv12(String uuid, HostSurface bgra) {
        Size size = even(bgra);
        return converted(uuid, bgra, (cuda, picture) -> {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment host = arena.allocate((long) size.width() * size.height() * 3 / 2);
                cuda.download(picture.memory(), host, size.width(), size.height() * 3L / 2);
                return host.toArray(JAVA_BYTE);
            }
        });
    }

    /** How long that takes on the GPU with the picture there: the mean of many, in nanoseconds. */
    public long kernelNanos(String uuid, HostSurface bgra) {
        Clock clock = Clock.system();
        return converted(uuid, bgra, (cuda, picture) -> {
            long begin = clock.nanos();
            for (int i = 0; i < ROUNDS; i++) {
                picture.convertAgain();
            }
            return (clock.nanos() - begin) / ROUNDS;
        });
    }

    private static Size even(HostSurface picture) {
        return new Size(picture.size().width() & ~1, picture.size().height() & ~1);
    }

    private interface PictureWork<T> {
        T with(Cuda cuda, DevicePicture picture);
    }

    /** With a picture that was converted. */
    private <T> T converted(String uuid, HostSurface bgra, PictureWork<T> work) {
        return inContext(uuid, (cuda, context) -> {
            try (Nv12Kernel kernel = new Nv12Kernel(cuda);
                    DevicePicture picture = new DevicePicture(cuda, kernel, even(bgra))) {
                picture.load(bgra);
                return work.with(cuda, picture);
            }
        });
    }

    /** Free memory of that GPU, in bytes. */
    public long freeBytes(String uuid) {
        return inContext(uuid, (cuda, context) -> cuda.freeBytes());
    }

    private interface Work<T> {
        T with(Cuda cuda, MemorySegment context);
    }

    private <T> T inContext(String uuid, Work<T> work) {
        Cuda cuda = cuda();
        Gpu gpu = cuda.gpus().stream()
                .filter(each -> each.uuid().equals(uuid))
                .findFirst()
                .orElseThrow();
        MemorySegment context = cuda.retain(gpu);
        try {
            cuda.push(context);
            try {
                return work.with(cuda, context);
            } finally {
                cuda.pop();
            }
        } finally {
            cuda.release(gpu);
        }
    }
}
