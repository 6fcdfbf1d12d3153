// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.operators;

import io.nvremote.tests.kit.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A local Maven repository with what this build has made, as {@code ./build install} would leave it, and all libraries of the one
 * that this build uses: nothing is installed for a test, and nothing older is met.
 */
final class OwnRepository {

    private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");
    private static final Pattern ARTIFACT = Pattern.compile("<artifactId>(io\\.nvremote\\.[^<]+)</artifactId>");

    private OwnRepository() {}

    /** @param folder gets the repository */
    static Path at(Path folder, Path libraries) throws IOException {
        links(libraries, folder, "io");
        links(libraries.resolve("io"), folder.resolve("io"), "nvremote");
        Path root = Checkout.root();
        put(root, folder, "io.nvremote.parent");
        for (String module : all(MODULE, root.resolve("pom.xml"))) {
            if (module.startsWith("examples/")) {
                continue; // others' bundles
            }
            Path place = root.resolve(module);
            List<String> names = all(ARTIFACT, place.resolve("pom.xml"));
            put(place, folder, names.getFirst().equals("io.nvremote.parent") ? names.get(1) : names.getFirst());
        }
        return folder;
    }

    private static List<String> all(Pattern pattern, Path file) throws IOException {
        return pattern.matcher(Files.readString(file))
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    private static void put(Path module, Path repository, String artifact) throws IOException {
        Matcher version =
                Pattern.compile("<version>([^<]+)</version>").matcher(Files.readString(module.resolve("pom.xml")));
        if (!version.find()) {
            throw new IOException(module + " has no version");
        }
        String name = artifact + "-" + version.group(1);
        Path folder = Files.createDirectories(
                repository.resolve("io/nvremote").resolve(artifact).resolve(version.group(1)));
        Files.copy(module.resolve("pom.xml"), folder.resolve(name + ".pom"));
        Path jar = module.resolve("target/" + name + ".jar");
        if (Files.exists(jar)) {
            Files.createSymbolicLink(folder.resolve(name + ".jar"), jar);
        }
    }

    private static void links(Path from, Path to, String without) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> entries = Files.list(from)) {
            for (Path entry : entries.filter(each -> !each.endsWith(without)).toList()) {
                Files.createSymbolicLink(to.resolve(entry.getFileName()), entry);
            }
        }
    }
}
