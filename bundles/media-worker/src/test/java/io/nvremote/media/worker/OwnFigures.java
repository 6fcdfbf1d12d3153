// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media.worker;

import io.nvremote.core.Clock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/** What this process holds, as Linux counts it. */
record OwnFigures(long descriptors, long sharedMappings, long children) {

    static OwnFigures now() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"));
                Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
            return new OwnFigures(
                    open.count(),
                    maps.filter(line -> line.contains("nvremote-workers-")).count(),
                    ProcessHandle.current().children().count());
        }
    }

    /** Those figures, or what they are instead after a while: the last threads that closed something may still be on their way. */
    static OwnFigures settledTo(OwnFigures expected) throws IOException {
        OwnFigures now = now();
        for (int i = 0; i < 500 && !now.equals(expected); i++) {
            Clock.system().sleep(Duration.ofMillis(20));
            now = now();
        }
        return now;
    }
}
