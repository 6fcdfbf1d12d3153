// SPDX-License-Identifier: Apache-2.0
package io.nvremote.gpu.nvml;

import static org.junit.jupiter.api.Assertions.fail;

import io.nvremote.tests.drivers.FakeDriver;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/** The fake driver, where there is one. */
final class FakeNvml {

    private FakeNvml() {}

    static FakeDriver install(Path folder, Map<String, Long> behaviour) {
        if (!FakeDriver.isThere()) {
            String lacks =
                    "NVML on the fake driver, which needs a C compiler and openh264: gcc, libc6-dev and libopenh264-7";
            if ("true".equals(System.getenv("CI"))) {
                fail(lacks);
            }
            Assumptions.abort("NOT PROVEN: " + lacks);
        }
        return FakeDriver.install(folder, behaviour);
    }
}
