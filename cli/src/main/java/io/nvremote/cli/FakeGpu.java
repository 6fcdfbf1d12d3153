// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The NVIDIA driver of the tests, which has no GPU: what it makes are pictures of the CPU by the driver's rules. */
final class FakeGpu {

    private FakeGpu() {}

    /** Compiles it into a folder of the demo's, which is a machine of its own; what a person has to know of it. */
    static String build(Path home, Path folder) {
        Path driver = folder.resolve("fake-gpu");
        try {
            Process build = new ProcessBuilder(
                            home.resolve("tests/fake-drivers/build.sh").toString(), driver.toString())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(build.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (build.waitFor() != 0 || !Files.exists(driver.resolve("libnvidia-fbc.so.1"))) {
                throw new Trouble("the fake NVIDIA driver can't be built: " + said.strip());
            }
            return "NO GPU: the tests' NVIDIA driver, whose pictures X11 shows and the CPU encodes";
        } catch (IOException e) {
            throw new Trouble("the fake NVIDIA driver can't be built", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Trouble("interrupted");
        }
    }
}
