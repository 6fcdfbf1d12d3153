// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.house;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** One bundle as the build made it: its folder, its manifest, its classes. */
record Room(String folder, Attributes manifest, Path classes) {

    /** The roles: orchestration, one per runtime, allowed to import APIs and the core. */
    private static final List<String> ROLES = List.of("control", "gateway", "host", "client");

    private static final List<String> GROUND = List.of("core", "media-api");

    enum Floor {
        GROUND,
        API,
        PROVIDER,
        ROLE
    }

    static Path root() {
        Path here = Path.of("").toAbsolutePath();
        while (!Files.exists(here.resolve("cnf/bom/pom.xml"))) {
            here = here.getParent();
        }
        return here;
    }

    static List<Room> all() throws IOException {
        List<Room> rooms = new ArrayList<>();
        try (Stream<Path> folders = Files.list(root().resolve("bundles"))) {
            for (Path folder : folders.filter(Files::isDirectory).sorted().toList()) {
                rooms.add(of(folder));
            }
        }
        return rooms;
    }

    private static Room of(Path folder) throws IOException {
        Path classes = folder.resolve("target/classes");
        Path file = classes.resolve("META-INF/MANIFEST.MF");
        if (!Files.exists(file)) {
            throw new IllegalStateException(
                    "bundles/" + folder.getFileName() + " is not built: run ./build verify, not this module alone");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return new Room(folder.getFileName().toString(), new Manifest(in).getMainAttributes(), classes);
        }
    }

    Floor floor() {
        if (GROUND.contains(folder)) {
            return Floor.GROUND;
        }
        if (folder.endsWith("-api")) {
            return Floor.API;
        }
        return ROLES.contains(folder) ? Floor.ROLE : Floor.PROVIDER;
    }

    /** The package that the folder's name promises. */
    String packageName() {
        String name = folder.endsWith("-api") ? folder.substring(0, folder.length() - 4) : folder;
        return "io.nvremote." + name.replace('-', '.');
    }

    /** Whether there is an API bundle of the same bare name. */
    boolean apiTookTheName() {
        return Files.isDirectory(root().resolve("bundles").resolve(folder + "-api"));
    }

    String symbolicName() {
        return "io.nvremote." + folder.replace('-', '.');
    }

    Map<String, String> exports() {
        return clauses("Export-Package");
    }

    Map<String, String> imports() {
        return clauses("Import-Package");
    }

    List<Path> classFiles() throws IOException {
        try (Stream<Path> files = Files.walk(classes)) {
            return files.filter(f -> f.toString().endsWith(".class")).toList();
        }
    }

    /** Package names of a header with the rest of their clause. Commas inside quotes belong to a clause. */
    private Map<String, String> clauses(String header) {
        Map<String, String> result = new LinkedHashMap<>();
        String value = manifest.getValue(header);
        if (value == null) {
            return result;
        }
        for (String clause : value.split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)")) {
            int semicolon = clause.indexOf(';');
            String name = semicolon < 0 ? clause : clause.substring(0, semicolon);
            result.put(name.strip(), semicolon < 0 ? "" : clause.substring(semicolon + 1));
        }
        return result;
    }
}
