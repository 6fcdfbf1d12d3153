// SPDX-License-Identifier: Apache-2.0
package io.nvremote.capture.nvfbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.nvremote.tests.drivers.FakeDriver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/** The fake driver, and the display that it opens. */
final class FakeMachine {

    private FakeMachine() {}

    /** In a folder of its own within {@code folder}. */
    static FakeDriver driver(Path folder, Map<String, Long> behaviour) {
        if (!FakeDriver.isThere()) {
            String lacks = "a C compiler and openh264: install the Debian packages gcc, libc6-dev and libopenh264-7";
            if ("true".equals(System.getenv("CI"))) {
                fail("the fake driver needs " + lacks);
            }
            Assumptions.abort("NOT PROVEN: NvFBC on the fake driver, which needs " + lacks);
        }
        try {
            return FakeDriver.install(Files.createTempDirectory(folder, "machine"), behaviour);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static NvfbcSettings settings(FakeDriver driver, String output) {
        return NvfbcSettings.of(Map.of("driver.folder", driver.folder().toString(), "output", output));
    }

    /** The environment's DISPLAY as native code of this process sees it: the driver asks for nothing else. */
    @SuppressWarnings("restricted") // the C library's own
    static void display(String name) {
        try (Arena arena = Arena.ofConfined()) {
            Linker linker = Linker.nativeLinker();
            int result = (int) linker.downcallHandle(
                            linker.defaultLookup().findOrThrow("setenv"),
                            FunctionDescriptor.of(
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.ADDRESS,
                                    ValueLayout.ADDRESS,
                                    ValueLayout.JAVA_INT))
                    .invokeExact(arena.allocateFrom("DISPLAY"), arena.allocateFrom(name), 1);
            assertThat(result).isZero();
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
