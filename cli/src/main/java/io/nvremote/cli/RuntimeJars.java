// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** This program and bundles of the runtimes as one class path, for a process without a framework. */
final class RuntimeJars {

    private static final String INSIDE = "jar/";

    /** By the beginnings of their names. The host's log is not among them: a worker process brings its own. */
    private static final Set<String> NEEDED = Set.of(
            "io.nvremote.core-",
            "io.nvremote.media.",
            "io.nvremote.encode.api-",
            "io.nvremote.encode.nvenc-",
            "io.nvremote.decode.",
            "io.nvremote.capture.api-",
            "io.nvremote.capture.nvfbc-",
            "io.nvremote.capture.x11-",
            "io.nvremote.testcard.api-",
            "io.nvremote.worker.",
            "io.nvremote.gpu.",
            "io.nvremote.wrap.ffmpeg-",
            "javacpp-",
            "jna-",
            "slf4j-api-");

    private RuntimeJars() {}

    /** @param work gets the bundles */
    static List<Path> classPath(Path home, Path work) throws IOException {
        Path folder = Files.createDirectories(work.resolve("jars"));
        List<Path> found = new ArrayList<>();
        found.add(own());
        for (String runtime : List.of("host-agent", "client")) {
            Path jar = home.resolve("runtimes/" + runtime + "/target/" + runtime + ".jar");
            if (!Files.exists(jar)) {
                throw new Trouble("runtime " + runtime + " is not built; run ./build -DskipTests package");
            }
            try (ZipFile bundles = new ZipFile(jar.toFile())) {
                for (ZipEntry entry : (Iterable<ZipEntry>) bundles.stream().map(each -> (ZipEntry) each)::iterator) {
                    take(bundles, entry, folder, found);
                }
            }
        }
        return found;
    }

    private static void take(ZipFile bundles, ZipEntry entry, Path folder, List<Path> found) throws IOException {
        if (!entry.getName().startsWith(INSIDE)) {
            return;
        }
        String name = entry.getName().substring(INSIDE.length());
        Path file = folder.resolve(name);
        if (NEEDED.stream().anyMatch(name::startsWith) && !name.contains("/") && !Files.exists(file)) {
            try (InputStream in = bundles.getInputStream(entry)) {
                Files.copy(in, file);
            }
            found.add(file);
        }
    }

    private static Path own() {
        try {
            return Path.of(RuntimeJars.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
