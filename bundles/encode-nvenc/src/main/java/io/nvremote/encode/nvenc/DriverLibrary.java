// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.nvenc;

import io.nvremote.core.StreamException;
import io.nvremote.encode.EncodeError;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One library of NVIDIA's driver. It stays loaded as long as the process: the driver has threads and handlers of its own, and taking
 * its code away under them is not foreseen.
 */
final class DriverLibrary {

    private final String name;
    private final SymbolLookup symbols;

    /** {@code folder} is null for wherever the system's linker looks. */
    @SuppressWarnings("restricted") // NVIDIA's driver
    DriverLibrary(@Nullable Path folder, String name) {
        this.name = name;
        try {
            symbols = folder == null
                    ? SymbolLookup.libraryLookup(name, Arena.global())
                    : SymbolLookup.libraryLookup(folder.resolve(name), Arena.global());
        } catch (IllegalArgumentException e) {
            throw new StreamException(
                    EncodeError.DEVICE_UNAVAILABLE,
                    name + " can't be loaded" + (folder == null ? "" : " from " + folder)
                            + ": install NVIDIA's driver, or give a container the capability video",
                    e);
        }
    }

    @SuppressWarnings("restricted") // as NVIDIA declares it
    MethodHandle function(String function, FunctionDescriptor type) {
        return Linker.nativeLinker()
                .downcallHandle(
                        symbols.find(function)
                                .orElseThrow(() -> new StreamException(
                                        EncodeError.DEVICE_UNAVAILABLE,
                                        name + " has no " + function + ": install driver " + ApiVersion.OLDEST_DRIVER
                                                + " or newer")),
                        type);
    }

    /** A native function throws nothing: what comes is our own refusal, or an error of the virtual machine. */
    static RuntimeException unexpected(Throwable e) {
        if (e instanceof RuntimeException mine) {
            return mine;
        }
        if (e instanceof Error error) {
            throw error;
        }
        return new IllegalStateException(e);
    }
}
