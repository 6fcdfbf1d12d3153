// SPDX-License-Identifier: Apache-2.0
package io.nvremote.encode.nvenc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.nvremote.core.Bitrate;
import io.nvremote.core.Clock;
import io.nvremote.core.FrameRate;
import io.nvremote.encode.EncodeSpec;
import io.nvremote.media.Codec;
import io.nvremote.media.Size;
import io.nvremote.tests.drivers.FakeDriver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/** A machine with the fake driver and the encoder on it. What is said of it at its end: nothing wrong was done, nothing is left open. */
final class FakeMachine implements AutoCloseable {

    static final Size SIZE = new Size(640, 360);
    static final EncodeSpec SPEC = EncodeSpec.of(Codec.H264, SIZE, new FrameRate(60), Bitrate.ofMegabits(4));

    private final FakeDriver driver;
    private final NvencDevice device;

    private FakeMachine(FakeDriver driver, String gpu, int sessionsMax) {
        this.driver = driver;
        device = new NvencDevice(settings(driver.folder(), gpu, sessionsMax), Clock.system());
    }

    /** In a folder of its own within {@code folder}. */
    static FakeMachine with(Path folder, Map<String, Long> behaviour) {
        return new FakeMachine(driver(folder, behaviour), "", 8);
    }

    static FakeMachine with(Path folder, Map<String, Long> behaviour, String gpu, int sessionsMax) {
        return new FakeMachine(driver(folder, behaviour), gpu, sessionsMax);
    }

    static FakeDriver driver(Path folder, Map<String, Long> behaviour) {
        if (!FakeDriver.isThere()) {
            lacks("a C compiler and openh264: install the Debian packages gcc, libc6-dev and libopenh264-7");
        }
        try {
            return FakeDriver.install(Files.createTempDirectory(folder, "machine"), behaviour);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What makes pictures of a codec inside the fake driver. */
    static void needs(Codec codec) {
        if (codec.equals(Codec.AV1) && !FakeDriver.makesAv1()) {
            lacks("libaom: install the Debian package libaom3");
        }
        if (codec.equals(Codec.HEVC) && !FakeDriver.makesHevc()) {
            lacks("libx265: install the Debian package libx265-199");
        }
    }

    /** Where everything has to be there, that is a failure. */
    static void lacks(String what) {
        if ("true".equals(System.getenv("CI"))) {
            fail("the fake driver needs " + what);
        }
        Assumptions.abort("NOT PROVEN: NVENC on the fake driver, which needs " + what);
    }

    static NvencSettings settings(Path driver, String gpu, int sessionsMax) {
        return new NvencSettings(gpu, sessionsMax, driver.resolve("slots"), driver);
    }

    FakeDriver driver() {
        return driver;
    }

    NvencDevice device() {
        return device;
    }

    @Override
    public void close() {
        device.close();
        assertThat(driver.report()).as("what the fake driver says").isEmpty();
        assertThat(driver.open()).as("left open").isEmpty();
    }
}
