// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli.gpu;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The machine that is checked.
 *
 * @param fakeDriver the folder of the tests' driver, in whose place no GPU is; null for the machine's own
 * @param work a folder for what a check writes
 */
public record CheckMachine(@Nullable Path fakeDriver, Path work) {

    public boolean fake() {
        return fakeDriver != null;
    }

    /** A driver's library as the linker finds it. */
    String library(String name) {
        return fakeDriver == null ? name : fakeDriver.resolve(name).toString();
    }

    /** Settings of the encoder: its streams are counted apart from those of a host agent, up to the driver's own limit. */
    Map<String, String> encoder() {
        return Map.of(
                "driver.folder",
                driverFolder(),
                "slots.folder",
                work.resolve("slots").toString(),
                "sessions.max",
                "256");
    }

    /** Settings of NvFBC. */
    Map<String, String> capture() {
        return Map.of("driver.folder", driverFolder());
    }

    private String driverFolder() {
        return fakeDriver == null ? "" : fakeDriver.toString();
    }

    /** Ends a check that the fake driver has no answer to. */
    void onlyAGpuShows(String what) {
        if (fake()) {
            throw new NotProven("the fake driver can't show it: " + what);
        }
    }
}
