// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.nvenc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.nvremote.encode.nvenc.NvencLibrary.Call;
import io.nvremote.media.HostSurface;
import io.nvremote.tests.drivers.FakeDriver;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * NVENC spoken by hand on a context that stays current for the thread, so that a test can say what the encoder never says. Whatever
 * goes wrong shows as a status and in the driver's report.
 */
final class RawStream {

    private final Arena arena = Arena.ofAuto();
    final Cuda cuda;
    final NvencLibrary library;
    final Gpu gpu;
    final MemorySegment context;
    private final Nv12Kernel kernel;
    MemorySegment session = MemorySegment.NULL;
    StreamParameters parameters;
    DevicePicture picture;
    MemorySegment resource = MemorySegment.NULL;
    MemorySegment bitstream = MemorySegment.NULL;
    private long timestamp;

    RawStream(FakeDriver driver, UnaryOperator<NvencStructs> forms) {
        cuda = new Cuda(driver.folder());
        library = new NvencLibrary(driver.folder(), api -> forms.apply(new NvencStructs(api)));
        gpu = cuda.gpus().getFirst();
        context = cuda.retain(gpu);
        cuda.push(context);
        kernel = new Nv12Kernel(cuda);
    }

    /** Opens what a stream has; {@code change} sees CONFIG before it is handed over. */
    RawStream open(Consumer<MemorySegment> change) {
        MemorySegment request = library.structs().allocate(NvencStruct.OPEN_SESSION, arena);
        request.set(JAVA_INT, 4, 1);
        request.set(ADDRESS, 8, context);
        request.set(JAVA_INT, 24, library.api().number());
        MemorySegment place = arena.allocate(ADDRESS);
        check(library.call(Call.OPEN_ENCODE_SESSION_EX, request, place));
        session = place.get(ADDRESS, 0);
        StreamSpec spec =
                new StreamSpec(NvencCodec.H264, FakeMachine.SIZE, FakeMachine.SPEC.rate(), FakeMachine.SPEC.bitrate());
        parameters = new StreamParameters(
                library,
                session,
                spec,
                new Capabilities(FakeMachine.SIZE, FakeMachine.SIZE, true, true, true, true),
                arena);
        change.accept(config());
        check(library.call(Call.INITIALIZE_ENCODER, session, parameters.initialize()));
        picture = new DevicePicture(cuda, kernel, FakeMachine.SIZE);
        resource = register();
        MemorySegment buffer = library.structs().allocate(NvencStruct.BITSTREAM_BUFFER, arena);
        check(library.call(Call.CREATE_BITSTREAM_BUFFER, session, buffer));
        bitstream = buffer.get(ADDRESS, 16);
        return this;
    }

    @SuppressWarnings("restricted") // our own memory
    MemorySegment config() {
        return parameters.initialize().get(ADDRESS, 88).reinterpret(NvencStruct.CONFIG.bytes());
    }

    private MemorySegment register() {
        MemorySegment request = library.structs().allocate(NvencStruct.REGISTER_RESOURCE, arena);
        request.set(JAVA_INT, 4, 1);
        request.set(JAVA_INT, 8, FakeMachine.SIZE.width());
        request.set(JAVA_INT, 12, FakeMachine.SIZE.height());
        request.set(JAVA_INT, 16, (int) picture.memory().pitchBytes());
        request.set(JAVA_LONG, 24, picture.memory().address());
        request.set(JAVA_INT, 40, 1);
        check(library.call(Call.REGISTER_RESOURCE, session, request));
        return request.get(ADDRESS, 32);
    }

    void load(HostSurface surface) {
        picture.load(surface);
    }

    /** Runs the kernel into the picture and does not wait for it. */
    void runWithoutWaiting() {
        Cuda.Pitched from = cuda.allocate(4L * FakeMachine.SIZE.width(), FakeMachine.SIZE.height());
        kernel.launch(from, picture.memory(), FakeMachine.SIZE, cuda.createStream(), Nv12Kernel.arguments(arena));
    }

    /** The resource mapped. */
    MemorySegment map() {
        MemorySegment request = library.structs().allocate(NvencStruct.MAP_RESOURCE, arena);
        request.set(ADDRESS, 16, resource);
        check(library.call(Call.MAP_INPUT_RESOURCE, session, request));
        return request.get(ADDRESS, 24);
    }

    /** The status of coding what is mapped; {@code change} sees the picture's parameters. */
    int encode(MemorySegment mapped, Consumer<MemorySegment> change) {
        MemorySegment request = library.structs().allocate(NvencStruct.PICTURE, arena);
        request.set(JAVA_INT, 4, FakeMachine.SIZE.width());
        request.set(JAVA_INT, 8, FakeMachine.SIZE.height());
        request.set(JAVA_INT, 12, (int) picture.memory().pitchBytes());
        request.set(JAVA_LONG, 24, ++timestamp);
        request.set(ADDRESS, 40, mapped);
        request.set(ADDRESS, 48, bitstream);
        request.set(JAVA_INT, 64, 1);
        request.set(JAVA_INT, 68, 1);
        change.accept(request);
        return library.call(Call.ENCODE_PICTURE, session, request);
    }

    /** One picture from the mapping to the unit's bytes. */
    @SuppressWarnings("restricted") // of the size that the driver says
    byte[] unit(Consumer<MemorySegment> change) {
        MemorySegment mapped = map();
        check(encode(mapped, change));
        MemorySegment request = library.structs().allocate(NvencStruct.LOCK_BITSTREAM, arena);
        request.set(ADDRESS, 8, bitstream);
        check(library.call(Call.LOCK_BITSTREAM, session, request));
        byte[] bytes =
                request.get(ADDRESS, 56).reinterpret(request.get(JAVA_INT, 36)).toArray(JAVA_BYTE);
        check(library.call(Call.UNLOCK_BITSTREAM, session, bitstream));
        check(library.call(Call.UNMAP_INPUT_RESOURCE, session, mapped));
        return bytes;
    }

    /** In the right order. */
    void close() {
        library.call(Call.UNREGISTER_RESOURCE, session, resource);
        library.call(Call.DESTROY_BITSTREAM_BUFFER, session, bitstream);
        library.call(Call.DESTROY_ENCODER, session);
        picture.close();
        leave();
    }

    /** Gives back what was there before the session. */
    void leave() {
        kernel.close();
        cuda.pop();
        cuda.release(gpu);
    }

    static void check(int status) {
        if (status != NvencStatus.SUCCESS) {
            throw NvencStatus.refused(status, "said no");
        }
    }
}
