// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.nvenc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.nvremote.core.StreamException;
import io.nvremote.encode.EncodeError;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Wall: NVENC, the encoder interface of NVIDIA's driver, in the newest version that this driver and we speak. Every function answers
 * a status of {@link NvencStatus}. A session's calls need its context current for the thread. Safe for any thread.
 */
@SuppressWarnings("restricted") // native functions, as NVIDIA declares them
final class NvencLibrary {

    private static final String NAME = "libnvidia-encode.so.1";

    /** Functions by their place in the list that the driver fills. */
    enum Call {
        GET_ENCODE_GUID_COUNT(16),
        GET_ENCODE_GUIDS(40),
        GET_ENCODE_CAPS(64),
        INITIALIZE_ENCODER(96),
        CREATE_BITSTREAM_BUFFER(120),
        DESTROY_BITSTREAM_BUFFER(128),
        ENCODE_PICTURE(136),
        LOCK_BITSTREAM(144),
        UNLOCK_BITSTREAM(152),
        MAP_INPUT_RESOURCE(208),
        UNMAP_INPUT_RESOURCE(216),
        DESTROY_ENCODER(224),
        INVALIDATE_REF_FRAMES(232),
        OPEN_ENCODE_SESSION_EX(240),
        REGISTER_RESOURCE(248),
        UNREGISTER_RESOURCE(256),
        RECONFIGURE_ENCODER(264),
        GET_ENCODE_PRESET_CONFIG_EX(320);

        private final long place;

        Call(long place) {
            this.place = place;
        }

        /** Bytes from the beginning of the list. */
        long place() {
            return place;
        }
    }

    private final NvencStructs structs;
    private final MemorySegment list;
    private final MethodHandle withSession;
    private final MethodHandle withAddress;
    private final MethodHandle withNumber;
    private final MethodHandle withRoom;
    private final MethodHandle withCodec;
    private final MethodHandle withPreset;

    NvencLibrary(@Nullable Path folder) {
        this(folder, NvencStructs::new);
    }

    /** {@code forms} makes the structures of a version. */
    NvencLibrary(@Nullable Path folder, Function<ApiVersion, NvencStructs> forms) {
        DriverLibrary library = new DriverLibrary(folder, NAME);
        Linker linker = Linker.nativeLinker();
        withSession = linker.downcallHandle(FunctionDescriptor.of(JAVA_INT, ADDRESS));
        withAddress = linker.downcallHandle(FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
        withNumber = linker.downcallHandle(FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
        withRoom = linker.downcallHandle(FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, ADDRESS));
        withCodec = linker.downcallHandle(FunctionDescriptor.of(JAVA_INT, ADDRESS, Guid.LAYOUT, ADDRESS, ADDRESS));
        withPreset = linker.downcallHandle(
                FunctionDescriptor.of(JAVA_INT, ADDRESS, Guid.LAYOUT, Guid.LAYOUT, JAVA_INT, ADDRESS));
        structs = forms.apply(newest(library));
        list = structs.allocate(NvencStruct.FUNCTION_LIST, Arena.ofAuto());
        fill(library);
    }

    private static ApiVersion newest(DriverLibrary library) {
        int version = most(library);
        ApiVersion newest = ApiVersion.servedBy(version >> 4, version & 15);
        if (newest == null) {
            throw new StreamException(
                    EncodeError.DEVICE_UNAVAILABLE,
                    "the driver has NVENC " + (version >> 4) + "." + (version & 15)
                            + ", 11.1 is needed: install driver " + ApiVersion.OLDEST_DRIVER + " or newer");
        }
        return newest;
    }

    /** What the driver says is its version; 0 if it says nothing. */
    private static int most(DriverLibrary library) {
        MethodHandle most =
                library.function("NvEncodeAPIGetMaxSupportedVersion", FunctionDescriptor.of(JAVA_INT, ADDRESS));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment number = arena.allocate(JAVA_INT);
            int status = (int) most.invokeExact(number);
            return status == NvencStatus.SUCCESS ? number.get(JAVA_INT, 0) : 0;
        } catch (Throwable e) {
            throw DriverLibrary.unexpected(e);
        }
    }

    /** The driver's own version, also where that is newer than any here. */
    static String driverVersion(@Nullable Path folder) {
        int version = most(new DriverLibrary(folder, NAME));
        return (version >> 4) + "." + (version & 15);
    }

    private void fill(DriverLibrary library) {
        MethodHandle create = library.function("NvEncodeAPICreateInstance", FunctionDescriptor.of(JAVA_INT, ADDRESS));
        try {
            int status = (int) create.invokeExact(list);
            if (status != NvencStatus.SUCCESS) {
                throw NvencStatus.refused(status, "gives no functions");
            }
        } catch (Throwable e) {
            throw DriverLibrary.unexpected(e);
        }
        for (Call each : Call.values()) {
            if (address(each).equals(MemorySegment.NULL)) {
                throw new StreamException(
                        EncodeError.DEVICE_UNAVAILABLE,
                        "the driver has no " + each + ": install driver " + ApiVersion.OLDEST_DRIVER + " or newer");
            }
        }
    }

    NvencStructs structs() {
        return structs;
    }

    ApiVersion api() {
        return structs.api();
    }

    private MemorySegment address(Call call) {
        return list.get(ADDRESS, call.place);
    }

    int call(Call call, MemorySegment session) {
        try {
            return (int) withSession.invokeExact(address(call), session);
        } catch (Throwable e) {
            throw DriverLibrary.unexpected(e);
        }
    }

    /** With a structure, or something that the driver has handed out. */
    int call(Call call, MemorySegment session, MemorySegment argument) {
        try {
            return (int) withAddress.invokeExact(address(call), session, argument);
        } catch (Throwable e) {
            throw DriverLibrary.unexpected(e);
        }
    }

    int invalidate(MemorySegment session, long timestamp) {
        try {
            return (int) withNumber.invokeExact(address(Call.INVALIDATE_REF_FRAMES), session, timestamp);
        } catch (Throwable e) {
            throw DriverLibrary.unexpected(e);
        }
    }

    int codecs(MemorySegment session, MemorySegment guids, int room, MemorySegment count) {
        try {
            return (int) withRoom.invokeExact(address(Call.GET_ENCODE_GUIDS), session, guids, room, count);
        } catch (Throwable e) {
            throw DriverLibrary.unexpected(e);
        }
    }

    int capability(MemorySegment session, MemorySegment codec, MemorySegment query, MemorySegment value) {
        try {
            return (int) withCodec.invokeExact(address(Call.GET_ENCODE_CAPS), session, codec, query, value);
        } catch (Throwable e) {
            throw DriverLibrary.unexpected(e);
        }
    }

    int preset(MemorySegment session, MemorySegment codec, MemorySegment preset, int tuning, MemorySegment config) {
        try {
            return (int) withPreset.invokeExact(
                    address(Call.GET_ENCODE_PRESET_CONFIG_EX), session, codec, preset, tuning, config);
        } catch (Throwable e) {
            throw DriverLibrary.unexpected(e);
        }
    }
}
