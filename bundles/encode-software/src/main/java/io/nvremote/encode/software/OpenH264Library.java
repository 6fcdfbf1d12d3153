// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.software;

import io.nvremote.core.StreamException;
import io.nvremote.encode.EncodeError;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Wall: the machine's own {@code libopenh264}. It is built with the assembly that the copy inside FFmpeg's Java build
 * lacks, takes less than half of the time for a picture, and obeys a new rate at once.
 *
 * <p>Only the interface that this was written and tested against is taken: soname 7, version 2.3 ({@code codec_api.h}).
 * Its structures have no version field, so another version's would be read at wrong places. Safe for any thread.
 */
@SuppressWarnings("restricted") // native functions and objects, as codec_api.h declares them
final class OpenH264Library {

    private static final String NAME = "libopenh264.so.7";
    private static final int MAJOR = 2;
    private static final int MINOR = 3;
    private static final int FUNCTIONS = 9;

    private static final AddressLayout ADDRESS = ValueLayout.ADDRESS;
    private static final MemoryLayout TABLE = MemoryLayout.sequenceLayout(FUNCTIONS, ADDRESS);
    private static final AddressLayout LEADS_TO_TABLE = ADDRESS.withTargetLayout(TABLE);
    /** {@code ISVCEncoder}: its first word leads to the table of its virtual functions. */
    private static final AddressLayout LEADS_TO_ENCODER =
            ADDRESS.withTargetLayout(MemoryLayout.sequenceLayout(1, LEADS_TO_TABLE));

    /** The virtual functions of {@code ISVCEncoder} that are used. */
    enum Function {
        INITIALIZE_EXT(1),
        GET_DEFAULT_PARAMS(2),
        UNINITIALIZE(3),
        ENCODE_FRAME(4),
        FORCE_INTRA_FRAME(6),
        SET_OPTION(7);

        private final int place;

        Function(int place) {
            this.place = place;
        }
    }

    private final MethodHandle create;
    private final MethodHandle destroy;
    private final MethodHandle withNothing;
    private final MethodHandle withAddress;
    private final MethodHandle withTwoAddresses;
    private final MethodHandle withTwoNumbers;
    private final MethodHandle withOption;

    /** Opens the library; {@link EncodeError#DEVICE_UNAVAILABLE} says what to install. */
    OpenH264Library() {
        SymbolLookup symbols;
        try {
            symbols = SymbolLookup.libraryLookup(NAME, Arena.global());
        } catch (IllegalArgumentException e) {
            throw new StreamException(
                    EncodeError.DEVICE_UNAVAILABLE, NAME + " can't be loaded: install libopenh264-7", e);
        }
        Linker linker = Linker.nativeLinker();
        ValueLayout.OfInt number = ValueLayout.JAVA_INT;
        create = linker.downcallHandle(
                symbols.findOrThrow("WelsCreateSVCEncoder"), FunctionDescriptor.of(number, ADDRESS));
        destroy =
                linker.downcallHandle(symbols.findOrThrow("WelsDestroySVCEncoder"), FunctionDescriptor.ofVoid(ADDRESS));
        withNothing = linker.downcallHandle(FunctionDescriptor.of(number, ADDRESS));
        withAddress = linker.downcallHandle(FunctionDescriptor.of(number, ADDRESS, ADDRESS));
        withTwoAddresses = linker.downcallHandle(FunctionDescriptor.of(number, ADDRESS, ADDRESS, ADDRESS));
        withTwoNumbers =
                linker.downcallHandle(FunctionDescriptor.of(number, ADDRESS, ValueLayout.JAVA_BOOLEAN, number));
        withOption = linker.downcallHandle(FunctionDescriptor.of(number, ADDRESS, number, ADDRESS));
        check(linker.downcallHandle(symbols.findOrThrow("WelsGetCodecVersionEx"), FunctionDescriptor.ofVoid(ADDRESS)));
    }

    private static void check(MethodHandle version) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment numbers = arena.allocate(ValueLayout.JAVA_INT, 4);
            version.invokeExact(numbers);
            int major = numbers.getAtIndex(ValueLayout.JAVA_INT, 0);
            int minor = numbers.getAtIndex(ValueLayout.JAVA_INT, 1);
            if (major != MAJOR || minor != MINOR) {
                throw new StreamException(
                        EncodeError.DEVICE_UNAVAILABLE,
                        NAME + " is openh264 " + major + "." + minor + ", " + MAJOR + "." + MINOR + " is needed");
            }
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** A new {@code ISVCEncoder}; whoever asked for it destroys it. */
    MemorySegment create() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment place = arena.allocate(LEADS_TO_ENCODER);
            int result = (int) create.invokeExact(place);
            if (result != 0) {
                throw new StreamException(EncodeError.DEVICE_LOST, "openh264 made no encoder: error " + result);
            }
            return place.get(LEADS_TO_ENCODER, 0);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    void destroy(MemorySegment encoder) {
        try {
            destroy.invokeExact(encoder);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    int call(MemorySegment encoder, Function function) {
        try {
            return (int) withNothing.invokeExact(address(encoder, function), encoder);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    int call(MemorySegment encoder, Function function, MemorySegment argument) {
        try {
            return (int) withAddress.invokeExact(address(encoder, function), encoder, argument);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** {@code EncodeFrame}: codes a picture; where the result lies is written into {@code info}. */
    int encode(MemorySegment encoder, MemorySegment picture, MemorySegment info) {
        try {
            return (int) withTwoAddresses.invokeExact(address(encoder, Function.ENCODE_FRAME), encoder, picture, info);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** {@code ForceIntraFrame}: the next picture of all layers is an IDR. */
    int forceKeyFrame(MemorySegment encoder) {
        try {
            return (int) withTwoNumbers.invokeExact(address(encoder, Function.FORCE_INTRA_FRAME), encoder, true, -1);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    int set(MemorySegment encoder, int option, MemorySegment value) {
        try {
            return (int) withOption.invokeExact(address(encoder, Function.SET_OPTION), encoder, option, value);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private static MemorySegment address(MemorySegment encoder, Function function) {
        return encoder.get(LEADS_TO_TABLE, 0).getAtIndex(ADDRESS, function.place);
    }

    /** A native function throws nothing: what comes is our own refusal, or an error of the virtual machine. */
    private static RuntimeException unexpected(Throwable e) {
        if (e instanceof RuntimeException mine) {
            return mine;
        }
        if (e instanceof Error error) {
            throw error;
        }
        return new IllegalStateException(e);
    }
}
