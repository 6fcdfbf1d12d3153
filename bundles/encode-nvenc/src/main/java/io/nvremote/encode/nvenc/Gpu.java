// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.nvenc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * A GPU as CUDA knows it.
 *
 * @param device CUDA's own number, and no other tool's: the UUID says which one it is
 * @param uuid as NVIDIA's tools write it
 */
record Gpu(int device, String uuid, String name) {

    private static final int NAME_BYTES = 128;
    private static final int UUID_BYTES = 16;

    /** All GPUs in CUDA's order; CUDA has been started. */
    static List<Gpu> all(DriverLibrary library) {
        FunctionDescriptor numberOut = FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT);
        MethodHandle countAll = library.function("cuDeviceGetCount", FunctionDescriptor.of(JAVA_INT, ADDRESS));
        MethodHandle find = library.function("cuDeviceGet", numberOut);
        MethodHandle nameOf =
                library.function("cuDeviceGetName", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
        MethodHandle uuidOf = library.function("cuDeviceGetUuid", numberOut);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment number = arena.allocate(JAVA_INT);
            Cuda.check((int) countAll.invokeExact(number), "counts no GPUs");
            int count = number.get(JAVA_INT, 0);
            List<Gpu> found = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                Cuda.check((int) find.invokeExact(number, i), "is not there: number " + i);
                int device = number.get(JAVA_INT, 0);
                MemorySegment name = arena.allocate(NAME_BYTES);
                MemorySegment uuid = arena.allocate(UUID_BYTES);
                Cuda.check((int) nameOf.invokeExact(name, NAME_BYTES - 1, device), "tells no name");
                Cuda.check((int) uuidOf.invokeExact(uuid, device), "tells no UUID");
                found.add(new Gpu(device, written(uuid), name.getString(0)));
            }
            return found;
        } catch (Throwable e) {
            throw DriverLibrary.unexpected(e);
        }
    }

    private static String written(MemorySegment uuid) {
        String hex = HexFormat.of().formatHex(uuid.toArray(JAVA_BYTE));
        return "GPU-" + hex.replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5");
    }
}
