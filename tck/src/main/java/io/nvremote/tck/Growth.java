// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a step that is done again and again leaves in this process, as the C library and Linux tell it: memory that was allocated and not
 * given back, memory of the Java heap, open files, mapped files, threads. Figures of the allocator, not of resident memory, so that
 * neither fragments nor garbage count; and the middle of several rounds, so that what the JVM does beside it does not.
 */
record Growth(long nativeBytes, long heapBytes, long files, long mappings, long threads) {

    /** By position in {@code struct mallinfo2} of {@code malloc.h}: what is in use of mapped blocks, and of all others. */
    private static final int MAPPED_BYTES = 4;

    private static final int USED_BYTES = 7;
    private static final int MALLINFO_FIELDS = 10;
    private static final @Nullable MethodHandle MALLINFO = mallinfo();

    private static final int OPENS = LongRun.times(8, 25);
    /** Who opens a process for each stream is opened less often. */
    private static final int SLOW_OPENS = LongRun.times(1, 10);

    private static final long SLOW_NANOS = 100_000_000;
    private static final int SLOW_TRIES = 4;
    private static final int ROUNDS = 5;
    private static final int SLOW_ROUNDS = 2;
    private static final int MEASUREMENTS = 4;

    /** Less than a picture of the smallest size in the smallest format. */
    private static final long OPEN_BYTES = 128 << 10;

    /** A few times are not enough to tell less from what the JVM does meanwhile. */
    private static final long SLOW_OPEN_BYTES = 1 << 20;

    /** Of a session, from open to close. */
    static void assertNoneBySession(Runnable session) {
        session.run();
        if (isSlow(session)) {
            assertNone(SLOW_ROUNDS, SLOW_OPENS, SLOW_OPEN_BYTES, session);
        } else {
            assertNone(ROUNDS, OPENS, OPEN_BYTES, session);
        }
    }

    /** By the quickest of a few: a machine that stands still makes no session slow. */
    private static boolean isSlow(Runnable session) {
        for (int i = 0; i < SLOW_TRIES; i++) {
            long begin = System.nanoTime();
            session.run();
            if (System.nanoTime() - begin <= SLOW_NANOS) {
                return false;
            }
        }
        return true;
    }

    /** Of what is done again and again in one session, so many times in each round. */
    static void assertNoneByStep(int times, long bytesOfOne, Runnable step) {
        repeat(times, step);
        assertNone(ROUNDS, times, bytesOfOne, step);
    }

    /**
     * Does a step in rounds of {@code times} and asserts that it leaves less than so many bytes each time, and nothing else that counts
     * up. Who seems to leave something is measured again: what is left behind is left each time, and what the JVM's compiler takes for itself
     * on a busy machine is not. The step was done before.
     */
    private static void assertNone(int rounds, int times, long bytesOfOne, Runnable step) {
        Growth one = median(rounds, times, step);
        for (int measured = 1; measured < MEASUREMENTS && !one.within(times, bytesOfOne); measured++) {
            one = median(rounds, times, step);
        }
        assertThat(one.within(times, bytesOfOne))
                .as("what %d times left behind: %s; %d bytes each are allowed", times, one, bytesOfOne)
                .isTrue();
    }

    private boolean within(int times, long bytesOfOne) {
        long bytes = times * bytesOfOne;
        long counted = Math.max(files, Math.max(mappings, threads));
        return counted < Math.max(1, times / 2) && nativeBytes < bytes && heapBytes < bytes;
    }

    /** The median of what it grew from any measurement to any later one, by the round (Theil and Sen): single leaps do not count. */
    private static Growth median(int rounds, int times, Runnable step) {
        List<Growth> measured = new ArrayList<>(List.of(now()));
        List<Growth> grown = new ArrayList<>();
        for (int i = 1; i <= rounds; i++) {
            repeat(times, step);
            measured.add(now());
            for (int k = 0; k < i; k++) {
                grown.add(measured.get(i).since(measured.get(k), i - k));
            }
        }
        return new Growth(
                middle(grown.stream().map(Growth::nativeBytes).toList()),
                middle(grown.stream().map(Growth::heapBytes).toList()),
                middle(grown.stream().map(Growth::files).toList()),
                middle(grown.stream().map(Growth::mappings).toList()),
                middle(grown.stream().map(Growth::threads).toList()));
    }

    private static void repeat(int times, Runnable step) {
        for (int i = 0; i < times; i++) {
            step.run();
        }
    }

    private static long middle(List<Long> values) {
        List<Long> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
    }

    private Growth since(Growth before, int rounds) {
        return new Growth(
                (nativeBytes - before.nativeBytes) / rounds,
                (heapBytes - before.heapBytes) / rounds,
                (files - before.files) / rounds,
                (mappings - before.mappings) / rounds,
                (threads - before.threads) / rounds);
    }

    @SuppressWarnings("SystemGc") // what is left when the garbage is gone is the question
    private static Growth now() {
        System.gc();
        long heap = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getCollectionUsage) // as the collector left it
                .filter(Objects::nonNull)
                .mapToLong(MemoryUsage::getUsed)
                .sum();
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"));
                Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
            long mapped = Files.readAllLines(Path.of("/proc/self/maps")).stream()
                    .filter(line -> line.contains(" /"))
                    .count();
            return new Growth(allocated(), heap, files.count(), mapped, threads.count());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long allocated() {
        MethodHandle mallinfo = MALLINFO;
        if (mallinfo == null) {
            return residentBytes();
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = (MemorySegment) mallinfo.invokeExact((SegmentAllocator) arena);
            return info.getAtIndex(ValueLayout.JAVA_LONG, MAPPED_BYTES)
                    + info.getAtIndex(ValueLayout.JAVA_LONG, USED_BYTES);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("mallinfo2 failed", e);
        }
    }

    /** Where the C library is another than glibc. */
    private static long residentBytes() {
        try (Stream<String> status = Files.lines(Path.of("/proc/self/status"))) {
            return status.filter(line -> line.startsWith("RssAnon:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("restricted") // a function of the C library without arguments
    private static @Nullable MethodHandle mallinfo() {
        Linker linker = Linker.nativeLinker();
        MemoryLayout info = MemoryLayout.structLayout(
                Collections.nCopies(MALLINFO_FIELDS, ValueLayout.JAVA_LONG).toArray(MemoryLayout[]::new));
        return linker.defaultLookup()
                .find("mallinfo2")
                .map(function -> linker.downcallHandle(function, FunctionDescriptor.of(info)))
                .orElse(null);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%d bytes of native memory, %d of the heap, %d open files, %d mapped files, %d threads",
                nativeBytes,
                heapBytes,
                files,
                mappings,
                threads);
    }
}
