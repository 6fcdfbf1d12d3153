// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media.worker;

import io.nvremote.core.StreamException;
import io.nvremote.encode.EncodeError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** What native code of a plugin does to its process. */
@SuppressWarnings("restricted") // it is what a native library would do
enum Misdeed {
    NONE,
    KILLED,
    STOPPED,
    WRITES_TO_ADDRESS_0,
    ABORTS,
    EXITS,
    HALTS,
    SPINS,
    WAITS_FOR_EVER,
    STARTS_ENDLESS_THREADS,
    FILLS_THE_HEAP,
    FILLS_NATIVE_MEMORY,
    SENDS_HALF_A_MESSAGE,
    SENDS_GARBAGE,
    SENDS_A_HUGE_LENGTH,
    CLOSES_THE_SOCKET,
    LOSES_ITS_DEVICE;

    private static final int CHUNK_BYTES = 16 << 20;
    private static final List<byte[]> KEPT = new ArrayList<>();

    /** Does it; where a folder for markers is set, once for each picture, whichever worker has it: a file says that it was done. */
    static void of(Map<String, String> settings, long sequence) {
        String markers = settings.getOrDefault("markers", "");
        try {
            if (!markers.isEmpty()) {
                Path marker = Path.of(markers, Long.toString(sequence));
                if (Files.exists(marker)) {
                    return;
                }
                Files.createFile(marker);
            }
            valueOf(settings.getOrDefault("misdeed", NONE.name())).commit();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void commit() throws IOException {
        switch (this) {
            case NONE -> {}
            case KILLED -> signal("KILL");
            case STOPPED -> signal("STOP");
            case WRITES_TO_ADDRESS_0 ->
                MemorySegment.ofAddress(0).reinterpret(8).set(ValueLayout.JAVA_INT, 0, 1);
            case ABORTS -> abort();
            case EXITS -> System.exit(7);
            case HALTS -> Runtime.getRuntime().halt(0);
            case SPINS -> spin();
            case WAITS_FOR_EVER -> park();
            case STARTS_ENDLESS_THREADS -> {
                while (true) {
                    Thread.ofPlatform().daemon().start(Misdeed::park);
                }
            }
            case FILLS_THE_HEAP -> {
                while (true) {
                    KEPT.add(new byte[CHUNK_BYTES]);
                }
            }
            case FILLS_NATIVE_MEMORY -> {
                while (true) {
                    Arena.global().allocate(CHUNK_BYTES, 8).fill((byte) 1);
                }
            }
            case SENDS_HALF_A_MESSAGE -> {
                send(new byte[] {40, 0, 0, 0, 7, 0, 1, 0, 1, 0, 0});
                Runtime.getRuntime().halt(0);
            }
            case SENDS_GARBAGE -> send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            case SENDS_A_HUGE_LENGTH -> send(new byte[] {-1, -1, -1, -1, 7, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0});
            case CLOSES_THE_SOCKET -> shutDown();
            case LOSES_ITS_DEVICE -> throw new StreamException(EncodeError.DEVICE_LOST, "CUDA answers 700");
        }
    }

    private static void spin() {
        long turns = 0;
        while (turns >= 0) {
            turns = (turns + 1) & Long.MAX_VALUE;
        }
    }

    private static void park() {
        while (true) {
            LockSupport.park();
        }
    }

    private static void signal(String name) throws IOException {
        new ProcessBuilder(
                        "kill",
                        "-" + name,
                        Long.toString(ProcessHandle.current().pid()))
                .inheritIO()
                .start();
        park();
    }

    private static void abort() {
        try {
            function("abort", FunctionDescriptor.ofVoid()).invokeExact();
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Bytes on the worker's own socket, past its protocol. */
    private static void send(byte[] bytes) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
            for (int socket : sockets()) {
                long written = (long) function(
                                "write",
                                FunctionDescriptor.of(
                                        ValueLayout.JAVA_LONG,
                                        ValueLayout.JAVA_INT,
                                        ValueLayout.ADDRESS,
                                        ValueLayout.JAVA_LONG))
                        .invokeExact(socket, memory, (long) bytes.length);
                if (written == bytes.length) {
                    return;
                }
            }
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
        throw new IOException("no socket took it");
    }

    private static void shutDown() throws IOException {
        try {
            for (int socket : sockets()) {
                int result = (int) function(
                                "shutdown",
                                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT))
                        .invokeExact(socket, 2);
                assert result <= 0;
            }
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static MethodHandle function(String name, FunctionDescriptor form) {
        return Linker.nativeLinker()
                .downcallHandle(Linker.nativeLinker().defaultLookup().find(name).orElseThrow(), form);
    }

    /** Java keeps one of its own beside the worker's, which takes nothing. */
    private static List<Integer> sockets() throws IOException {
        List<Integer> sockets = new ArrayList<>();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors.toList()) {
                if (Files.isSymbolicLink(descriptor)
                        && Files.readSymbolicLink(descriptor).toString().startsWith("socket:")) {
                    sockets.add(Integer.parseInt(descriptor.getFileName().toString()));
                }
            }
        }
        return sockets;
    }
}
