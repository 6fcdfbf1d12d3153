// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.drivers;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * A driver in a folder of its own: {@code libcuda.so.1} and those that need it, for whoever loads them from there. What it
 * is told to do is in the README of this module. Two folders are two machines. Safe for any thread.
 */
public final class FakeDriver {

    private static final List<String> LIBRARIES =
            List.of("libcuda.so.1", "libnvidia-encode.so.1", "libnvidia-fbc.so.1", "libnvidia-ml.so.1");

    /** As the driver counts them. */
    private static final List<String> KINDS = List.of(
            "contexts",
            "streams",
            "modules",
            "memory",
            "sessions",
            "resources",
            "mappings",
            "bitstreams",
            "handles",
            "captures",
            "events");

    private final Path folder;
    private final MethodHandle set;
    private final MethodHandle left;

    @SuppressWarnings("restricted") // our own library
    private FakeDriver(Path folder) {
        this.folder = folder;
        SymbolLookup symbols = SymbolLookup.libraryLookup(folder.resolve(LIBRARIES.getFirst()), Arena.global());
        Linker linker = Linker.nativeLinker();
        set = linker.downcallHandle(symbols.findOrThrow("fake_set"), FunctionDescriptor.ofVoid(ADDRESS, JAVA_LONG));
        left = linker.downcallHandle(symbols.findOrThrow("fake_left"), FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    }

    /** Whether there is one: it takes a C compiler when this module is built, and openh264 when it runs. */
    public static boolean isThere() {
        return FakeDriver.class.getResource(LIBRARIES.getFirst()) != null && loads("libopenh264.so.7");
    }

    /** Whether its AV1 can be decoded: that takes libaom. */
    public static boolean makesAv1() {
        return loads("libaom.so.3");
    }

    /** Whether its HEVC can be decoded: that takes libx265. */
    public static boolean makesHevc() {
        return loads("libx265.so.199");
    }

    @SuppressWarnings("restricted") // to see whether it is there
    private static boolean loads(String library) {
        try {
            return SymbolLookup.libraryLookup(library, Arena.global()) != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Puts the driver into an empty folder; {@code behaviour} holds for other processes too. */
    public static FakeDriver install(Path folder, Map<String, Long> behaviour) {
        try {
            for (String library : LIBRARIES) {
                try (InputStream in = FakeDriver.class.getResourceAsStream(library)) {
                    Files.copy(Objects.requireNonNull(in, "built without a C compiler"), folder.resolve(library));
                }
            }
            StringBuilder text = new StringBuilder();
            new TreeMap<>(behaviour)
                    .forEach((key, value) ->
                            text.append(key).append('=').append(value).append('\n'));
            Files.writeString(folder.resolve("behaviour"), text);
            return new FakeDriver(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path folder() {
        return folder;
    }

    /** Changes what it does from now on, in this process. */
    public void set(String key, long value) {
        try (Arena arena = Arena.ofConfined()) {
            set.invokeExact(arena.allocateFrom(key), value);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** What programs did that they must never do, in order, and what those that have ended left behind. */
    public List<String> report() {
        try {
            Path file = folder.resolve("report");
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What this process has open now, by kind; empty if that is nothing. */
    public Map<String, Integer> open() {
        Map<String, Integer> found = new TreeMap<>();
        for (int i = 0; i < KINDS.size(); i++) {
            try {
                int count = (int) left.invokeExact(i);
                if (count != 0) {
                    found.put(KINDS.get(i), count);
                }
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }
        return found;
    }
}
