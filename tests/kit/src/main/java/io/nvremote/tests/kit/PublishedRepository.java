// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.kit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A local Maven repository as vendors and operators have it: what this build made of our modules as if it had been fetched, and everything that the real
 * one holds of others. Nothing is written into the real one.
 */
public final class PublishedRepository {

    private static final String VERSION = "0.1.0-SNAPSHOT";
    private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");
    private static final Pattern ARTIFACT = Pattern.compile("<artifactId>(io\\.nvremote\\.[^<]+)</artifactId>");
    private static final String OURS = "io/nvremote";

    private PublishedRepository() {}

    /**
     * Makes one in {@code folder}, which is answered.
     *
     * @param real the one that this build uses
     */
    public static Path make(Path folder, Path real) throws IOException {
        link(real, folder, "io");
        link(real.resolve("io"), folder.resolve("io"), "nvremote");
        Path root = Checkout.root();
        String parent = Files.readString(root.resolve("pom.xml"));
        publish(root.resolve("pom.xml"), "io.nvremote.parent", folder);
        List<String> modules =
                MODULE.matcher(parent).results().map(r -> r.group(1)).toList();
        for (String module : modules) {
            Path pom = root.resolve(module).resolve("pom.xml");
            // The first is the parent's where there is one.
            List<String> names = ARTIFACT.matcher(Files.readString(pom))
                    .results()
                    .map(MatchResult::group)
                    .map(tag -> tag.replaceAll("<[^>]*>", ""))
                    .filter(name -> !name.equals("io.nvremote.parent"))
                    .toList();
            if (!names.isEmpty() && !module.startsWith("examples/")) {
                publish(pom, names.getFirst(), folder);
            }
        }
        return folder;
    }

    /** Everything of a folder but one, as links. */
    private static void link(Path from, Path to, String but) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> entries = Files.list(from)) {
            for (Path entry : entries.toList()) {
                if (!entry.endsWith(but)) {
                    Files.createSymbolicLink(to.resolve(from.relativize(entry)), entry.toAbsolutePath());
                }
            }
        }
    }

    private static void publish(Path pom, String artifact, Path folder) throws IOException {
        Path place =
                Files.createDirectories(folder.resolve(OURS).resolve(artifact).resolve(VERSION));
        String file = artifact + "-" + VERSION;
        Files.copy(pom, place.resolve(file + ".pom"));
        Path target = pom.resolveSibling("target");
        for (String name : List.of(file, artifact + "-0.1.0")) {
            if (Files.exists(target.resolve(name + ".jar")) && !Files.exists(place.resolve(file + ".jar"))) {
                Files.createSymbolicLink(
                        place.resolve(file + ".jar"),
                        target.resolve(name + ".jar").toAbsolutePath());
            }
        }
    }
}
