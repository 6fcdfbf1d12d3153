// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media.worker;

import io.nvremote.gpu.GpuSensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Workers that run the test's own class path: real processes, without a framework. */
final class TestHall {

    private TestHall() {}

    static WorkerHall open() {
        return open(WorkerSettings.standard());
    }

    static WorkerHall open(WorkerSettings settings) {
        return open(settings, null);
    }

    static WorkerHall open(WorkerSettings settings, @Nullable GpuSensor gpu) {
        try {
            return new WorkerHall(settings, Folders.create(null), new ClassPathCode(), new GpuFaults(() -> gpu));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
