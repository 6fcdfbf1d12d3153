// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media.worker;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The class path of this process for its workers too, where there is no framework: everything a body needs is on it. */
final class ClassPathCode implements CodeFiles {

    @Override
    public String owner(Class<?> body) {
        return body.getSimpleName();
    }

    @Override
    public List<Path> boot() {
        return Stream.of(System.getProperty("java.class.path", "").split(File.pathSeparator))
                .map(Path::of)
                .toList();
    }

    @Override
    public List<Jar> of(Class<?> body) {
        return List.of();
    }
}
