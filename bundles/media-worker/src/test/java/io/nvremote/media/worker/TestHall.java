// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media.worker;

import io.nvremote.worker.WorkerBody;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Workers that run the test's own class path: real processes, without a framework. */
final class TestHall implements CodeFiles {

    private TestHall() {}

    static WorkerSettings settings() {
        return new WorkerSettings(
                null,
                128,
                1024,
                200,
                Duration.ofSeconds(5),
                Duration.ofSeconds(60),
                3,
                Duration.ofSeconds(60),
                Duration.ofMinutes(10));
    }

    static WorkerHall open() {
        return open(settings());
    }

    static WorkerHall open(WorkerSettings settings) {
        try {
            return new WorkerHall(settings, Folders.create(null), new TestHall());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<Path> boot() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .toList();
    }

    @Override
    public List<Jar> of(Class<?> body) {
        if (!WorkerBody.class.isAssignableFrom(body)) {
            throw new IllegalArgumentException(body.getName());
        }
        return List.of();
    }
}
