// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media.worker;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Workers that run the test's own class path: real processes, without a framework. */
final class TestHall {

    private TestHall() {}

    static WorkerHall open() {
        return open(WorkerSettings.standard());
    }

    static WorkerHall open(WorkerSettings settings) {
        try {
            return new WorkerHall(settings, Folders.create(null), new ClassPathCode());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
